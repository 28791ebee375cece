/**
 * `deno run -A tests/bench/store.ts [messages]`: the store alone, on a new folder with a million messages. README.md beside
 * this file says how to read it.
 */
import { pairKey, type Query, type Stored } from "../../server/store/store.ts";
import { SqliteStore } from "../../server/store/store_client.ts";
import { draft } from "../support/draft.ts";
import { randomFrom } from "../support/random.ts";

const MANY = Number(Deno.args[0] ?? 1_000_000);
const BATCH = 1_000;
const DAY = 24 * 3_600_000;
const BEGAN = Date.UTC(2026, 0, 1);
const ROOMS = 200;
const NAMES = 1_000;
const VOCABULARY = 30_000;

const random = randomFrom(1);

function say(what: string, value: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${what.padEnd(64)}${value}\n`));
}

async function timed<T>(act: () => Promise<T>): Promise<[ms: number, result: T]> {
  const began = performance.now();
  const result = await act();
  return [performance.now() - began, result];
}

/** Words as they come in languages: few of them often, most of them seldom. */
function word(): string {
  return `w${Math.floor(VOCABULARY ** random())}`;
}

function message(n: number) {
  const from = n % 50_000 === 7 ? "rare" : `user${Math.floor(NAMES * random() ** 2)}`;
  const conversation = n % 4 === 0
    ? pairKey("user0", `user${1 + Math.floor((NAMES - 1) * random())}`)
    : `#room${Math.floor(ROOMS * random() ** 3)}`;
  const words = Array.from({ length: 5 + Math.floor(15 * random()) }, word).join(" ");
  const text = `the ${words}${n % 100_000 === 5 ? " disk full" : ""}`;
  return draft(`m${n}`, {
    conversation,
    from,
    sender: from,
    text,
    at: BEGAN + Math.floor((n / MANY) * 365 * DAY),
  });
}

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)]!;
}

function rss(): string {
  return `${Math.round(Deno.memoryUsage().rss / 2 ** 20)} MiB`;
}

const folder = await Deno.makeTempDir();
const rooms = Array.from({ length: ROOMS }, (_, n) => [`#room${n}`, 0] as const);
const pairs = Array.from({ length: NAMES - 1 }, (_, n) => [pairKey("user0", `user${n + 1}`), n % 3] as const);
const SCOPES: Readonly<Record<string, readonly (readonly [string, number])[]>> = {
  "one room": [["#room100", 0]],
  "20 rooms": rooms.slice(0, 20),
  "20 rooms, 999 pairs": [...rooms.slice(0, 20), ...pairs],
  "all": [...rooms, ...pairs],
};
const QUERIES: Readonly<Record<string, Omit<Query, "within" | "limit">>> = {
  "a rare phrase": { text: '"disk full"' },
  "a common word": { text: "the" },
  "a common word of a rare author": { text: "the", from: "rare" },
  "a common word of a common author": { text: "the", from: "user0" },
  "a common word since a day": { text: "the", since: BEGAN + 364 * DAY },
  "two common words since half a year": { text: "w1 w2", since: BEGAN + 182 * DAY },
  "a seldom word since a day": { text: "w29000", since: BEGAN + 364 * DAY },
  "a rare author": { from: "rare" },
  "no such word": { text: "nothing-of-that-kind" },
  "a common word and no such word": { text: "the nothing" },
};

try {
  {
    await using store = await SqliteStore.open({ folder });
    const [ms] = await timed(async () => {
      const flying = new Set<Promise<unknown>>();
      for (let n = 0; n < MANY; n += BATCH) {
        const appended = store.append(
          Array.from({ length: Math.min(BATCH, MANY - n) }, (_, i) => message(n + i)),
        );
        flying.add(appended);
        appended.then(() => flying.delete(appended));
        if (flying.size >= 8) await Promise.race(flying);
      }
      await Promise.all(flying);
    });
    say(`${MANY} messages in batches of ${BATCH}`, `${Math.round(MANY / ms * 1_000)} /s, ${rss()}`);
    const [catchUp] = await timed(() => store.search({ text: "x", within: new Map(rooms), limit: 1 }));
    say("then the first search, which waits for the index", `${(catchUp / 1_000).toFixed(1)} s`);
    const times: number[] = [];
    for (let n = 0; n < 1_000; n++) times.push((await timed(() => store.append([message(MANY + n)])))[0]);
    say("one message alone, p50", `${median(times).toFixed(2)} ms`);
    const [close] = await timed(() => store[Symbol.asyncDispose]());
    say("closing", `${close.toFixed(0)} ms`);
  }
  const [opening, store] = await timed(() => SqliteStore.open({ folder }));
  await using _ = store;
  say("opening", `${opening.toFixed(0)} ms, ${rss()}`);
  const file = await Deno.stat(`${folder}/chat.db`);
  say("the file", `${Math.round(file.size / 2 ** 20)} MiB`);
  for (const [what, query] of Object.entries(QUERIES)) {
    for (const [where, within] of Object.entries(SCOPES)) {
      const times: number[] = [];
      let found: readonly Stored[] = [];
      for (let n = 0; n < 5; n++) {
        const [ms, result] = await timed(() =>
          store.search({ ...query, within: new Map(within), limit: 50 })
        );
        times.push(ms);
        found = result;
      }
      const first = `first ${times[0]!.toFixed(1)} ms, then ${median(times.slice(1)).toFixed(1)} ms`;
      say(`${what}, ${where}: ${found.length} found`, first);
    }
  }
  say("memory at the end", rss());
} finally {
  await Deno.remove(folder, { recursive: true });
}
