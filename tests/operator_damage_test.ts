import { DatabaseSync } from "node:sqlite";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { faultOfLog } from "../server/store/log_check.ts";
import { Damaged } from "../server/store/failures.ts";
import { SqliteStore } from "../server/store/store_client.ts";
import type { Stored } from "../server/store/store.ts";
import { eventually } from "./support/house.ts";
import { draft, Folder, kept, operate } from "./support/operator.ts";
import { randomFrom } from "./support/random.ts";
import { ServerProcess } from "./support/torture/server_process.ts";
import { welcomed } from "./support/wire.ts";

const FLIPS = 200;
const CUTS = 50;
const CONVERSATIONS = ["#lobby", "#ops", "@ann ben"];
/** Everything that a stopped server leaves behind. */
const FILES = ["chat.db", "chat.db-wal", "chat.db-stored"];

/** A data folder as a server leaves it that was killed: some of what it stored is in the log only. */
async function killed(folder: string, copy: string): Promise<void> {
  await using store = await SqliteStore.open({ folder });
  for (let n = 0; n < 400; n += 4) {
    await store.append([0, 1, 2, 3].map((i) => draft(n + i, { conversation: CONVERSATIONS[(n + i) % 3]! })));
    if (n === 200) writtenBack(folder);
  }
  await Deno.mkdir(copy);
  for (const file of FILES) await Deno.copyFile(`${folder}/${file}`, `${copy}/${file}`);
}

/** Another program has the data open, and closes them last: what is in the log gets into the file. */
function writtenBack(folder: string): void {
  const db = new DatabaseSync(`${folder}/chat.db`);
  db.exec("PRAGMA wal_checkpoint(RESTART)");
  db.close();
}

async function everythingIn(store: SqliteStore): Promise<Stored[]> {
  const rooms = (await store.rooms()).map((room) => `#${room}`);
  assertEquals(rooms, CONVERSATIONS.filter((each) => each.startsWith("#")));
  const all: Stored[] = [];
  for (const conversation of CONVERSATIONS) {
    const { head, floor } = await store.extent(conversation);
    const entries = await store.read(conversation, { limit: 1_000 });
    assertEquals([entries[0]?.seq, entries.at(-1)?.seq, entries.length], [floor, head, head]);
    all.push(...entries);
  }
  return all;
}

/** Opens what is in `folder` and reads it all: what is there, or why it is not given out. */
async function attempt(folder: string): Promise<Stored[] | Error> {
  try {
    await using store = await SqliteStore.open({ folder });
    return await everythingIn(store);
  } catch (error) {
    if (error instanceof Damaged) return error;
    throw error;
  }
}

async function contentsOf(folder: string): Promise<Uint8Array[]> {
  return await Promise.all(["chat.db", "chat.db-wal"].map((file) => Deno.readFile(`${folder}/${file}`)));
}

/** Does something to copies of the same data, and sees to it that nothing else is ever read than what was stored. */
async function harm(
  times: number,
  act: (folder: string, random: (below: number) => number) => Promise<void>,
  seed: number,
): Promise<{ refused: number; served: number }> {
  await using folder = await Folder.make();
  const pristine = `${folder.path}/pristine`;
  await killed(`${folder.path}/data`, pristine);
  const share = randomFrom(seed);
  const random = (below: number) => Math.floor(share() * below);
  const copied = async (name: string) => {
    const copy = `${folder.path}/${name}`;
    await Deno.mkdir(copy);
    for (const file of FILES) await Deno.copyFile(`${pristine}/${file}`, `${copy}/${file}`);
    return copy;
  };
  const truth = await attempt(await copied("truth"));
  assert(!(truth instanceof Error) && truth.length === 400);
  let refused = 0;
  for (let n = 0; n < times; n++) {
    const copy = await copied(`copy${n}`);
    await act(copy, random);
    const harmed = await contentsOf(copy);
    const found = await attempt(copy);
    if (found instanceof Error) {
      refused++;
      assertStringIncludes(found.message, `${copy}/chat.db`);
      assertEquals(await contentsOf(copy), harmed, "it is left as it was found");
    } else assertEquals(found, truth, `seed ${seed}, number ${n}`);
    await Deno.remove(copy, { recursive: true });
  }
  return { refused, served: times - refused };
}

