import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { skeletons } from "../protocol/names.ts";
import { StoreFull } from "../server/store/store.ts";
import { AccountsRig, outcome } from "./support/accounts_rig.ts";
import { QUICK } from "./support/opaque_client.ts";
import { peopleWith, somePeople } from "./support/people.ts";

/** How outcomes are spread. */
function tally(outcomes: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const each of outcomes) counts[each] = (counts[each] ?? 0) + 1;
  return counts;
}

Deno.test("who registers before hello is a member from then on, by the session it was given", async () => {
  await using rig = await AccountsRig.open();
  const alice = rig.connect();
  const enrolled = await alice.register("alice", "correct horse", { device: "laptop" });
  assert("type" in enrolled && enrolled.type === "enrolled");
  const { session, ...rest } = enrolled;
  assertEquals(rest, { type: "enrolled", name: "alice", account: "member" });
  assertEquals(outcome(await alice.hello("alice", { session })), "account");
  const account = rig.accounts.directory.byName("alice")!;
  assertEquals(account.skeletons, skeletons("alice"));
  assertEquals((await rig.people.devices(account.id)).map(({ label }) => label), ["laptop"]);
});

Deno.test("a guest becomes the account in place, with the identity under which it has written", async () => {
  await using rig = await AccountsRig.open();
  const alice = rig.connect();
  await alice.hello("alice");
  const { identity } = alice.as!;
  assertEquals(outcome(await alice.register("alice", "correct horse")), "enrolled");
  assertEquals(alice.as!.account?.name, "alice");
  assertEquals(rig.accounts.directory.byName("alice")!.identity, identity);
  assertEquals(outcome(await rig.connect().hello("alice", { session: alice.token })), "account");
});

Deno.test("an identity is one account's only", async () => {
  await using rig = await AccountsRig.open();
  await (await guest(rig, "alice")).register("alice", "correct horse");
  const bob = await guest(rig, "bob");
  bob.as = { ...bob.as!, identity: rig.accounts.directory.byName("alice")!.identity };
  assertEquals(outcome(await bob.register("bob", "correct horse")), "enrolled");
  const identities = [...rig.accounts.directory.all()].map(({ identity }) => identity);
  assertEquals(new Set(identities).size, 2);
});

Deno.test("[D14] a guest registers no name but its own", async () => {
  await using rig = await AccountsRig.open();
  const mallory = await guest(rig, "mallory");
  assertEquals(outcome(await mallory.register("bob", "password1")), "state");
  const record = await mallory.choose("mallory", "password1") as string;
  const enrol = { type: "enrol", record, stretching: QUICK } as const;
  assertEquals(outcome(await mallory.ask({ ...enrol, name: "bob" })), "state");
  assertEquals(outcome(await mallory.login("bob", "guess").then(({ answer }) => answer)), "state");
  for (const type of ["devices", "unregister", "revoke"] as const) {
    const asked = { type, proof: "AAAA", device: 1 } as Parameters<typeof mallory.ask>[0];
    assertEquals(outcome(await mallory.ask(asked)), "state", type);
  }
});

Deno.test("nobody enrols without register, or with that of another name", async () => {
  await using rig = await AccountsRig.open();
  const mallory = rig.connect();
  const record = await mallory.choose("mallory", "password1") as string;
  const enrol = { type: "enrol", record, stretching: QUICK } as const;
  assertEquals(outcome(await rig.connect().ask({ ...enrol, name: "mallory" })), "state");
  assertEquals(outcome(await mallory.ask({ ...enrol, name: "bob" })), "state");
  assertEquals(outcome(await mallory.ask({ ...enrol, name: "mallory" })), "enrolled");
  assertEquals(outcome(await mallory.ask({ ...enrol, name: "mallory" })), "state", "once");
});

Deno.test("a name that somebody is here by is registered by nobody else", async () => {
  await using rig = await AccountsRig.open();
  await guest(rig, "bob");
  assertEquals(outcome(await rig.connect().register("bob", "password1")), "name_taken");
  const mallory = rig.connect();
  const record = await mallory.choose("carol", "password1") as string;
  await guest(rig, "carol"); // in between
  assertEquals(
    outcome(await mallory.ask({ type: "enrol", name: "carol", record, stretching: QUICK })),
    "name_taken",
  );
});

