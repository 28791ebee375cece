import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import type { Draft } from "../client/client_event.ts";
import { FileMemory } from "../client/memory/file_memory.ts";
import type { Memory } from "../client/memory/memory.ts";
import { stateFolder } from "../client/memory/state_folder.ts";
import { Pocket } from "./support/pocket.ts";

const LOG = "log-of-the-test-0";
const guest = { session: "session-of-a-guest", log: LOG, account: false };
const member = { session: "token-of-a-device", log: LOG, account: true, serverKey: "key" };

async function open(pocket: Pocket, name = "alice"): Promise<Memory> {
  return await FileMemory.open({ folder: pocket.folder, name });
}

function draft(n: number, text = `text ${n}`): Draft {
  return { id: `d-${n}`, to: "#lobby", text };
}

/** What is left when a process dies: its files, held by nobody. */
async function killed(pocket: Pocket, act: (memory: Memory) => Promise<void>): Promise<void> {
  await using elsewhere = await Pocket.make();
  await copy(pocket.folder, elsewhere.folder);
  const memory = await open(elsewhere);
  await act(memory);
  await Deno.remove(pocket.folder, { recursive: true });
  await copy(elsewhere.folder, pocket.folder);
  await memory[Symbol.asyncDispose]();
}

async function copy(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) await copy(`${from}/${name}`, `${to}/${name}`);
    else await Deno.copyFile(`${from}/${name}`, `${to}/${name}`);
  }
}

async function journal(pocket: Pocket): Promise<string> {
  const [path] = [...(await pocket.files("alice")).keys()].filter((name) => name.startsWith("outbox-"));
  return `${pocket.folder}/alice/${path}`;
}

Deno.test("[F11] what was kept and has no outcome is there after a kill, in order; what has one is not", async () => {
  await using pocket = await Pocket.make();
  await killed(pocket, async (memory) => {
    await memory.signedIn(guest);
    await Promise.all([1, 2, 3, 4].map((n) => memory.keep(draft(n))));
    memory.done("d-2");
  });
  await killed(pocket, async (memory) => {
    assertEquals(memory.remembered.drafts.map(({ id }) => id), ["d-1", "d-3", "d-4"]);
    assertEquals([memory.remembered.session, memory.remembered.log], [guest.session, LOG]);
    await memory.keep(draft(5));
    memory.done("d-3");
  });
  await using last = await open(pocket);
  assertEquals(last.remembered.drafts, [draft(1), draft(4), draft(5)]);
  for (const { id } of last.remembered.drafts) last.done(id);
});

Deno.test("[F11] what was shown and read holds from the moment it is said, also when a process is killed", async () => {
  await using pocket = await Pocket.make();
  await killed(pocket, async (memory) => {
    await memory.signedIn(member);
    memory.seen("#lobby", 7);
    memory.seen("#lobby", 9);
    memory.seen("#lobby", 8);
    memory.seen("@bob", 0);
    memory.seen("#ops", 3);
    memory.read("#lobby", 6);
    memory.forget("#ops");
  });
  {
    await using second = await open(pocket);
    assertEquals([...second.remembered.cursors], [["#lobby", 9], ["@bob", 0]]);
    assertEquals([...second.remembered.read], [["#lobby", 6]]);
    second.forget("@bob");
    second.seen("#lobby", 10);
  }
  await using third = await open(pocket);
  assertEquals([...third.remembered.cursors], [["#lobby", 10]]);
  assertEquals(
    (await pocket.files("alice")).keys().filter((name) => name.startsWith("outbox-")).toArray().length,
    1,
  );
});

Deno.test("[F21] places in other logs mean nothing", async () => {
  await using pocket = await Pocket.make();
  for (const log of [LOG, "log-of-the-test-1"]) {
    await killed(pocket, async (memory) => {
      await memory.signedIn({ ...member, log });
      memory.seen("#lobby", log === LOG ? 100 : 1);
      await memory.keep(draft(1));
    });
  }
  await using last = await open(pocket);
  assertEquals([...last.remembered.cursors], [["#lobby", 1]]);
  assertEquals(last.remembered.drafts.length, 1);
  assertEquals(last.remembered.log, "log-of-the-test-1");
});

Deno.test("several processes of one account: each keeps its own, and leaves alone what belongs to one that lives", async () => {
  await using pocket = await Pocket.make();
  await using first = await open(pocket);
  await first.signedIn(member);
  await first.keep(draft(1));
  first.seen("#lobby", 5);
  await using second = await open(pocket);
  assertEquals(second.remembered.drafts, []);
  assertEquals([second.remembered.session, second.remembered.account], [member.session, true]);
  assertEquals([...second.remembered.cursors], [["#lobby", 5]]);
  await second.keep(draft(2));
  assertEquals(first.remembered.drafts, []);
});

Deno.test("the session of a guest who is there is not shown a second time", async () => {
  await using pocket = await Pocket.make();
  {
    await using first = await open(pocket);
    await first.signedIn(guest);
    await using second = await open(pocket);
    assertEquals(second.remembered.session, undefined);
  }
  await using third = await open(pocket);
  assertEquals(third.remembered.session, guest.session);
});

