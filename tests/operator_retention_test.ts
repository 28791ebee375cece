import { assert, assertEquals } from "@std/assert";
import { readRetain } from "../server/operator/retain_spec.ts";
import { Expiry, keptSince, steadyTime } from "../server/retention.ts";
import { serve } from "../server/serve.ts";
import { NO_LIMITS } from "../server/limits.ts";
import { MemoryStore } from "../server/store/memory.ts";
import { SqliteStore } from "../server/store/store_client.ts";
import type { Store } from "../server/store/store.ts";
import { draft, Folder } from "./support/operator.ts";
import { welcomed } from "./support/wire.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;
const START = Date.UTC(2026, 5, 1);

/** Two clocks: one that only goes forward, and one that somebody sets. */
class Clocks {
  now = 5_000;
  time = START;
  readonly clock = () => this.now;
  readonly wall = () => this.time;

  pass(ms: number): void {
    this.now += ms;
    this.time += ms;
  }
}

async function floors(store: Store): Promise<number[]> {
  return await Promise.all(["#lobby", "#ops"].map(async (room) => (await store.extent(room)).floor));
}

Deno.test("--retain: each room as it was told, whispers not at all", async () => {
  await using folder = await Folder.make();
  const whispers = "@ann ben";
  for (const store of [new MemoryStore(), await SqliteStore.open({ folder: folder.path })]) {
    await using _store = store;
    const clocks = new Clocks();
    for (let day = 0; day < 20; day++) {
      for (const conversation of ["#lobby", "#ops", "#log", whispers]) {
        const at = START - (20 - day) * DAY;
        await store.append([draft(0, { conversation, id: `${conversation.slice(1, 4)}${day}`, at })]);
      }
    }
    const expiry = new Expiry(store, readRetain("10d,#ops=5d,#log=forever"), clocks);
    await expiry.due();
    assertEquals(await floors(store), [11, 16]);
    assertEquals([(await store.extent("#log")).floor, (await store.extent(whispers)).floor], [1, 1]);
    clocks.pass(DAY);
    await expiry.due();
    assertEquals(await floors(store), [12, 17]);
  }
});

Deno.test("--retain: looked at now and then, and never twice at once", async () => {
  const clocks = new Clocks();
  let begun = 0;
  const over: (() => void)[] = [];
  const store = {
    expire: () => {
      begun++;
      return new Promise<void>((resolve) => over.push(resolve));
    },
  } as Partial<Store> as Store;
  const expiry = new Expiry(store, readRetain("1d"), { ...clocks, clock: clocks.clock, wall: clocks.wall });
  const first = expiry.due();
  clocks.pass(HOUR);
  const second = expiry.due();
  assertEquals(begun, 1);
  over.pop()!();
  await Promise.all([first, second]);
  await Promise.all([expiry.due(), over.pop()?.()]);
  assertEquals(begun, 2);
  clocks.pass(1_000);
  await expiry.due();
  assertEquals(begun, 2);
  const nothing = new Expiry(store, readRetain("forever,#ops=forever"), clocks);
  await nothing.due();
  assertEquals(begun, 2);
});

Deno.test("[F18] the time by which messages expire never runs ahead, however the clock on the wall jumps", () => {
  const clocks = new Clocks();
  const time = steadyTime(clocks);
  assertEquals(time(), START);
  for (const jump of [YEAR, -HOUR, 3 * YEAR, -5 * YEAR, 1_000, 10 * YEAR]) {
    const passed = clocks.now - 5_000;
    clocks.time += jump;
    assert(time() <= START + passed, `after ${jump}`);
    assert(time() <= clocks.time, "what is said now has this time, and is not old");
    clocks.pass(DAY);
    assert(time() <= START + passed + DAY);
  }
  const cut = keptSince(readRetain("30d,#log=forever"), START);
  assertEquals([cut("lobby"), cut("log")], [START - 30 * DAY, undefined]);
});

Deno.test("[F18] a clock that jumps: nothing expires early, and the times of a room never go back", async () => {
  const clocks = new Clocks();
  const store = new MemoryStore();
  const expiry = new Expiry(store, readRetain("30d"), clocks);
  await using server = await serve({ store, wall: clocks.wall, limits: NO_LIMITS, workers: 1 });
  using ada = await welcomed(server.port, "ada");
  const times: string[] = [];
  for (const [n, jump] of [0, YEAR, -2 * YEAR, YEAR, -HOUR, 10 * DAY].entries()) {
    clocks.time += jump;
    await ada.send({ type: "message", room: "lobby", id: `n${n}`, text: "hi" });
    times.push((await ada.until("message")).at);
    clocks.now += 10 * 60_000; // it is time to look
    await expiry.due();
    assertEquals((await store.extent("#lobby")).floor, 1, `after a jump of ${jump / HOUR} h`);
  }
  assertEquals(times, times.toSorted());
  assertEquals(new Date(times.at(-1)!).getTime(), START + YEAR);
  clocks.time = START + YEAR + 31 * DAY;
  clocks.now += YEAR + 31 * DAY;
  await expiry.due();
  assertEquals((await store.extent("#lobby")).floor, 7, "what is old enough goes");
});

Deno.test("[F22] somebody pages back while what is old expires: no hole, and it is said where the rest went", async () => {
  await using folder = await Folder.make();
  const store = await SqliteStore.open({ folder: folder.path });
  const count = 3_000;
  const drafts = Array.from({ length: count }, (_, n) => draft(n, { at: START + n }));
  await store.append(drafts);
  await using server = await serve({ store, limits: NO_LIMITS, workers: 1 });
  using ada = await welcomed(server.port, "ada", { resume: { lobby: count } });
  let before = count + 1;
  let cut = 0;
  let purging = Promise.resolve();
  let pages = 0;
  for (let more = true; more; pages++) {
    purging = purging.then(() => store.expire(() => START + (cut += 150)));
    await ada.send({ type: "history", room: "lobby", before, limit: 100 });
    const page = await ada.until("history");
    const seqs = page.entries.map(({ seq }) => seq);
    const first = seqs[0] ?? before;
    assertEquals(
      seqs,
      Array.from({ length: before - first }, (_, i) => first + i),
      "no hole within or between pages",
    );
    more = page.more;
    if (more) assertEquals(page.expired, undefined);
    else assert(page.expired! >= first - 1, `the end at ${first} is explained: ${page.expired}`);
    before = first;
  }
  await purging;
  assert(pages > 5 && before > 100, `${pages} pages, down to ${before}`);
  const { floor, head } = await store.extent("#lobby");
  assertEquals([floor, head], [cut + 1, count]);
});