Deno.test("[D07] of 50 who register one name at the same instant one succeeds, 49 are told name_taken", async () => {
  await using rig = await AccountsRig.open();
  for (let round = 0; round < 20; round++) {
    const outcomes = await race(rig, Array.from({ length: 50 }, () => `name-${round}`));
    assertEquals(tally(outcomes), { enrolled: 1, name_taken: 49 });
  }
  assertEquals((await rig.people.accounts()).length, 20);
});

Deno.test("[D08] the same race with names that look alike has one winner", async () => {
  await using rig = await AccountsRig.open();
  const alike = ["corner1", "cornerl", "comer1", "comerl", "c0rner1", "corner1", "c0mer1"];
  for (let round = 0; round < 20; round++) {
    const outcomes = await race(rig, alike.map((name) => `${name}${"x".repeat(round)}`));
    assertEquals(outcomes.filter((each) => each === "enrolled").length, 1, `${outcomes}`);
    for (const each of outcomes) assert(/^(?:enrolled|name_taken|name_confusable)$/.test(each), each);
  }
  assertEquals((await rig.people.accounts()).length, 20);
});

Deno.test("[D08] a guest who comes while a name is being registered does not get it, nor one like it", async () => {
  const [reached, stored] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const people = somePeople();
  const slow = peopleWith(people, {
    async enrol(...args) {
      reached.resolve();
      await stored.promise;
      return await people.enrol(...args);
    },
  });
  await using rig = await AccountsRig.open({ people: slow });
  const alice = rig.connect();
  const record = await alice.choose("alice", "correct horse") as string;
  const enrolling = alice.ask({ type: "enrol", name: "alice", record, stretching: QUICK });
  await reached.promise;
  assertEquals(outcome(await rig.connect().hello("alice")), "name_taken");
  assertEquals(outcome(await rig.connect().hello("a1ice")), "name_taken");
  assertEquals(outcome(await rig.connect().hello("bob")), "guest");
  stored.resolve();
  assertEquals(outcome(await enrolling), "enrolled");
  assertEquals(outcome(await rig.connect().hello("alice")), "auth_required");
});

Deno.test("[C08] five accounts an hour from one address, the sixth is told when", async () => {
  await using rig = await AccountsRig.open({ limits: { accountsPerHour: 5 } });
  for (let n = 0; n < 5; n++) {
    assertEquals(outcome(await rig.connect("10.0.0.1").register(`user-${n}`, "password1")), "enrolled");
  }
  const refused = await rig.connect("10.0.0.1").register("user-5", "password1");
  assert("code" in refused && !("type" in refused));
  assertEquals([refused.code, refused.retry_ms], ["rate", 3_600_000]);
  assertEquals(outcome(await rig.connect("10.0.0.2").register("user-5", "password1")), "enrolled");
  rig.pass(3_600_000);
  assertEquals(outcome(await rig.connect("10.0.0.1").register("user-6", "password1")), "enrolled");
});

Deno.test("[C08] five are five, however many register while the store takes its time", async () => {
  const people = somePeople();
  const all = Promise.withResolvers<void>();
  const slow = peopleWith(people, {
    async enrol(...args) {
      await all.promise;
      return await people.enrol(...args);
    },
  });
  await using rig = await AccountsRig.open({ people: slow, limits: { accountsPerHour: 5 } });
  const racing = race(rig, Array.from({ length: 20 }, (_, n) => `user-${n}`));
  await jobs(rig, 40); // all 20 have chosen, and their records are checked
  all.resolve();
  assertEquals(tally(await racing), { enrolled: 5, rate: 15 });
});

Deno.test("the code of the first start makes one owner, and only its hash is kept", async () => {
  const people = somePeople();
  const codes: (string | undefined)[] = [];
  {
    await using rig = await AccountsRig.open({ people });
    codes.push(rig.accounts.ownerCode);
  }
  await using rig = await AccountsRig.open({ people });
  codes.push(rig.accounts.ownerCode);
  const [code] = codes as [string];
  assertMatch(code, /^(?:[0-9a-z]{5}-){3}[0-9a-z]{5}$/);
  assertEquals(codes[1], undefined, "made once");
  assertMatch((await people.setting("owner"))!, /^[0-9a-f]{64}$/);
  assertEquals(outcome(await rig.connect().register("mallory", "password1", { claim: "guess" })), "claim");
  assertEquals(rig.accounts.directory.size, 0);
  const typed = code.toUpperCase().replaceAll("-", " ");
  const outcomes = await race(rig, ["anna", "berta", "carl"], { claim: typed });
  assertEquals(tally(outcomes), { enrolled: 1, claim: 2 });
  assertEquals([...rig.accounts.directory.all()].map(({ role }) => role), ["owner"]);
  assertEquals(outcome(await rig.connect().register("dora", "password1", { claim: code })), "claim");
  assertEquals(await people.setting("owner"), "");
});

