import { assert, assertEquals } from "@std/assert";
import { resetPassword } from "../server/accounts/reset_password.ts";
import { peopleWith, somePeople } from "./support/people.ts";
import { AccountsRig, type Customer, NO_PROOF, outcome } from "./support/accounts_rig.ts";

const DAY = 86_400_000;

/** Another connection of an account, on a new device. */
async function device(rig: AccountsRig, name: string, password: string, label = ""): Promise<Customer> {
  const customer = rig.connect();
  assertEquals(outcome(await customer.signIn(name, password, { device: label })), "account");
  return customer;
}

/** Proves the password of who asks. */
async function proven(customer: Customer, password: string): Promise<string> {
  const { proof } = await customer.login(customer.as!.name, password);
  return proof!;
}

Deno.test("[D11] a new password ends all other devices and connections, and the old password", async () => {
  await using rig = await AccountsRig.open();
  const laptop = await rig.member("alice", "correct horse");
  const phone = await device(rig, "alice", "correct horse");
  const twin = rig.connect();
  await twin.hello("alice", { session: laptop.token });
  const proof = await proven(laptop, "correct horse");
  const enrolled = await laptop.register("alice", "battery staple", { proof });
  assert("type" in enrolled && enrolled.type === "enrolled");
  assertEquals(enrolled.session, laptop.token, "its own device stays");
  assertEquals(laptop.ended, undefined);
  assert(phone.ended?.includes("password") && twin.ended?.includes("password"));
  assertEquals(outcome(await rig.connect().hello("alice", { session: phone.token })), "auth_required");
  assertEquals(outcome(await rig.connect().signIn("alice", "correct horse")), "auth");
  assertEquals(outcome(await rig.connect().hello("alice", { session: laptop.token })), "account");
  assertEquals(outcome(await rig.connect().signIn("alice", "battery staple")), "account");
});

Deno.test("[D11] nobody changes a password without knowing it, nor does what was begun before outlive it", async () => {
  await using rig = await AccountsRig.open();
  const alice = await rig.member("alice", "correct horse");
  const thief = rig.connect();
  await thief.hello("alice", { session: alice.token });
  assertEquals(outcome(await thief.register("alice", "password1")), "state", "without a proof");
  assertEquals(outcome(await thief.register("alice", "password1", { proof: NO_PROOF })), "state");
  await thief.login("alice", "guess");
  assertEquals(outcome(await thief.register("alice", "password1", { proof: NO_PROOF })), "auth");

  const late = rig.connect();
  const { proof: early } = await late.login("alice", "correct horse");
  const proof = await proven(alice, "correct horse");
  assertEquals(outcome(await alice.register("alice", "battery staple", { proof })), "enrolled");
  assertEquals(outcome(await late.hello("alice", { proof: early! })), "auth");
  assertEquals((await rig.people.devices(alice.as!.account!.id)).length, 1);
});

Deno.test("[D11] a sign-in with the old password gets no device once the change is on its way to disk", async () => {
  const people = somePeople();
  const [reached, stored] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const slow = peopleWith(people, {
    async repass(...args) {
      reached.resolve();
      await stored.promise;
      return await people.repass(...args);
    },
  });
  await using rig = await AccountsRig.open({ people: slow });
  const alice = await rig.member("alice", "correct horse");
  const late = rig.connect();
  const { proof: old } = await late.login("alice", "correct horse");
  const proof = await proven(alice, "correct horse");
  const changing = alice.register("alice", "battery staple", { proof });
  await reached.promise;
  const signing = late.hello("alice", { proof: old! });
  await rig.connect().login("nobody", "guess"); // the proof was looked at before that
  stored.resolve();
  assertEquals(outcome(await changing), "enrolled");
  assertEquals(outcome(await signing), "auth");
  assertEquals((await people.devices(alice.as!.account!.id)).length, 1);
});

Deno.test("[D11] a device that was recognised just before it was revoked is not let in", async () => {
  await using rig = await AccountsRig.open();
  const alice = await rig.member("alice", "correct horse");
  const phone = await device(rig, "alice", "correct horse");
  for (
    const change of [
      () => alice.ask({ type: "revoke", device: 2 }),
      async () => {
        const proof = await proven(alice, "correct horse");
        return await alice.register("alice", "battery staple", { proof });
      },
    ]
  ) {
    const again = rig.connect();
    const who = await again.desk.identify({
      type: "hello",
      name: "alice",
      session: phone.ended ? (await device(rig, "alice", "correct horse")).token : phone.token,
    });
    assert(!("code" in who));
    assertEquals(again.desk.changed(who, "alice"), undefined);
    await change();
    assertEquals(again.desk.changed(who, "alice")?.code, "auth_required");
  }
});

