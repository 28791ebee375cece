import { assert, assertEquals } from "@std/assert";
import { pairKey, type Range, type Store } from "../server/store/store.ts";
import { searchContract } from "./search_contract.ts";
import { draft } from "./support/draft.ts";

/** What every store has to do; `open` makes an empty one, and leaves to `after` what is to be removed after it. */
export function storeContract(
  name: string,
  open: (after: AsyncDisposableStack) => Store | Promise<Store>,
): void {
  function storeTest(what: string, test: (store: Store) => Promise<void>): void {
    Deno.test(`${name}: ${what}`, async () => {
      await using after = new AsyncDisposableStack();
      const store = after.use(await open(after));
      await test(store);
    });
  }

  storeTest("its incarnation is a token", (store) => {
    assert(/^[A-Za-z0-9_-]{16,64}$/.test(store.incarnation));
    return Promise.resolve();
  });

  storeTest(
    "[L1] entries are stored in their order, with seqs 1, 2, 3 … in each conversation",
    async (store) => {
      const first = await store.append([draft("a"), draft("b", { conversation: "#tea" }), draft("c")]);
      const second = await store.append([draft("d", { conversation: "#tea" }), draft("e")]);
      assertEquals(
        [...first, ...second].map(({ entry, duplicate }) =>
          [entry?.conversation, entry?.seq, entry?.id, duplicate] as const
        ),
        [
          ["#lobby", 1, "a", false],
          ["#tea", 1, "b", false],
          ["#lobby", 2, "c", false],
          ["#tea", 2, "d", false],
          ["#lobby", 3, "e", false],
        ],
      );
    },
  );

  storeTest("what is read is what was appended, to the last character", async (store) => {
    const conversation = pairKey("ben", "émile");
    const texts = [
      "hi",
      " ",
      "naïve 𝕥𝕖𝕩𝕥 👩‍👩‍👧",
      "\n\t\r\x1b[31m",
      "'; DROP TABLE entries; --",
      "\u202e",
      "x".repeat(8_000),
    ];
    const drafts = texts.map((text, n) =>
      draft(`id-${n}`, { conversation, from: "émile", sender: "émile 1", text })
    );
    const appended = await store.append(drafts);
    const expected = drafts.map((each, n) => ({ ...each, seq: n + 1 }));
    assertEquals(appended.map(({ entry }) => ({ ...entry })), expected);
    assertEquals((await store.read(conversation, { limit: 100 })).map((entry) => ({ ...entry })), expected);
  });

  storeTest("an empty batch stores nothing", async (store) => {
    assertEquals(await store.append([]), []);
    assertEquals(await store.extent("#lobby"), { head: 0, floor: 0 });
  });

  storeTest(
    "[M3] the same sender's same id is stored once: within a batch, across batches, across conversations",
    async (store) => {
      const [original, within] = await store.append([
        draft("a", { text: "one" }),
        draft("a", { text: "two" }),
      ]);
      const [across] = await store.append([draft("a", { text: "three" })]);
      const [elsewhere] = await store.append([draft("a", { conversation: "#tea", text: "four" })]);
      const [whispered] = await store.append([
        draft("a", { conversation: pairKey("ann", "ben"), text: "five" }),
      ]);
      assertEquals(original?.duplicate, false);
      for (const again of [within, across, elsewhere, whispered]) {
        assertEquals(again?.duplicate, true);
        assertEquals({ ...again?.entry }, { ...original!.entry });
      }
      assertEquals((await store.read("#lobby", { limit: 10 })).map(({ text }) => text), ["one"]);
      assertEquals((await store.extent("#tea")).head, 0);
    },
  );

  storeTest("[M3] the same id of another sender is another entry, whatever the names", async (store) => {
    const pairs = [["ann", "a"], ["ben", "a"], ["a", "ann"], ["a n", "n"], ["a", "n n"], [
      "",
      "ann",
    ]] as const;
    const appended = await store.append(pairs.map(([sender, id]) => draft(id, { sender })));
    assertEquals(appended.map(({ duplicate }) => duplicate), pairs.map(() => false));
  });

  storeTest("[M3] a duplicate takes no seq", async (store) => {
    const appended = await store.append([draft("a"), draft("a"), draft("b"), draft("a"), draft("c")]);
    assertEquals(appended.map(({ entry }) => entry?.seq), [1, 1, 2, 1, 3]);
    assertEquals((await store.extent("#lobby")).head, 3);
  });

  storeTest("[L1] in a conversation `at` never goes back, whatever the clock does", async (store) => {
    const appended = await store.append([
      draft("a", { at: 1_000 }),
      draft("b", { at: 500 }),
      draft("c", { at: 1_000 }),
      draft("d", { conversation: "#tea", at: 200 }),
    ]);
    const [later] = await store.append([draft("e", { at: 1 })]);
    const [last] = await store.append([draft("f", { at: 2_000 })]);
    assertEquals([...appended, later!, last!].map(({ entry }) => entry?.at), [
      1_000,
      1_000,
      1_000,
      200,
      1_000,
      2_000,
    ]);
    assertEquals((await store.read("#lobby", { limit: 9 })).map(({ at }) => at), [
      1_000,
      1_000,
      1_000,
      1_000,
      2_000,
    ]);
  });

  storeTest(
    "reading a range: after and before are not in it, limit and last choose an end",
    async (store) => {
      await store.append(Array.from({ length: 10 }, (_, n) => draft(`${n + 1}`)));
      const cases: readonly (readonly [Range, readonly number[]])[] = [
        [{ limit: 100 }, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
        [{ limit: 3 }, [1, 2, 3]],
        [{ limit: 3, last: true }, [8, 9, 10]],
        [{ limit: 3, last: false }, [1, 2, 3]],
        [{ after: 4, limit: 3 }, [5, 6, 7]],
        [{ after: 4, limit: 3, last: true }, [8, 9, 10]],
        [{ before: 4, limit: 3 }, [1, 2, 3]],
        [{ before: 7, limit: 3, last: true }, [4, 5, 6]],
        [{ after: 2, before: 5, limit: 100 }, [3, 4]],
        [{ after: 2, before: 5, limit: 1, last: true }, [4]],
        [{ after: 2, before: 100, limit: 2, last: true }, [9, 10]],
        [{ after: 4, before: 5, limit: 9 }, []],
        [{ after: 5, before: 5, limit: 9 }, []],
        [{ after: 9, before: 2, limit: 9 }, []],
        [{ after: 10, limit: 9 }, []],
        [{ after: 1_000, limit: 9 }, []],
        [{ before: 1, limit: 9, last: true }, []],
        [{ after: 0, before: 11, limit: 10 }, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
        [{ after: -5, before: Infinity, limit: 2 }, [1, 2]],
      ];
      for (const [range, seqs] of cases) {
        assertEquals((await store.read("#lobby", range)).map(({ seq }) => seq), seqs, JSON.stringify(range));
      }
    },
  );

  storeTest("a conversation in which nothing was said is empty", async (store) => {
    await store.append([draft("a")]);
    for (const conversation of ["#tea", "@ann ben", "#lobb", "#lobby ", "#Lobby", ""]) {
      assertEquals(await store.extent(conversation), { head: 0, floor: 0 });
      assertEquals(await store.read(conversation, { limit: 10 }), []);
    }
  });

  storeTest("the extent is the last seq and the oldest that can be read", async (store) => {
    for (let n = 1; n <= 3; n++) {
      await store.append([draft(`${n}`)]);
      assertEquals(await store.extent("#lobby"), { head: n, floor: 1 });
    }
  });

  storeTest("batches that are not waited for are stored in the order in which they came", async (store) => {
    const batches = Array.from({ length: 20 }, (_, n) => store.append([draft(`${n}a`), draft(`${n}b`)]));
    const appended = (await Promise.all(batches)).flat();
    assertEquals(appended.map(({ entry }) => entry?.seq), Array.from({ length: 40 }, (_, i) => i + 1));
    assertEquals(
      (await store.read("#lobby", { limit: 40 })).map(({ id }) => id),
      appended.map(({ entry }) => entry?.id ?? ""),
    );
  });

  storeTest("what was stored when `append` resolved is there for whoever reads then", async (store) => {
    for (let n = 1; n <= 20; n++) {
      const reading = store.append([draft(`${n}`)]).then(() =>
        store.read("#lobby", { limit: 1, last: true })
      );
      assertEquals((await reading).map(({ seq }) => seq), [n]);
    }
  });

  storeTest("[M3] an entry is found by its sender's id", async (store) => {
    await store.append([draft("a"), draft("a", { sender: "ben", conversation: "#tea" })]);
    assertEquals({ ...await store.find("ann", "a") }, { ...draft("a"), seq: 1 });
    assertEquals((await store.find("ben", "a"))?.conversation, "#tea");
    for (const [sender, id] of [["ann", "b"], ["carl", "a"], ["", ""], ["ann a", ""]] as const) {
      assertEquals(await store.find(sender, id), undefined);
    }
  });

  storeTest(
    "rooms are those in which something was said, in the order of their code units",
    async (store) => {
      assertEquals(await store.rooms(), []);
      const rooms = ["tea", "émile", "a.b", "\u{1d54f}", "\uffee", "Z", "lobby"];
      await store.append(rooms.map((room) => draft(room, { conversation: `#${room}` })));
      await store.append([draft("w", { conversation: pairKey("ann", "ben") })]);
      assertEquals(await store.rooms(), rooms.toSorted());
    },
  );

  storeTest(
    "[F22] what is older than a room keeps expires from its start, and the floor says so",
    async (store) => {
      const times = [1_000, 2_000, 3_000, 4_000];
      await store.append(times.map((at) => draft(`${at}`, { at })));
      await store.append(times.map((at) => draft(`tea ${at}`, { at, conversation: "#tea" })));
      await store.expire((room) => room === "lobby" ? 3_000 : undefined);
      assertEquals(await store.extent("#lobby"), { head: 4, floor: 3 });
      assertEquals(await store.extent("#tea"), { head: 4, floor: 1 });
      assertEquals((await store.read("#lobby", { limit: 9 })).map(({ seq }) => seq), [3, 4]);
      assertEquals(
        (await store.read("#lobby", { after: 0, before: 4, limit: 9, last: true })).map(({ seq }) => seq),
        [3],
      );
      assertEquals((await store.read("#lobby", { before: 3, limit: 9 })).length, 0);
      await store.expire(() => 0);
      assertEquals(await store.extent("#lobby"), { head: 4, floor: 3 });
    },
  );

  storeTest("[F22] a room of which everything has expired goes on where it was", async (store) => {
    await store.append([draft("a"), draft("b", { at: 2_000 })]);
    await store.expire(() => 2_001);
    assertEquals(await store.extent("#lobby"), { head: 2, floor: 3 });
    assertEquals(await store.read("#lobby", { limit: 9 }), []);
    assertEquals(await store.rooms(), ["lobby"]);
    await store.expire(() => 2_001);
    const [next] = await store.append([draft("c", { at: 1 })]);
    assertEquals([next?.entry?.seq, next?.entry?.at], [3, 2_000]);
    assertEquals(await store.extent("#lobby"), { head: 3, floor: 3 });
  });

  storeTest("[M3] [F07] the id of an expired entry stays spent", async (store) => {
    await store.append([draft("a"), draft("b", { at: 2_000 })]);
    await store.expire(() => 2_000);
    const again = await store.append([draft("a", { at: 3_000 }), draft("b"), draft("c", { at: 3_000 })]);
    assertEquals(again.map(({ entry, duplicate }) => [entry?.seq, duplicate]), [
      [undefined, true],
      [2, true],
      [3, false],
    ]);
    assertEquals(await store.find("ann", "a"), undefined);
    const [other] = await store.append([draft("a", { sender: "ben" })]);
    assertEquals([other?.entry?.seq, other?.duplicate], [4, false]);
  });

  storeTest("whispers do not expire", async (store) => {
    const conversation = pairKey("ann", "ben");
    await store.append([draft("a", { conversation })]);
    await store.expire(() => Infinity);
    assertEquals(await store.extent(conversation), { head: 1, floor: 1 });
  });

  storeTest("more expires than one transaction takes, while others append", async (store) => {
    await store.append(Array.from({ length: 1_700 }, (_, n) => draft(`${n}`, { at: n })));
    const expired = store.expire(() => 1_500);
    const appended = store.append([draft("meanwhile", { conversation: "#tea", at: 9_000 })]);
    await Promise.all([expired, appended]);
    assertEquals(await store.extent("#lobby"), { head: 1_700, floor: 1_501 });
    assertEquals((await store.read("#lobby", { limit: 2 })).map(({ at }) => at), [1_500, 1_501]);
  });

  searchContract(storeTest);
}