Deno.test("[F11] a line that was cut short, and one that is damaged, cost nothing but themselves", async () => {
  await using pocket = await Pocket.make();
  await killed(pocket, async (memory) => {
    await memory.signedIn(guest);
    for (const n of [1, 2, 3]) await memory.keep(draft(n));
  });
  const path = await journal(pocket);
  const lines = (await Deno.readTextFile(path)).split("\n");
  const at = lines.findIndex((line) => line.includes("d-2"));
  const torn = [...lines.slice(0, at), "\u0000\u0000{]", ...lines.slice(at + 1, -1)].join("\n");
  await Deno.writeTextFile(path, `${torn}\n{"keep":{"id":"d-4","to":"#lob`);
  await using memory = await open(pocket);
  assertEquals(memory.remembered.drafts.map(({ id }) => id), ["d-1", "d-3"]);
});

Deno.test("files that are damaged are as if they were not there", async () => {
  await using pocket = await Pocket.make();
  await killed(pocket, async (memory) => {
    await memory.signedIn(member);
    await memory.keep(draft(1));
  });
  for (const name of ["device.json", "cursors.json"]) {
    for (const text of ["", "{", `{"session":5}`, `{"cursors":{"#lobby":-1},"read":[]}`]) {
      await Deno.writeTextFile(`${pocket.folder}/alice/${name}`, text);
      await killed(pocket, (memory) => {
        assertEquals(memory.remembered.drafts, [draft(1)]);
        assertEquals(memory.remembered.session, member.session, "the journal knows it");
        return Promise.resolve();
      });
    }
  }
});

Deno.test("a journal stays short, and what matters stays in it", async () => {
  await using pocket = await Pocket.make();
  await killed(pocket, async (memory) => {
    await memory.signedIn(member);
    await memory.keep(draft(0));
    const kept: Promise<void>[] = [];
    for (let n = 1; n <= 10_000; n++) {
      kept.push(memory.keep(draft(n)));
      memory.seen("#lobby", n);
      memory.done(`d-${n}`);
    }
    await Promise.all(kept);
    await memory.keep(draft(10_001));
  });
  assert((await Deno.stat(await journal(pocket))).size < 500_000);
  await using memory = await open(pocket);
  assertEquals(memory.remembered.drafts, [draft(0), draft(10_001)]);
  assertEquals(memory.remembered.cursors.get("#lobby"), 10_000);
  assertEquals([memory.remembered.session, memory.remembered.serverKey], [member.session, "key"]);
});

Deno.test("[D10] nobody else can read what is kept", async () => {
  await using pocket = await Pocket.make();
  const folder = `${pocket.folder}/state/chat/host_5555`;
  await using memory = await FileMemory.open({ folder, name: "alice" });
  await memory.signedIn(member);
  await memory.keep(draft(1));
  let files = 0;
  for await (const { name } of Deno.readDir(`${folder}/alice`)) {
    files++;
    assertEquals((await Deno.stat(`${folder}/alice/${name}`)).mode! & 0o777, 0o600, name);
  }
  assert(files >= 3);
  for (const path of [`${folder}/alice`, folder, `${pocket.folder}/state`]) {
    assertEquals((await Deno.stat(path)).mode! & 0o777, 0o700, path);
  }
});

Deno.test("[F12] where nothing can be written, what is there is read, and a draft is not kept", async () => {
  await using pocket = await Pocket.make();
  const blocked = `${pocket.folder}/file`;
  await Deno.writeTextFile(blocked, "");
  await using memory = await FileMemory.open({ folder: blocked, name: "alice" });
  assertEquals(memory.remembered.drafts, []);
  const error = await assertRejects(() => memory.keep(draft(1)));
  assertStringIncludes(error.message, blocked);
  memory.seen("#lobby", 1);
  await memory.signedIn(guest);
});

Deno.test("another name has another memory, and what was said under the old one stays with it", async () => {
  await using pocket = await Pocket.make();
  const alice = await open(pocket);
  await alice.signedIn(guest);
  await alice.keep(draft(1));
  await using bob = await alice.renamed("Bob");
  assertEquals([bob.remembered.drafts, bob.remembered.session], [[], undefined]);
  await bob.keep(draft(2));
  await using back = await open(pocket);
  assertEquals(back.remembered.drafts, [draft(1)]);
  assertEquals([...(await pocket.files("bob")).values()].filter((text) => text.includes("d-2")).length, 1);
});

Deno.test("a folder is named by the server, wherever the environment says that state is kept", () => {
  const env = (known: Record<string, string>) => (name: string) => known[name];
  const address = { host: "Chat.example.org", port: 5555 };
  assertEquals(
    stateFolder(env({ XDG_STATE_HOME: "/s", HOME: "/h" }), address),
    "/s/chat/chat.example.org_5555",
  );
  assertEquals(stateFolder(env({ HOME: "/h" }), { host: "::1", port: 1 }), "/h/.local/state/chat/%3A%3A1_1");
  assertEquals(stateFolder(env({}), address), undefined);
});

Deno.test("a name that nobody can have never becomes a path", async () => {
  await using pocket = await Pocket.make();
  await using memory = await FileMemory.open({ folder: pocket.folder, name: "../../etc" });
  await assertRejects(() => memory.keep(draft(1)));
  assertEquals(await Array.fromAsync(Deno.readDir(pocket.folder)), []);
});