Deno.test("devices are listed and revoked: their connections end, their tokens are of no use", async () => {
  await using rig = await AccountsRig.open();
  const laptop = await rig.member("alice", "correct horse");
  rig.pass(DAY);
  const phone = await device(rig, "alice", "correct horse", "phone");
  const tablet = await device(rig, "alice", "correct horse", "tablet");
  tablet.end("left");
  const listed = await laptop.ask({ type: "devices" });
  assert("type" in listed && listed.type === "devices");
  const at = (ms: number) => new Date(rig.wall - ms).toISOString();
  assertEquals(listed.devices, [
    { device: 1, label: "", created: at(DAY), seen: at(DAY), here: true, current: true },
    { device: 2, label: "phone", created: at(0), seen: at(0), here: true, current: false },
    { device: 3, label: "tablet", created: at(0), seen: at(0), here: false, current: false },
  ]);
  assertEquals(await laptop.ask({ type: "revoke", device: 2 }), { type: "revoked", device: 2 });
  assert(phone.ended?.includes("signed out"));
  assertEquals(outcome(await rig.connect().hello("alice", { session: phone.token })), "auth_required");
  for (const gone of [2, 99]) {
    assertEquals(outcome(await laptop.ask({ type: "revoke", device: gone })), "device");
  }
  assertEquals(laptop.ended, undefined);
  assertEquals(await laptop.ask({ type: "revoke", device: 1 }), { type: "revoked", device: 1 });
  assert(laptop.ended?.includes("signed out"), "once it was answered");
  assertEquals(outcome(await rig.connect().hello("alice", { session: tablet.token })), "account");
});

Deno.test("[D14] an account sees and revokes no devices but its own, whatever their numbers", async () => {
  await using rig = await AccountsRig.open();
  const alice = await rig.member("alice", "correct horse");
  await device(rig, "alice", "correct horse");
  const owner = await rig.member("owen", "password1", { claim: rig.accounts.ownerCode! });
  for (const other of [await rig.member("bob", "password1"), owner]) {
    assertEquals(outcome(await other.ask({ type: "revoke", device: 2 })), "device");
    const listed = await other.ask({ type: "devices" });
    assert("type" in listed && listed.type === "devices");
    assertEquals(listed.devices.length, 1);
    assertEquals(outcome(await other.login("alice", "correct horse").then(({ answer }) => answer)), "state");
    assertEquals(outcome(await other.register("alice", "password2", { proof: NO_PROOF })), "state");
    assertEquals(outcome(await other.ask({ type: "unregister", proof: NO_PROOF })), "state");
  }
  assertEquals((await rig.people.devices(alice.as!.account!.id)).length, 2);
  assertEquals(alice.ended, undefined);
});

Deno.test("of more devices than an account may have, the one unused for longest goes, with its connections", async () => {
  await using rig = await AccountsRig.open({ limits: { devicesPerAccount: 3 } });
  const first = await rig.member("alice", "correct horse");
  rig.pass(1);
  const second = await device(rig, "alice", "correct horse");
  rig.pass(1);
  const third = await device(rig, "alice", "correct horse");
  rig.pass(1);
  const fourth = await device(rig, "alice", "correct horse");
  assert(first.ended?.includes("too many devices"));
  assertEquals([second, third, fourth].map(({ ended }) => ended), [undefined, undefined, undefined]);
  assertEquals(outcome(await rig.connect().hello("alice", { session: first.token })), "auth_required");
});

Deno.test("[D15] an account that was unregistered is gone with all its devices; its name rests for 90 days", async () => {
  await using rig = await AccountsRig.open();
  const alice = await rig.member("alice", "correct horse");
  const phone = await device(rig, "alice", "correct horse");
  assertEquals(outcome(await alice.ask({ type: "unregister", proof: NO_PROOF })), "state", "login first");
  await alice.login("alice", "guess");
  assertEquals(outcome(await alice.ask({ type: "unregister", proof: NO_PROOF })), "auth");
  const proof = await proven(alice, "correct horse");
  assertEquals(await alice.ask({ type: "unregister", proof }), { type: "unregistered", name: "alice" });
  assert(alice.ended && phone.ended);
  assertEquals(rig.accounts.directory.byName("alice"), undefined);
  for (const name of ["alice", "a1ice"]) {
    assertEquals(outcome(await rig.connect().register(name, "password1")), "name_taken", name);
  }
  assertEquals(outcome(await rig.connect().signIn("alice", "correct horse")), "auth");
  rig.pass(90 * DAY - 1);
  assertEquals(outcome(await rig.connect().register("alice", "password1")), "name_taken");
  rig.pass(1);
  assertEquals(outcome(await rig.connect().register("alice", "password1")), "enrolled");
  assertEquals(outcome(await rig.connect().hello("alice", { session: alice.token })), "auth_required");
});

