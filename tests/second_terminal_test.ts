import { assertEquals } from "@std/assert";
import { tcp } from "../client/transport.ts";
import { FileMemory } from "../client/memory/file_memory.ts";
import { FaultProxy } from "./support/proxy.ts";
import { freePort } from "./support/torture/free_port.ts";
import { ServerProcess } from "./support/torture/server_process.ts";
import { Witness } from "./support/torture/witness.ts";

const PASSWORD = "correct horse battery";

Deno.test("a terminal that was cut off gets the whispers of somebody new that another terminal has taken", async () => {
  const folder = await Deno.makeTempDir();
  const memory = (terminal: string) => FileMemory.open({ folder: `${folder}/${terminal}`, name: "ada" });
  try {
    const port = freePort();
    const args = ["--port", `${port}`, "--data", `${folder}/data`, "--no-limits"];
    await using before = await ServerProcess.start(...args);
    await using proxy = new FaultProxy(port);
    await using one = new Witness({ port, name: "ada", memory: await memory("one") });
    await one.told("online");
    await one.chat.register(PASSWORD);
    await using bob = new Witness({ port, name: "bob" });
    await bob.told("online");
    bob.chat.say("@ada", "before");
    await one.told("entry");

    const dial = () => tcp("127.0.0.1", proxy.port);
    await using two = new Witness({ port, name: "ada", memory: await memory("two"), dial });
    await two.told("passwordWanted");
    two.chat.signIn(PASSWORD);
    await two.told("online");
    proxy.refuse();
    await two.told("offline");
    await using cyd = new Witness({ port, name: "cyd" });
    await cyd.told("online");
    for (const text of ["first", "second"]) cyd.chat.say("@ada", text);
    bob.chat.say("@ada", "meanwhile");
    await one.told("entry", ({ entry }) => entry.text === "second");
    await one.told("entry", ({ entry }) => entry.text === "meanwhile");
    before.signal("SIGTERM"); // what the account has taken is written down
    assertEquals(await before.ended, 0);
    await using _after = await ServerProcess.start(...args);
    proxy.pass();
    await two.told("entry", ({ entry }) => entry.text === "meanwhile");
    cyd.chat.say("@ada", "third");
    await cyd.chat.settled();
    await two.told("entry", ({ entry }) => entry.text === "third");

    assertEquals(two.shown("@cyd"), ["first", "second", "third"]);
    assertEquals(two.shown("@bob"), ["meanwhile"]); // what was before its time is history
    assertEquals(two.events.filter(({ kind }) => kind === "gap"), []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
