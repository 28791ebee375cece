import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { MemoryStore } from "../server/store/memory.ts";
import { pairKey, type Query, type Stored } from "../server/store/store.ts";
import { SqliteStore } from "../server/store/store_client.ts";
import { draft } from "./support/draft.ts";
import { temporary } from "./support/temporary.ts";

const HOUR = 3_600_000;
const NAMES = ["ann", "ben", "carl", "émile", "a.b"];
const CONVERSATIONS = [
  "#lobby",
  "#tea",
  ...NAMES.flatMap((a, i) => NAMES.slice(i).map((b) => pairKey(a, b))),
];
/** Words that are easily mistaken for one another, or for the index's own. */
const WORDS = [
  "disk",
  "Disk",
  "dísk",
  "disks",
  "full",
  "is",
  "世界",
  "世",
  "🎉",
  "c1",
  "u616e6e",
  "or",
  "not",
  "'",
  "-",
  "text",
];

const text = fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 6 })
  .chain((words) => fc.constantFrom(" ", "-", "… ", "").map((gap) => words.join(gap)));
const message = fc.record({
  conversation: fc.constantFrom(...CONVERSATIONS),
  from: fc.constantFrom(...NAMES),
  text,
  at: fc.integer({ min: 0, max: 60 * HOUR }),
});
const searched = fc.oneof(
  text,
  text.map((words) => `"${words}"`),
  fc.tuple(text, text).map(([one, other]) => `${one} "${other}`),
  fc.string({ maxLength: 8 }),
);
const query = fc.record({
  text: fc.option(searched, { nil: undefined }),
  from: fc.option(fc.constantFrom(...NAMES), { nil: undefined }),
  since: fc.option(fc.integer({ min: 0, max: 60 * HOUR }), { nil: undefined }),
  within: fc.uniqueArray(fc.tuple(fc.constantFrom(...CONVERSATIONS, "#nowhere"), fc.nat({ max: 5 })), {
    selector: ([key]) => key,
  }).map((pairs) => new Map(pairs)),
  limit: fc.nat({ max: 30 }),
});

/** What a text is to whoever searches; written another way than the store's. */
function plain(of: string): string {
  const bare = of.normalize("NFKD").replaceAll(/[\u0300-\u036f]/g, "").toLowerCase();
  const signs = bare.replaceAll(/[\p{sc=Han}\p{Extended_Pictographic}]/gu, " $& ");
  return ` ${signs.replaceAll(/[^\p{L}\p{N}\p{M}\p{Co}\p{Extended_Pictographic}]+/gu, " ").trim()} `;
}

/** Looks at one entry after the other. */
function naive(entries: readonly Stored[], { text, from, since = 0, within, limit }: Query): Stored[] {
  const phrases = text === undefined
    ? undefined
    : (text.replaceAll(/[“”„]/g, '"').match(/"[^"]*"?|[^\s"]+/g) ?? []).map(plain).filter((each) =>
      each.trim() !== ""
    );
  if (phrases?.length === 0) return [];
  return entries.filter((entry) =>
    entry.seq > (within.get(entry.conversation) ?? Infinity) && entry.at >= since &&
    (from === undefined || entry.from === from) &&
    (phrases ?? []).every((phrase) => plain(entry.text).includes(phrase))
  ).toReversed().slice(0, limit);
}

function defined({ text, from, since, within, limit }: {
  readonly [K in keyof Query]: Query[K] | undefined;
}): Query {
  return {
    ...text === undefined ? {} : { text },
    ...from === undefined ? {} : { from },
    ...since === undefined ? {} : { since },
    within: within!,
    limit: limit!,
  };
}

Deno.test("a search finds what looking at every entry finds, whatever is stored, expired and asked", async () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  await using after = new AsyncDisposableStack();
  await using store = await SqliteStore.open({ folder: temporary(after) });
  await using memory = new MemoryStore();
  const entries: Stored[] = [];
  let last = 0;
  let found = 0;
  let searches = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(message, { maxLength: 30 }),
      fc.option(fc.integer({ min: 0, max: 20 * HOUR }), { nil: undefined, freq: 15 }),
      fc.array(query, { minLength: 1, maxLength: 10 }),
      async (messages, before, queries) => {
        const drafts = messages.map((each) => draft(`m${++last}`, each));
        await memory.append(drafts);
        for (const { entry } of await store.append(drafts)) entries.push(entry!);
        if (before !== undefined) {
          await store.expire(() => before);
          await memory.expire(() => before);
          const gone = new Set<Stored>();
          for (const room of ["#lobby", "#tea"]) {
            const { floor } = await store.extent(room);
            for (const each of entries) if (each.conversation === room && each.seq < floor) gone.add(each);
          }
          entries.splice(0, entries.length, ...entries.filter((each) => !gone.has(each)));
        }
        for (const each of queries.map(defined)) {
          const expected = naive(entries, each);
          assertEquals((await store.search(each)).map(plainEntry), expected.map(plainEntry));
          assertEquals((await memory.search(each)).map(plainEntry), expected.map(plainEntry));
          found += expected.length;
          searches++;
        }
      },
    ),
    { seed, numRuns: 150, endOnFailure: true },
  );
  if (found < searches / 4) throw new Error(`only ${found} found in ${searches} searches (seed ${seed})`);
});

function plainEntry(entry: Stored): Stored {
  return { ...entry };
}