Deno.test("[D10] of tokens only hashes are kept", async () => {
  await using rig = await AccountsRig.open();
  const alice = await rig.member("alice", "correct horse");
  const phone = await device(rig, "alice", "correct horse");
  const kept = await rig.people.devices(alice.as!.account!.id);
  for (const [n, { token }] of [alice, phone].entries()) {
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token));
    assertEquals(kept[n]!.hash, new Uint8Array(digest).toHex());
    assert(!Deno.inspect([kept, await rig.people.accounts(), rig.people], { depth: 20 }).includes(token));
  }
});

Deno.test("an operator disables an account: whoever is here goes, and its password tells why", async () => {
  await using rig = await AccountsRig.open();
  const alice = await rig.member("alice", "correct horse");
  const bob = await rig.member("bob", "password1");
  const { id } = alice.as!.account!;
  await rig.people.setDisabled(id, true);
  await rig.accounts.reload();
  assert(alice.ended?.includes("disabled"));
  assertEquals(bob.ended, undefined);
  assertEquals(outcome(await rig.connect().hello("alice", { session: alice.token })), "auth_required");
  assertEquals(outcome(await rig.connect().signIn("alice", "guess")), "auth");
  assertEquals(outcome(await rig.connect().signIn("alice", "correct horse")), "account_disabled");
  await rig.people.setDisabled(id, false);
  await rig.accounts.reload();
  assertEquals(outcome(await rig.connect().signIn("alice", "correct horse")), "account");
});

Deno.test("[D03] an operator resets a password: the old one and all devices are of no use, and nothing is locked", async () => {
  await using rig = await AccountsRig.open({ bounds: { inARow: 3 } });
  const alice = await rig.member("alice", "correct horse");
  for (let n = 0; n < 3; n++) await rig.connect(`10.0.0.${n}`).signIn("alice", "guess");
  assertEquals(outcome(await rig.connect().signIn("alice", "correct horse")), "auth_throttled");
  assertEquals(await resetPassword(rig.people, "nobody"), undefined);
  const password = (await resetPassword(rig.people, "alice"))!;
  assert(password.length >= 20);
  await rig.accounts.reload();
  assert(alice.ended?.includes("signed this device out"));
  assertEquals(outcome(await rig.connect().hello("alice", { session: alice.token })), "auth_required");
  assertEquals(outcome(await rig.connect().signIn("alice", "correct horse")), "auth");
  const again = rig.connect();
  const { stretching } = rig.accounts.directory.byName("alice")!;
  const { proof } = await again.login("alice", password, stretching);
  assertEquals(outcome(await again.hello("alice", { proof: proof! })), "account");
});

Deno.test("an account that was taken away on disk is gone, one that was added is there", async () => {
  await using rig = await AccountsRig.open();
  const alice = await rig.member("alice", "correct horse");
  const bob = await rig.member("bob", "correct horse");
  const { id: _, disabled: __, ...copy } = alice.as!.account!;
  const seen = { label: "", hash: "0".repeat(64), created: 0, seen: 0 };
  await rig.people.unregister(bob.as!.account!.id, 0);
  await rig.people.enrol({ ...copy, name: "zoe", skeletons: ["zoe"], identity: "zoe" }, seen);
  await rig.accounts.reload();
  assert(bob.ended);
  assertEquals(alice.ended, undefined);
  assertEquals(rig.accounts.directory.byName("bob"), undefined);
  assertEquals(outcome(await rig.connect().hello("zoe")), "auth_required");
});

Deno.test("accounts, devices and passwords outlive the server", async () => {
  const { people, token } = await (async () => {
    await using rig = await AccountsRig.open();
    const { token } = await rig.member("alice", "correct horse");
    return { people: rig.people, token };
  })();
  await using rig = await AccountsRig.open({ people });
  assertEquals(outcome(await rig.connect().hello("alice", { session: token })), "account");
  assertEquals(outcome(await rig.connect().signIn("alice", "correct horse")), "account");
});
