import { assertEquals } from "@std/assert";
import { pairKey, type Query, type Store } from "../server/store/store.ts";
import { draft } from "./support/draft.ts";

type StoreTest = (what: string, test: (store: Store) => Promise<void>) => void;

const LOBBY = { within: new Map([["#lobby", 0]]), limit: 100 };

/** What of these texts, said one after the other, is found by each of these searches. */
const WORDS: readonly (readonly [searched: string, found: readonly string[]])[] = [
  ["disk", ["The disk is full", "disk-full alarm", "DISK"]],
  ["DISK Full", ["The disk is full", "disk-full alarm"]],
  ["full disk", ["The disk is full", "disk-full alarm"]],
  ['"disk full"', ["disk-full alarm"]],
  ['"disk full', ["disk-full alarm"]],
  ["“disk full”", ["disk-full alarm"]],
  ["disk-full", ["disk-full alarm"]],
  ["disk - full", ["The disk is full", "disk-full alarm"]],
  ["dis", []],
  ["cafe", ["Café", "CAFÉ au lait"]],
  ["café", ["Café", "CAFÉ au lait"]],
  ["ca\u0301fe\u0301", ["Café", "CAFÉ au lait"]],
  ["世界", ["你好世界"]],
  ["界世", []],
  ["strasse", []],
  ["STRAẞE", ["Straße"]],
  ["42", ["42 is 42"]],
  ["can't", ["I can't"]],
  ["can’t", ["I can't"]],
  ["🎉", ["🎉🎉 done"]],
  ["ａｂｃ", ["abc"]],
  ["हिन्दी", ["हिन्दी"]],
  ["…", []],
  ['""', []],
  ["", []],
  [" ", []],
  ["nothing of the kind", []],
];

/** Nothing of this is a language that the store speaks. */
const NO_SYNTAX = [
  '"',
  '"""',
  "disk OR nothing",
  "NOT disk",
  "disk AND",
  "AND",
  "NEAR(disk full)",
  "disk*",
  "^disk",
  "text:disk",
  "tag : c1",
  "{text tag} : disk",
  "-disk",
  "(disk",
  "disk)",
  "disk + full",
  "'; DROP TABLE entry; --",
  "disk\nfull",
  "\u0001disk\u007f",
  "c1",
  "u616e6e",
  "\ud83c",
  "a ".repeat(128),
  "\ufdfa".repeat(256),
];