Deno.test(`[F15] ${FLIPS} flipped bits: refused by name and left as it was, or everything is there as it was stored`, async () => {
  const { refused, served } = await harm(FLIPS, async (folder, random) => {
    const path = `${folder}/${FILES[random(2)]}`;
    const bytes = await Deno.readFile(path);
    bytes[random(bytes.length)]! ^= 1 << random(8);
    await Deno.writeFile(path, bytes);
  }, 15);
  assert(refused > FLIPS / 4 && served > 0, `${refused} refused, ${served} served`);
});

Deno.test(`[F15] ${CUTS} files cut short, or gone: nothing that was acknowledged goes missing without a word`, async () => {
  const { refused } = await harm(CUTS, async (folder, random) => {
    const path = `${folder}/${FILES[random(2)]}`;
    const { size } = await Deno.stat(path);
    await Deno.truncate(path, random(size));
  }, 16);
  assert(refused > CUTS / 2, `${refused} refused`);
});

Deno.test("[F15] the program ends with 65, and says which file it is", async () => {
  await using folder = await Folder.make();
  const [data, copy] = [`${folder.path}/data`, `${folder.path}/copy`];
  await killed(data, copy);
  await Deno.remove(`${copy}/chat.db-wal`);
  const { code, out, err } = await operate(folder.path, "--data", copy, "--port", "0");
  assertEquals([code, out], [65, ""]);
  assertStringIncludes(err, `chat serve: ${copy}/chat.db is damaged: 400 entries were stored in it once`);
});

Deno.test("[F15] damage under a server that runs: it ends with 65 before it shows what nobody said", async () => {
  await using folder = await Folder.make();
  await kept(folder.path, Array.from({ length: 2_000 }, (_, n) => draft(n)));
  await using server = await ServerProcess.start("--data", folder.path, "--port", "0");
  using ann = await welcomed(server.port, "zoe");
  const path = `${folder.path}/chat.db`;
  const bytes = await Deno.readFile(path);
  const word = new TextEncoder().encode("said and kept");
  for (let at = 0; at + word.length < bytes.length; at++) {
    if (word.every((byte, i) => bytes[at + i] === byte)) bytes[at]! ^= 0x20;
  }
  await Deno.writeFile(path, bytes);
  for (let before = 2_001; before > 1; before -= 200) {
    await ann.send({ type: "history", room: "lobby", before, limit: 200 });
  }
  for (const event of await ann.rest()) {
    if (event.type !== "history") continue;
    for (const { text = "" } of event.entries) assertStringIncludes(text, "said and kept");
  }
  assertEquals(await server.ended, 65);
  await eventually("it says why", () => server.said.includes("store_failed"));
  assertStringIncludes(server.said, `${path} is damaged`);
});

Deno.test("[F15] a log: where a power cut ends it, and where something else has", async () => {
  await using folder = await Folder.make();
  await killed(`${folder.path}/data`, `${folder.path}/copy`);
  const log = await Deno.readFile(`${folder.path}/copy/chat.db-wal`);
  assertEquals(faultOfLog(log), undefined);
  assertEquals(faultOfLog(new Uint8Array()), undefined);
  const page = new DataView(log.buffer).getUint32(8);
  const frame = 24 + page;
  const torn = (from: number, bytes: number) => {
    const copy = log.slice();
    for (let at = from; at < from + bytes; at++) copy[at]! ^= 0xff;
    return faultOfLog(copy);
  };
  assertEquals(torn(log.length - page, page), undefined, "the end of the last transaction");
  assertEquals(faultOfLog(log.slice(0, log.length - 100)), undefined, "the last frame is not whole");
  assertEquals(torn(32 + frame + 500, 1), "what was written in the middle of it has changed");
  assertEquals(torn(32 + 8, 8), "what was written in the middle of it has changed", "the salts of a frame");
  assertEquals(torn(16, 4), "its first bytes are not what was written");
});
