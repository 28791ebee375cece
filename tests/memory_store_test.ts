import { assertEquals, assertNotEquals } from "@std/assert";
import { MemoryStore } from "../server/store/memory.ts";
import { pairKey } from "../server/store/store.ts";
import { randomFrom } from "./support/random.ts";
import { SlowStore } from "./support/slow_store.ts";
import { peopleStoreContract } from "./people_store_contract.ts";
import { storeContract } from "./store_contract.ts";
import { draft } from "./support/draft.ts";

storeContract("memory", () => new MemoryStore());
storeContract("memory with hesitation", () => new SlowStore(randomFrom(1)));
peopleStoreContract("memory", () => new MemoryStore());

Deno.test("memory: another one is another incarnation", () => {
  assertNotEquals(new MemoryStore().incarnation, new MemoryStore().incarnation);
});

Deno.test("memory: of each conversation the last entries are kept, and the floor says which", async () => {
  await using store = new MemoryStore({ keep: 3 });
  for (let n = 1; n <= 8; n++) {
    await store.append([draft(`${n}`)]);
    assertEquals(await store.extent("#lobby"), { head: n, floor: Math.max(1, n - 2) });
  }
  await store.append([draft("other", { conversation: "#tea" })]);
  assertEquals((await store.read("#lobby", { limit: 10 })).map(({ seq, id }) => [seq, id]), [[6, "6"], [
    7,
    "7",
  ], [8, "8"]]);
  assertEquals((await store.read("#lobby", { after: 2, limit: 2 })).map(({ seq }) => seq), [6, 7]);
  assertEquals((await store.read("#lobby", { before: 8, limit: 9, last: true })).map(({ seq }) => seq), [
    6,
    7,
  ]);
  assertEquals(await store.read("#lobby", { before: 6, limit: 9 }), []);
  assertEquals(await store.extent("#tea"), { head: 1, floor: 1 });
});

Deno.test("[M3] memory: an id is known as long as its entry is kept, and not longer", async () => {
  await using store = new MemoryStore({ keep: 3 });
  await store.append([draft("a"), draft("b"), draft("c")]);
  assertEquals((await store.append([draft("a")])).map(({ duplicate }) => duplicate), [true]);
  await store.append([draft("d")]);
  const [again] = await store.append([draft("a")]);
  assertEquals([again?.duplicate, again?.entry?.seq], [false, 5]);
  const batch = await store.append([draft("e"), draft("f"), draft("g"), draft("e")]);
  assertEquals(batch.map(({ duplicate }) => duplicate), [false, false, false, true]);
});

Deno.test("memory: times do not go back either when the entries before are gone", async () => {
  await using store = new MemoryStore({ keep: 1 });
  await store.append([draft("a", { at: 9_000 })]);
  const [next] = await store.append([draft("b", { at: 1 })]);
  assertEquals(next?.entry?.at, 9_000);
});

Deno.test("memory: what is disposed of is gone", async () => {
  const store = new MemoryStore();
  await store.append([draft("a")]);
  await store[Symbol.asyncDispose]();
  assertEquals(await store.extent("#lobby"), { head: 0, floor: 0 });
});

Deno.test("memory: 10,000 entries are kept", async () => {
  await using store = new MemoryStore();
  await store.append(Array.from({ length: 10_010 }, (_, n) => draft(`${n}`)));
  assertEquals(await store.extent("#lobby"), { head: 10_010, floor: 11 });
});

Deno.test("[P1] the conversation of two is the same whoever asks, and nobody else's", () => {
  assertEquals(pairKey("ann", "ben"), pairKey("ben", "ann"));
  const names = ["a", "b", "ab", "é", "z", "10", "9"];
  const keys = names.flatMap((one, i) => names.slice(i).map((other) => pairKey(one, other)));
  assertEquals(new Set(keys).size, keys.length);
});
