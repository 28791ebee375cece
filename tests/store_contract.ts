import { assert, assertEquals } from "@std/assert";
import { type Draft, pairKey, type Range, type Store } from "../server/store/store.ts";

/** What every store has to do; `open` makes an empty one. */
export function storeContract(name: string, open: () => Store | Promise<Store>): void {
  function storeTest(what: string, test: (store: Store) => Promise<void>): void {
    Deno.test(`${name}: ${what}`, async () => {
      await using store = await open();
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
        [...first, ...second].map(({ entry: { conversation, seq, id }, duplicate }) =>
          [conversation, seq, id, duplicate] as const
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
    assertEquals(appended.map(({ entry: { seq } }) => seq), [1, 1, 2, 1, 3]);
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
    assertEquals([...appended, later!, last!].map(({ entry: { at } }) => at), [
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
    assertEquals(appended.map(({ entry: { seq } }) => seq), Array.from({ length: 40 }, (_, i) => i + 1));
    assertEquals(
      (await store.read("#lobby", { limit: 40 })).map(({ id }) => id),
      appended.map(({ entry }) => entry.id),
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
}

/** A draft of the lobby, unless `more` says otherwise. */
export function draft(id: string, more: Partial<Draft> = {}): Draft {
  return {
    conversation: "#lobby",
    from: "ann",
    sender: "ann",
    id,
    text: `text of ${id}`,
    at: 1_000,
    ...more,
  };
}
