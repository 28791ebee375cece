import { assertEquals } from "@std/assert";
import { FileMemory } from "../client/memory/file_memory.ts";
import { freePort } from "./support/torture/free_port.ts";
import { ServerProcess } from "./support/torture/server_process.ts";
import { Witness } from "./support/torture/witness.ts";
import { within } from "./support/torture/within.ts";

const MAIN = new URL("../main.ts", import.meta.url).pathname;
const BEFORE = ["one", "two", "three"];
const LOST = ["four", "five"];

/** How an old state of the data comes back. */
interface Restoring {
  readonly how: string;
  /** While the server runs, or does not. */
  readonly save: (data: string, copy: string) => Promise<void>;
  readonly restore: (data: string, copy: string) => Promise<void>;
}

const WAYS: readonly Restoring[] = [
  {
    how: "by --backup and --restore",
    save: (data, copy) => work("--data", data, "--backup", `${copy}.db`),
    restore: (data, copy) => work("--data", data, "--restore", `${copy}.db`),
  },
  {
    how: "by hand",
    save: (data, copy) => run("cp", "-a", data, copy),
    async restore(data, copy) {
      await Deno.remove(data, { recursive: true });
      await run("cp", "-a", copy, data);
    },
  },
];

for (const { how, save, restore } of WAYS) {
  Deno.test(`[F21] clients that know more than a server restored ${how} keep what they have and are told`, async () => {
    const folder = await Deno.makeTempDir();
    const data = `${folder}/data`;
    const args = ["--port", `${freePort()}`, "--data", data, "--no-limits"];
    const memory = (name: string) => FileMemory.open({ folder: `${folder}/clients`, name });
    try {
      await using first = await ServerProcess.start(...args);
      const { port } = first;
      await using ada = new Witness({ port, name: "ada", memory: await memory("ada") });
      await using bob = new Witness({ port, name: "bob", memory: await memory("bob") });
      const cyd = new Witness({ port, name: "cyd", memory: await memory("cyd") });
      await Promise.all([ada, bob, cyd].map((each) => each.told("online")));
      await cyd.chat.register("correct horse battery"); // a guest that says goodbye is forgotten
      await say(ada, "#lobby", BEFORE);
      await say(ada, "@bob", BEFORE);
      first.signal("SIGTERM");
      assertEquals(await first.ended, 0);
      await save(data, `${folder}/copy`);

      await using second = await ServerProcess.start(...args);
      await say(ada, "#lobby", LOST);
      await say(ada, "@bob", LOST);
      await Promise.all([bob, cyd].map((each) => isShown(each, "#lobby", "five")));
      await isShown(bob, "@ada", "five");
      await cyd[Symbol.asyncDispose](); // comes back as another process
      await second.kill();
      await restore(data, `${folder}/copy`);

      await using _third = await ServerProcess.start(...args);
      await using cydAgain = new Witness({ port, name: "cyd", memory: await memory("cyd") });
      await Promise.all([ada, bob, cydAgain].map((each) => wasTold(each, "#lobby")));
      await Promise.all([wasTold(ada, "@bob"), wasTold(bob, "@ada")]);
      await say(ada, "#lobby", ["six"]);
      await say(ada, "@bob", ["six"]);
      await say(bob, "#lobby", ["seven"]);
      for (const each of [ada, bob]) {
        await isShown(each, "#lobby", "seven");
        assertEquals(each.shown("#lobby"), [...BEFORE, ...LOST, "six", "seven"], each.chat.name);
      }
      await isShown(cydAgain, "#lobby", "seven");
      assertEquals(cydAgain.shown("#lobby"), ["six", "seven"]);
      await isShown(bob, "@ada", "six");
      assertEquals(bob.shown("@ada"), [...BEFORE, ...LOST, "six"]);
      assertEquals(ada.shown("@bob"), [...BEFORE, ...LOST, "six"]);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

/** Says these things, and waits until they are stored. */
async function say({ chat }: Witness, to: string, texts: readonly string[]): Promise<void> {
  for (const text of texts) chat.say(to, text);
  await within(10_000, `saying ${texts}`, chat.settled());
}

async function isShown(client: Witness, to: string, text: string): Promise<void> {
  await client.told("entry", (event) => event.to === to && event.entry.text === text);
}

/** Told that the server knows less of a conversation than this client, in one way or the other. */
async function wasTold(client: Witness, conversation: string): Promise<void> {
  await Promise.race([
    client.told("gap", ({ to }) => to === conversation),
    client.told("online", ({ log }) => log === "new"),
  ]);
}

async function work(...args: readonly string[]): Promise<void> {
  await run(Deno.execPath(), "run", "--quiet", "-A", "--no-check", MAIN, "serve", ...args);
}

async function run(program: string, ...args: readonly string[]): Promise<void> {
  const { code, stderr } = await new Deno.Command(program, { args: [...args] }).output();
  assertEquals(code, 0, `${program} ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
}