/** What every store has to find. */
export function searchContract(storeTest: StoreTest): void {
  storeTest("words are found without regard to case and accents, phrases in their order", async (store) => {
    const texts = [...new Set([...WORDS.flatMap(([, found]) => found), "nothing else", "of a kind"])];
    await store.append(texts.map((text) => draft(text, { text })));
    for (const [text, expected] of WORDS) {
      const found = (await store.search({ ...LOBBY, text })).map((entry) => entry.text);
      assertEquals(found.toSorted(), expected.toSorted(), JSON.stringify(text));
    }
  });

  storeTest("whatever is searched for is words and nothing else", async (store) => {
    await store.append([draft("a", { text: "disk full" }), draft("b", { text: "or and not near c1" })]);
    for (const text of NO_SYNTAX) {
      for (const { text: found } of await store.search({ ...LOBBY, text })) {
        const asked = text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
        assertEquals(
          asked.filter((word) => !found.includes(word)),
          [],
          `${JSON.stringify(text)} in ${found}`,
        );
      }
    }
    assertEquals((await store.extent("#lobby")).head, 2);
  });

  storeTest(
    "the newest are found first, over all conversations, and no more than asked for",
    async (store) => {
      const pair = pairKey("ann", "ben");
      for (let n = 1; n <= 12; n++) {
        const conversation = ["#lobby", "#tea", pair][n % 3]!;
        await store.append([draft(`${n}`, { conversation, at: 5_000 - n })]); // a clock that goes back
      }
      const within = new Map([["#lobby", 0], ["#tea", 0], [pair, 0]]);
      const ids = async (query: Partial<Query>) =>
        (await store.search({ text: "text", within, limit: 100, ...query })).map(({ id }) => Number(id));
      assertEquals(await ids({}), [12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
      assertEquals(await ids({ limit: 3 }), [12, 11, 10]);
      assertEquals(await ids({ limit: 0 }), []);
      assertEquals(await ids({ within: new Map([["#tea", 0]]) }), [10, 7, 4, 1]);
    },
  );

  storeTest("only what stands where one may read is found", async (store) => {
    const pair = pairKey("ann", "ben");
    const others = pairKey("ben", "carl");
    for (const conversation of ["#lobby", "#tea", pair, others]) {
      await store.append([1, 2, 3].map((n) => draft(`${conversation} ${n}`, { conversation })));
    }
    const found = async (within: readonly (readonly [string, number])[]) =>
      (await store.search({ text: "text", within: new Map(within), limit: 100 }))
        .map(({ conversation, seq }) => `${conversation} ${seq}`);
    assertEquals(await found([]), []);
    assertEquals(await found([["#nowhere", 0], ["@ann carl", 0]]), []);
    assertEquals(await found([["#lobby", 1]]), ["#lobby 3", "#lobby 2"]);
    assertEquals(await found([["#lobby", 3], ["#tea", 2], [pair, 9]]), ["#tea 3"]);
    assertEquals(await found([["#lobby", 2], [pair, 1]]), [`${pair} 3`, `${pair} 2`, "#lobby 3"]);
  });

  storeTest("many whispers are as private as few", async (store) => {
    const names = Array.from({ length: 30 }, (_, n) => `n${n}`);
    await store.append(names.map((name) => draft(name, { conversation: pairKey("ann", name) })));
    await store.append(names.map((name) => draft(`${name} b`, { conversation: pairKey("ben", name) })));
    const within = new Map(names.map((name, n) => [pairKey("ann", name), n % 2]));
    const found = await store.search({ text: "text", within, limit: 100 });
    assertEquals(found.map(({ id }) => id), names.filter((_, n) => n % 2 === 0).toReversed());
    const both = new Map([...within, ...names.map((name) => [pairKey("ben", name), 0] as const)]);
    assertEquals((await store.search({ text: "text", within: both, limit: 100 })).length, 45);
  });

  storeTest("an author and a time narrow the search down, with words or without", async (store) => {
    const hour = 3_600_000;
    for (let n = 0; n < 12; n++) {
      const from = ["ann", "ben", "a"][n % 3]!;
      await store.append([draft(`${n}`, { from, at: n * hour, text: n % 2 ? "odd" : "even" })]);
    }
    const found = async (query: Partial<Query>) =>
      (await store.search({ ...LOBBY, ...query })).map(({ id }) => Number(id));
    assertEquals(await found({ from: "ben" }), [10, 7, 4, 1]);
    assertEquals(await found({ from: "a" }), [11, 8, 5, 2]);
    assertEquals(await found({ from: "Ben" }), []);
    assertEquals(await found({ from: "ben", text: "odd" }), [7, 1]);
    assertEquals(await found({ since: 9 * hour }), [11, 10, 9]);
    assertEquals(await found({ since: 9 * hour + 1 }), [11, 10]);
    assertEquals(await found({ since: 5 * hour, text: "odd", from: "ann" }), [9]);
    assertEquals(await found({ since: -1, limit: 2 }), [11, 10]);
    assertEquals(await found({ since: 99 * hour }), []);
  });

  storeTest("[F18] a time is found after the clock has jumped", async (store) => {
    const year = 365 * 24 * 3_600_000;
    await store.append([draft("before", { at: 5 * year })]);
    await store.append([draft("ahead", { at: 6 * year, conversation: "#tea" })]);
    await store.append([draft("back", { at: 5 * year + 1 }), draft("tea", { at: 7, conversation: "#tea" })]);
    const within = new Map([["#lobby", 0], ["#tea", 0]]);
    const found = await store.search({ since: 5 * year + 1, within, limit: 9 });
    assertEquals(found.map(({ id }) => id), ["tea", "back", "ahead"]);
  });

  storeTest("what has expired is not found", async (store) => {
    await store.append([draft("a"), draft("b", { at: 2_000 }), draft("c", { at: 3_000 })]);
    assertEquals((await store.search({ ...LOBBY, text: "text" })).length, 3);
    await store.append([draft("d", { conversation: "#tea", at: 500 })]);
    await store.expire(() => 2_500);
    const within = new Map([["#lobby", 0], ["#tea", 0]]);
    assertEquals((await store.search({ within, limit: 9, text: "text" })).map(({ id }) => id), ["c"]);
    await store.append([draft("e", { conversation: "#tea", at: 4_000 })]);
    assertEquals((await store.search({ within, limit: 9, text: "text" })).map(({ id }) => id), ["e", "c"]);
  });

  storeTest("what was stored when `append` resolved is found by whoever searches then", async (store) => {
    for (let n = 1; n <= 20; n++) {
      await store.append([draft(`${n}`, { text: `word${n}` })]);
      assertEquals((await store.search({ ...LOBBY, text: `word${n}` })).map(({ id }) => id), [`${n}`]);
    }
  });
}