Deno.test("a new owner is made when there is none any more, by a new code", async () => {
  const people = somePeople();
  let used: string;
  {
    await using rig = await AccountsRig.open({ people });
    used = rig.accounts.ownerCode!;
    const anna = await rig.member("anna", "password1", { claim: used });
    const { proof } = await anna.login("anna", "password1");
    assertEquals(outcome(await anna.ask({ type: "unregister", proof: proof! })), "unregistered");
    assertEquals(outcome(await rig.connect().register("berta", "password1", { claim: used })), "claim");
  }
  await using rig = await AccountsRig.open({ people });
  assertEquals(outcome(await rig.connect().register("berta", "password1", { claim: used })), "claim");
  const berta = await rig.member("berta", "password1", { claim: rig.accounts.ownerCode! });
  assertEquals(berta.as?.account?.role, "owner");
});

Deno.test("a code that was not used is of no use beside an owner who was made on disk", async () => {
  await using rig = await AccountsRig.open();
  const anna = await rig.member("anna", "password1");
  await rig.people.setRole(anna.as!.account!.id, "owner");
  await rig.accounts.reload();
  const claim = rig.accounts.ownerCode!;
  assertEquals(outcome(await rig.connect().register("berta", "password1", { claim })), "claim");
});

Deno.test("a member becomes the owner by the code, along with its password", async () => {
  await using rig = await AccountsRig.open();
  const anna = await rig.member("anna", "password1");
  const { proof } = await anna.login("anna", "password1");
  const claim = rig.accounts.ownerCode!;
  const enrolled = await anna.register("anna", "password1", { claim, proof: proof! });
  assert("type" in enrolled && enrolled.type === "enrolled");
  assertEquals(enrolled.account, "owner");
  assertEquals((await rig.people.accounts())[0]!.role, "owner");
  assertEquals(outcome(await rig.connect().register("berta", "password1", { claim })), "claim");
});

Deno.test("[D16] an account that was not stored is nobody's: neither it nor a device is there", async () => {
  for (const error of [new StoreFull("full"), new Error("broken")]) {
    const people = peopleWith(somePeople(), { enrol: () => Promise.reject(error) });
    await using rig = await AccountsRig.open({ people, limits: { accountsPerHour: 1 } });
    const alice = rig.connect();
    const enrolling = alice.register("alice", "correct horse");
    if (error instanceof StoreFull) assertEquals(outcome(await enrolling), "store_full");
    else await assertRejects(() => enrolling, Error, "broken");
    assertEquals(rig.accounts.directory.size, 0);
    assertEquals(outcome(await alice.hello("alice")), "guest");
    assertEquals(typeof await alice.choose("alice", "correct horse"), "string", "it did not count");
  }
});

/** Resolves when OPAQUE has done so many pieces of work. */
async function jobs(rig: AccountsRig, count: number): Promise<void> {
  while (rig.accounts.opaqueJobs < count) await new Promise((resolve) => setTimeout(resolve, 1));
  await rig.connect().ask({ type: "login", name: "nobody", request: "AAAA" }); // comes after all of them
}

async function guest(rig: AccountsRig, name: string) {
  const customer = rig.connect();
  assertEquals(outcome(await customer.hello(name)), "guest");
  return customer;
}

/** Registers all names at the same instant, each by its own connection; resolves with what became of each. */
async function race(
  rig: AccountsRig,
  names: readonly string[],
  more: { readonly claim?: string } = {},
): Promise<string[]> {
  const ready: (() => Promise<string>)[] = [];
  for (const name of names) {
    const customer = rig.connect();
    const record = await customer.choose(name, "password1");
    ready.push(async () => {
      if (typeof record !== "string") return outcome(record);
      return outcome(await customer.ask({ type: "enrol", name, record, stretching: QUICK, ...more }));
    });
  }
  // No more than may wait for OPAQUE at once.
  const outcomes: string[] = [];
  for (let at = 0; at < ready.length; at += 32) {
    outcomes.push(...await Promise.all(ready.slice(at, at + 32).map((enrol) => enrol())));
  }
  return outcomes;
}
