import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { NoAccount } from "../server/store/failures.ts";
import { type Account, type Device, pairKey, type PeopleStore, type Store } from "../server/store/store.ts";
import { draft } from "./support/draft.ts";

type New = Parameters<PeopleStore["enrol"]>[0];

const PAIR = pairKey("ann", "ben");

/** Somebody who registers, as `more` says. */
export function somebody(name: string, more: Partial<New> = {}): New {
  return {
    name,
    skeletons: [`looks like ${name}`],
    identity: `${name} 1`,
    record: `record of ${name}`,
    stretching: { iterations: 3, memory: 65_536, parallelism: 1 },
    role: "member",
    created: 1_000,
    ...more,
  };
}

/** A device that has not got its number yet. */
export function device(label: string, more: Partial<Device> = {}): Omit<Device, "device"> {
  return { hash: `hash of ${label}`, label, created: 1_000, seen: 1_000, ...more };
}

/** What every store of people has to do; `open` makes an empty one, and leaves to `after` what is to be removed after it. */
export function peopleStoreContract(
  name: string,
  open: (after: AsyncDisposableStack) => Store | Promise<Store>,
): void {
  function peopleTest(what: string, test: (people: PeopleStore, store: Store) => Promise<void>): void {
    Deno.test(`${name}, people: ${what}`, async () => {
      await using after = new AsyncDisposableStack();
      const store = after.use(await open(after));
      await test(store.people, store);
    });
  }

  peopleTest("a setting is what it was set to last", async (people) => {
    assertEquals(await people.setting("secret"), undefined);
    await people.setSetting("secret", "one");
    await people.setSetting("secret", "two");
    await people.setSetting("other", "");
    assertEquals([await people.setting("secret"), await people.setting("other")], ["two", ""]);
  });

  peopleTest("an account is kept as it was made, with its first device", async (people) => {
    const ann = somebody("ann", { role: "owner", skeletons: ["b", "a", "ä"], created: 7 });
    const made = await people.enrol(ann, device("laptop"));
    assert(made);
    assertEquals(made, { ...ann, id: made.id, disabled: false });
    assertEquals(await people.accounts(), [made]);
    assertEquals(await people.devices(made.id), [{ ...device("laptop"), device: 1 }]);
  });

  peopleTest("[D07] of many who register a name at once exactly one gets it", async (people) => {
    const all = await Promise.all(
      Array.from({ length: 50 }, (_, n) => people.enrol(somebody("ann", { record: `${n}` }), device(`${n}`))),
    );
    assertEquals(all.filter((made) => made).length, 1);
    assertEquals((await people.accounts()).map(({ record }) => record), ["0"]);
  });

  peopleTest("[D08] no account resembles another, by whichever of its looks", async (people) => {
    await people.enrol(somebody("ann", { skeletons: ["ann", "arin"] }), device("a"));
    for (const [name, skeletons] of [["anm", ["ann"]], ["x", ["y", "arin"]], ["ann", ["z"]]] as const) {
      assertEquals(await people.enrol(somebody(name, { skeletons }), device("b")), undefined);
    }
    assert(await people.enrol(somebody("arin2", { skeletons: ["arin2"] }), device("c")));
    assertEquals((await people.accounts()).map((each) => each.name), ["ann", "arin2"]);
  });

  peopleTest(
    "[D11] a new password replaces the record and takes all devices away but one",
    async (people) => {
      const [ann, ben] = await two(people);
      for (const label of ["b", "c"]) await people.addDevice(ann.id, device(label), 20);
      const stretching = { iterations: 4, memory: 8, parallelism: 2 };
      await people.repass(ann.id, { record: "new", stretching }, 2);
      assertEquals((await people.accounts())[0], { ...ann, record: "new", stretching });
      assertEquals((await people.devices(ann.id)).map((each) => each.device), [2]);
      await people.repass(ann.id, { record: "newer", stretching }, undefined);
      assertEquals(await people.devices(ann.id), []);
      assertEquals((await people.devices(ben.id)).length, 1);
    },
  );

  peopleTest("roles and being disabled; that takes all devices away", async (people) => {
    const [ann, ben] = await two(people);
    await people.setRole(ann.id, "owner");
    await people.setDisabled(ben.id, true);
    assertEquals(await people.accounts(), [{ ...ann, role: "owner" }, { ...ben, disabled: true }]);
    assertEquals(await people.devices(ben.id), []);
    await people.setRole(ann.id, "member");
    await people.setDisabled(ben.id, false);
    assertEquals(await people.accounts(), [ann, ben]);
    assertEquals((await people.devices(ann.id)).length, 1);
  });

  peopleTest(
    "[D15] who unregisters leaves nothing but the name, which stays taken for a while",
    async (people, store) => {
      const [ann, ben] = await two(people);
      await people.setRoom(ann.id, "tea", true);
      await people.openMarks(ann.id, PAIR);
      await store.append([draft("a", { conversation: PAIR })]);
      await people.unregister(ann.id, 5_000);
      assertEquals(await people.accounts(), [ben]);
      assertEquals(await people.devices(ann.id), []);
      assertEquals(await people.roomsOf(ann.id), []);
      assertEquals(await people.marksOf(ann.id), new Map());
      assertEquals((await store.extent(PAIR)).head, 1);
      const again = (created: number, name = "ann") =>
        people.enrol(somebody(name, { created, skeletons: ["looks like ann"] }), device("x"));
      assertEquals(await again(4_999), undefined);
      assertEquals(await again(4_999, "anm"), undefined);
      const next = await again(5_000);
      assert(next);
      assert(next.id > ben.id);
    },
  );

  peopleTest("no number of an account is used again", async (people) => {
    const made = await people.enrol(somebody("ann"), device("a"));
    await people.unregister(made!.id, 0);
    const next = await people.enrol(somebody("ann"), device("a"));
    assertNotEquals(next?.id, made?.id);
    assertEquals((await people.devices(next!.id)).map((each) => each.device), [1]);
  });

  peopleTest("devices are numbered one after the other, and no number is used again", async (people) => {
    const [ann] = await two(people);
    assertEquals(await people.addDevice(ann.id, device("b"), 20), { ...device("b"), device: 2 });
    await people.removeDevice(ann.id, 2);
    await people.removeDevice(ann.id, 9);
    assertEquals((await people.addDevice(ann.id, device("c"), 20)).device, 3);
    assertEquals((await people.devices(ann.id)).map(({ label }) => label), ["first of ann", "c"]);
  });

  peopleTest("of too many devices those unseen for longest go, never the new one", async (people) => {
    const [ann] = await two(people);
    await people.addDevice(ann.id, device("b", { seen: 3_000 }), 3);
    await people.addDevice(ann.id, device("c", { seen: 2_000 }), 3);
    await people.seenDevice(ann.id, 1, 4_000);
    await people.addDevice(ann.id, device("d", { seen: 1 }), 3);
    assertEquals((await people.devices(ann.id)).map((each) => [each.device, each.seen]), [
      [1, 4_000],
      [2, 3_000],
      [4, 1],
    ]);
    await people.addDevice(ann.id, device("e", { seen: 0 }), 1);
    assertEquals((await people.devices(ann.id)).map((each) => each.device), [5]);
  });

  peopleTest("an account that has gone gets no device, and nothing else either", async (people, store) => {
    const gone = 77;
    await assertRejects(() => people.addDevice(gone, device("x"), 20), NoAccount);
    await people.setRoom(gone, "tea", true);
    await people.mark(gone, "#tea", { read: 1 });
    await people.seenDevice(gone, 1, 1);
    await people.setRole(gone, "owner");
    await people.unregister(gone, 1);
    await people.openMarks(gone, PAIR, 3);
    assertEquals(await people.roomsOf(gone), []);
    assertEquals(await people.marksOf(gone), new Map());
    assertEquals((await store.append([draft("a")])).length, 1);
  });

  peopleTest("rooms are entered and left", async (people) => {
    const [ann, ben] = await two(people);
    for (const room of ["tea", "lobby", "tea"]) await people.setRoom(ann.id, room, true);
    await people.setRoom(ben.id, "ops", true);
    await people.setRoom(ben.id, "ops", false);
    await people.setRoom(ben.id, "tea", false);
    assertEquals((await people.roomsOf(ann.id)).toSorted(), ["lobby", "tea"]);
    assertEquals(await people.roomsOf(ben.id), []);
  });

  peopleTest("marks begin at the head or where one says, and never go back", async (people, store) => {
    const [ann, ben] = await two(people);
    await store.append([draft("a", { conversation: PAIR }), draft("b", { conversation: PAIR })]);
    const at = (n: number) => ({ floor: n, delivered: n, read: n, told: n });
    assertEquals(await people.openMarks(ann.id, PAIR), at(2));
    assertEquals(await people.openMarks(ben.id, PAIR, 1), at(1));
    assertEquals(await people.openMarks(ben.id, pairKey("ben", "carl")), at(0));
    await store.append([draft("c", { conversation: PAIR })]);
    assertEquals(await people.openMarks(ann.id, PAIR, 0), at(2));
    await people.mark(ann.id, PAIR, { delivered: 5, read: 3 });
    await people.mark(ann.id, PAIR, { delivered: 4, told: 4, floor: 1 });
    await people.mark(ann.id, PAIR, {});
    assertEquals(
      await people.marksOf(ann.id),
      new Map([[PAIR, { floor: 2, delivered: 5, read: 3, told: 4 }]]),
    );
  });

  peopleTest("marks of a room are made where there are none, those of whispers are not", async (people) => {
    const [ann] = await two(people);
    await people.mark(ann.id, "#tea", { read: 7 });
    await people.mark(ann.id, PAIR, { read: 7, delivered: 7 });
    assertEquals(
      await people.marksOf(ann.id),
      new Map([["#tea", { floor: 0, delivered: 0, read: 7, told: 0 }]]),
    );
  });

  peopleTest("[C07] what waits is what others whispered and no device has taken", async (people, store) => {
    const [ann, ben] = await two(people);
    const say = (from: string, to: string, text: string) =>
      store.append([draft(crypto.randomUUID(), { from, text, conversation: pairKey(from, to) })]);
    await say("ben", "ann", "before her time");
    await people.openMarks(ann.id, PAIR);
    await say("ben", "ann", "taken");
    await people.mark(ann.id, PAIR, { delivered: 2 });
    await say("ben", "ann", "élan");
    await say("ann", "ben", "her own");
    await say("ben", "ann", "𝕏");
    await say("carl", "ann", "unopened");
    await people.openMarks(ann.id, pairKey("ann", "dan"), 0);
    await say("dan", "ann", "x".repeat(300));
    await say("ben", "carl", "not hers");
    await store.append([draft("room", { from: "ben" })]);
    await people.mark(ann.id, "#lobby", { read: 0 });
    assertEquals(
      await people.waiting(ann.id, "ann"),
      new Map([["ben", { entries: 2, bytes: 9 }], ["dan", { entries: 1, bytes: 300 }]]),
    );
    assertEquals(await people.waiting(ben.id, "ben"), new Map());
  });

  peopleTest("the last of somebody's up to a seq", async (people, store) => {
    await store.append(
      ["ann", "ben", "ann", "ben", "ben"].map((from, n) => draft(`${n}`, { from, conversation: PAIR })),
    );
    const cases = [["ann", 9, 3], ["ann", 2, 1], ["ben", 5, 5], ["ben", 1, 0], ["carl", 9, 0], [
      "ann",
      0,
      0,
    ]] as const;
    for (const [from, through, last] of cases) assertEquals(await people.lastOf(PAIR, from, through), last);
    assertEquals(await people.lastOf("#lobby", "ann", 9), 0);
  });

  peopleTest(
    "[R5] a guest's identity goes with the name until it is released, and with its sessions for good",
    async (people) => {
      const come = (name: string, session: string, shown?: string) =>
        people.identify({ name, session, shown, fresh: `fresh ${session}`, at: 1 });
      assertEquals(await come("ben", "s1"), "fresh s1");
      assertEquals(await come("ben", "s2"), "fresh s1"); // after a bye, or a restart
      assertEquals(await come("carl", "s3"), "fresh s3");
      await people.release("ben"); // the hold ran out
      await people.release("nobody");
      assertEquals(await come("ben", "s4"), "fresh s4");
      assertEquals(await come("ben", "s5", "s2"), "fresh s1");
      assertEquals(await come("ben", "s6"), "fresh s1"); // the name stands for whoever came last
      assertEquals(await come("ben", "s7", "s4"), "fresh s4");
      assertEquals(await come("carl", "s8", "s1"), "fresh s3"); // a session counts with its own name only
      await people.release("ben");
      assertEquals(await come("ben", "s9", "unknown"), "fresh s9");
    },
  );

  peopleTest(
    "[R5] a guest takes part in whispers from its first one on, with its session and those after it",
    async (people, store) => {
      const come = (session: string) =>
        people.identify({ name: "ben", session, shown: undefined, fresh: "ben 1", at: 1 });
      const whisper = (id: string) => store.append([draft(id, { conversation: PAIR })]);
      await whisper("a");
      await come("s1");
      assertEquals(await people.openGuest("s1", "ben", PAIR), 1);
      await whisper("b");
      assertEquals(await people.openGuest("s1", "ben", PAIR), 1);
      await come("s1"); // the same session once more
      await come("s2");
      assertEquals(await people.inherit("s1", "s2", "ben"), new Map([[PAIR, 1]]));
      assertEquals(await people.openGuest("s2", "ben", PAIR), 1);
      assertEquals(await people.inherit("s1", "s2", "carl"), new Map());
      await come("s3"); // somebody else of the name
      assertEquals(await people.inherit("unknown", "s3", "ben"), new Map());
      assertEquals(await people.openGuest("s3", "ben", PAIR), 2);
      await come("s4");
      assertEquals(await people.inherit("s2", "s4", "ben"), new Map()); // it was spoken to somebody else meanwhile
    },
  );

  peopleTest("[R5] what a guest had goes to no session that never came", async (people) => {
    await people.identify({ name: "ben", session: "s1", shown: undefined, fresh: "ben 1", at: 1 });
    await people.openGuest("s1", "ben", PAIR);
    await people.inherit("s1", "never came", "ben");
    await people.openGuest("never came", "ben", pairKey("ben", "carl"));
    assertEquals(await people.inherit("s1", "s1", "ben"), new Map([[PAIR, 0]]));
  });

  peopleTest("[D15] names that were given up are told, and until when", async (people) => {
    const [ann] = await two(people);
    assertEquals(await people.retired(), new Map());
    await people.unregister(ann.id, 5_000);
    assertEquals(await people.retired(), new Map([["looks like ann", 5_000]]));
  });

  async function two(people: PeopleStore): Promise<[Account, Account]> {
    const ann = await people.enrol(somebody("ann"), device("first of ann"));
    const ben = await people.enrol(somebody("ben"), device("first of ben"));
    return [ann!, ben!];
  }
}
