import { assert, assertEquals } from "@std/assert";
import { folderBytes } from "./support/folder_bytes.ts";
import { Keyring } from "./support/keyring.ts";
import { inMemory } from "./support/process_memory.ts";
import { Served } from "./support/served.ts";
import { temporary } from "./support/temporary.ts";

const MAIN = new URL("../main.ts", import.meta.url).pathname;
const CHAT = [Deno.execPath(), "run", "--quiet", "-A", MAIN];

Deno.test({
  name:
    "[X12] what is whispered, and the name of a file, is nowhere in the server: data, log, memory of the process",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using after = new AsyncDisposableStack();
    const folder = temporary(after);
    const server = after.use(await Served.start(CHAT, "--data", `${folder}/data`, "--no-limits"));
    const ring = after.use(await Keyring.make(server.port));
    const alice = after.use(await ring.registered("alice"));
    const bob = after.use(await ring.registered("bob"));
    // Each made up here, so that no source holds it; the one in the room shows that looking finds something.
    const [said, whispered, file] = ["open", "sealed", "filed"].map((what) =>
      `${what}-${crypto.randomUUID()}`
    );
    await Deno.writeTextFile(`${folder}/${file}.txt`, `${whispered} in a file`);
    alice.client.say("#lobby", said!);
    for (let n = 0; n < 20; n++) alice.client.say("@bob", `${whispered} number ${n}`);
    await alice.client.files!.send("@bob", `${folder}/${file}.txt`);
    await bob.next("entry", ({ entry }) => entry.text === `${whispered} number 19`);
    await bob.next("transfer", ({ transfer }) => transfer.state === "offered");
    await bob.client.files!.accept();
    await bob.next("transfer", ({ transfer }) => transfer.state === "saved");
    assertEquals(await inMemory(server.pid, [said!, whispered!, file!]), new Set([said!]));
    const { log } = await server.stop("SIGTERM");
    const kept = await folderBytes(`${folder}/data`);
    assert(kept.includes(said!), "what was said in the room is kept");
    for (const canary of [whispered!, file!]) assert(!kept.includes(canary) && !log.includes(canary), canary);
  },
});
