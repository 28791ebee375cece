import { assert, assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { AccountsRig, NO_PROOF, outcome } from "./support/accounts_rig.ts";
import { startLogin } from "./support/opaque_client.ts";

const MINUTE = 60_000;

Deno.test("a password signs in and is answered with a token, which signs in without it from then on", async () => {
  await using rig = await AccountsRig.open();
  await rig.member("alice", "correct horse");
  const phone = rig.connect();
  const who = await phone.signIn("alice", "correct horse", { device: "phone" });
  assert(!("code" in who) && who.kind === "account", JSON.stringify(who));
  assertMatch(who.token, /^[A-Za-z0-9_-]{43}$/);
  assertEquals([who.account.name, who.device], ["alice", 2]);
  const again = await rig.connect().hello("alice", { session: who.token });
  assert(!("code" in again) && again.kind === "account");
  assertEquals([again.device, again.token], [2, who.token]);
});

Deno.test("a registered name without a token or a proof is auth_required; a free one is a guest's", async () => {
  await using rig = await AccountsRig.open();
  await rig.member("alice", "correct horse");
  const bob = await rig.member("bob", "correct horse");
  const stranger = rig.connect();
  assertEquals(outcome(await stranger.hello("alice")), "auth_required");
  assertEquals(outcome(await stranger.hello("alice", { session: "x".repeat(43) })), "auth_required");
  assertEquals(
    outcome(await stranger.hello("alice", { session: bob.token })),
    "auth_required",
    "[D14] a token is good for its own account only",
  );
  assertEquals(outcome(await stranger.hello("a1ice")), "name_confusable");
  assertEquals(outcome(await stranger.hello("carol")), "guest");
});

Deno.test("a server for accounts only lets nobody in without one", async () => {
  await using rig = await AccountsRig.open({ required: true });
  assertEquals(outcome(await rig.connect().hello("alice")), "account_required");
  const alice = await rig.member("alice", "correct horse");
  assertEquals(alice.as?.account?.name, "alice");
});

Deno.test("[D01] a sixth wrong password reaches no OPAQUE, and a device signs in unhindered", async () => {
  await using rig = await AccountsRig.open();
  const alice = await rig.member("alice", "correct horse");
  const mallory = rig.connect("10.0.0.1");
  for (let n = 0; n < 5; n++) assertEquals(outcome(await mallory.signIn("alice", `guess ${n}`)), "auth");
  const jobs = rig.accounts.opaqueJobs;
  const refused = await mallory.signIn("alice", "correct horse");
  assert("code" in refused);
  assertEquals([refused.code, refused.retry_ms], ["auth_throttled", 10 * MINUTE]);
  assertEquals(rig.accounts.opaqueJobs, jobs);
  assertEquals(outcome(await rig.connect("10.0.0.1").signIn("alice", "correct horse")), "auth_throttled");
  const known = await rig.connect("10.0.0.1").hello("alice", { session: alice.token });
  assert(!("code" in known) && known.kind === "account");
  assertEquals(known.failures, 5, "its owner can be told");
  assertEquals(outcome(await rig.connect("10.0.0.2").signIn("alice", "correct horse")), "account");
  rig.pass(10 * MINUTE);
  assertEquals(outcome(await mallory.signIn("alice", "correct horse")), "account");
});

Deno.test("[D01] a guess that is never told counts: the client knows from the answer whether it is right", async () => {
  await using rig = await AccountsRig.open();
  await rig.member("alice", "correct horse");
  for (let n = 0; n < 5; n++) {
    using mallory = rig.connect("10.0.0.1");
    const { proof } = await mallory.login("alice", `guess ${n}`);
    assertEquals(proof, undefined);
  }
  assertEquals(outcome(await rig.connect("10.0.0.1").signIn("alice", "correct horse")), "auth_throttled");
});

Deno.test("[D02] one password tried on many names: 20 from one source, whether there are such accounts or not", async () => {
  await using rig = await AccountsRig.open();
  for (const name of ["u4", "u9", "u14"]) await rig.member(name, "correct horse");
  for (let n = 0; n < 20; n++) {
    assertEquals(outcome(await rig.connect("10.0.0.1").signIn(`u${n}`, "password1")), "auth");
  }
  const jobs = rig.accounts.opaqueJobs;
  assertEquals(outcome(await rig.connect("10.0.0.1").signIn("u20", "password1")), "auth_throttled");
  assertEquals(outcome(await rig.connect("10.0.0.1").signIn("u4", "correct horse")), "auth_throttled");
  assertEquals(rig.accounts.opaqueJobs, jobs);
  assertEquals(outcome(await rig.connect("10.0.0.2").signIn("u4", "correct horse")), "account");
});

Deno.test("[D03] after 100 wrong passwords from 100 addresses only devices sign in, until one changes the password", async () => {
  await using rig = await AccountsRig.open();
  const alice = await rig.member("alice", "correct horse");
  for (let n = 0; n < 100; n++) {
    using mallory = rig.connect(`127.0.${n}.1`);
    const { answer } = await mallory.login("alice", `guess ${n}`);
    assertEquals(outcome(answer), "login");
  }
  rig.pass(60 * MINUTE);
  const locked = await rig.connect("127.1.1.1").signIn("alice", "correct horse");
  assert("code" in locked);
  assertEquals([locked.code, locked.retry_ms], ["auth_throttled", undefined]);
  const known = await rig.connect().hello("alice", { session: alice.token });
  assert(!("code" in known) && known.kind === "account");
  assertEquals(known.failures, 100);
  assertEquals(
    outcome(await rig.connect("127.1.1.1").signIn("alice", "correct horse")),
    "auth_throttled",
    "a device that signs in is no reason for another 100 guesses",
  );
  const { proof } = await alice.login("alice", "correct horse");
  assertEquals(outcome(await alice.register("alice", "battery staple", { proof: proof! })), "enrolled");
  assertEquals(outcome(await rig.connect("127.1.1.1").signIn("alice", "battery staple")), "account");
});

Deno.test("[D03] a name without an account locks just the same", async () => {
  await using rig = await AccountsRig.open();
  for (let n = 0; n < 100; n++) {
    using mallory = rig.connect(`127.0.${n}.1`);
    await mallory.login("nobody", `guess ${n}`);
  }
  const locked = await rig.connect("127.1.1.1").signIn("nobody", "guess");
  assert("code" in locked);
  assertEquals([locked.code, locked.retry_ms], ["auth_throttled", undefined]);
});

Deno.test("[D04] a name without an account is answered like one with, for the same work", async () => {
  await using rig = await AccountsRig.open();
  await rig.member("alice", "correct horse");
  const told: unknown[] = [];
  for (const [name, address] of [["alice", "10.0.0.1"], ["nobody", "10.0.0.2"]] as const) {
    const jobs = rig.accounts.opaqueJobs;
    const customer = rig.connect(address);
    const { answer, proof } = await customer.login(name, "wrong");
    assert("type" in answer && answer.type === "login");
    const { response, ...rest } = answer;
    const end = await customer.hello(name, { proof: NO_PROOF });
    const counted = rig.accounts.opaqueJobs - jobs;
    const stretching = { ...rest.stretching };
    told.push({
      size: response.length,
      fields: Object.keys(rest),
      proof,
      end,
      counted,
      keys: Object.keys(stretching),
    });
  }
  assertEquals(told[0], told[1]);
  assertEquals((told[0] as { counted: number }).counted, 2);
});

Deno.test("[D04] a name without an account keeps its key: the same request gets the same evaluation, as with an account", async () => {
  await using rig = await AccountsRig.open();
  await rig.member("alice", "correct horse");
  const { request } = startLogin("guess");
  // The first 32 bytes of the answer are the evaluated element; what follows is drawn anew each time.
  const evaluated = async (name: string) => {
    const answer = await rig.connect().ask({ type: "login", name, request });
    assert("type" in answer && answer.type === "login");
    return answer.response.slice(0, 42);
  };
  assertEquals(await evaluated("alice"), await evaluated("alice"));
  assertEquals(await evaluated("nobody"), await evaluated("nobody"));
  assertNotEquals(await evaluated("nobody"), await evaluated("somebody"));
});

Deno.test("[D05] of many who sign in at once 32 wait, the others are told busy and may try again uncounted", async () => {
  await using rig = await AccountsRig.open();
  await rig.member("alice", "correct horse");
  const customers = Array.from({ length: 50 }, (_, n) => rig.connect(`10.0.0.${n}`));
  const { request } = startLogin("correct horse");
  const answers = await Promise.all(
    customers.map((each) => each.ask({ type: "login", name: "alice", request })),
  );
  const outcomes = answers.map(outcome);
  assertEquals(outcomes.filter((each) => each === "login").length, 33); // one is at work, 32 wait
  assertEquals(outcomes.filter((each) => each === "busy").length, 17);
  for (const answer of answers) {
    if (outcome(answer) === "busy") assert((answer as { retry_ms: number }).retry_ms > 0);
  }
  const who = await rig.connect("10.0.0.49").signIn("alice", "correct horse");
  assert(!("code" in who) && who.kind === "account", JSON.stringify(who));
  assertEquals(who.failures, 33);
});

Deno.test("[D06] nothing of a password is in what a client says, at registration, sign-in and change", async () => {
  await using rig = await AccountsRig.open();
  const passwords = ["Tr0ub4dor&3 zebra", "correct horse staple"] as const;
  const alice = await rig.member("alice", passwords[0]);
  const phone = rig.connect();
  await phone.signIn("alice", passwords[0]);
  const { proof } = await alice.login("alice", passwords[0]);
  assertEquals(outcome(await alice.register("alice", passwords[1], { proof: proof! })), "enrolled");
  const said = [...alice.said, ...phone.said].join("\n");
  assert(said.includes("proof") && said.includes("record"));
  for (const password of passwords) {
    const bytes = new TextEncoder().encode(password);
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    for (const form of [bytes, digest]) {
      for (const text of [form.toHex(), form.toBase64(), form.toBase64({ alphabet: "base64url" })]) {
        assert(!said.toLowerCase().includes(text.slice(0, 10).toLowerCase()));
      }
    }
    for (const word of password.split(" ")) assert(!said.includes(word), word);
  }
});

Deno.test("[D12] a sign-in that was overheard signs nobody in again", async () => {
  await using rig = await AccountsRig.open();
  await rig.member("alice", "correct horse");
  const { request, finish } = startLogin("correct horse");
  const alice = rig.connect();
  const answer = await alice.ask({ type: "login", name: "alice", request });
  assert("type" in answer && answer.type === "login");
  const proof = finish(answer.response)!;
  assertEquals(outcome(await alice.hello("alice", { proof })), "account");
  const mallory = rig.connect("10.0.0.1");
  assertEquals(outcome(await mallory.hello("alice", { proof })), "auth", "without a login");
  await mallory.ask({ type: "login", name: "alice", request });
  assertEquals(outcome(await mallory.hello("alice", { proof })), "auth", "after the same login");
  assertEquals(outcome(await alice.hello("alice", { proof })), "auth", "on the same connection");
});

Deno.test("a proof is good for the name it was begun for, and once", async () => {
  await using rig = await AccountsRig.open();
  await rig.member("alice", "correct horse");
  await rig.member("bob", "correct horse");
  const mallory = rig.connect("10.0.0.1");
  const { proof } = await mallory.login("bob", "correct horse");
  assertEquals(outcome(await mallory.hello("alice", { proof: proof! })), "auth");
  assertEquals(outcome(await mallory.hello("bob", { proof: proof! })), "auth", "it was used up");
  const { proof: early } = await mallory.login("bob", "correct horse");
  await mallory.login("bob", "wrong");
  assertEquals(outcome(await mallory.hello("bob", { proof: early! })), "auth", "a later login replaces it");
});

Deno.test("messages that are not of OPAQUE are refused, and the next one is served", async () => {
  await using rig = await AccountsRig.open();
  const alice = await rig.member("alice", "correct horse");
  for (const request of ["A", "AAAA", "A".repeat(128), "A".repeat(1_024), "_".repeat(128), "-".repeat(43)]) {
    using mallory = rig.connect(`10.0.0.${request.length % 250}`);
    assertEquals(outcome(await mallory.ask({ type: "login", name: "alice", request })), "schema");
    assertEquals(outcome(await mallory.ask({ type: "register", name: "mallory", request })), "schema");
    await mallory.login("alice", "guess");
    assertEquals(outcome(await mallory.hello("alice", { proof: request })), "auth");
    await mallory.choose("mallory", "guess");
    const stretching = { iterations: 1, memory: 8, parallelism: 1 };
    assertEquals(
      outcome(await mallory.ask({ type: "enrol", name: "mallory", record: request, stretching })),
      "schema",
    );
  }
  assertEquals(outcome(await rig.connect().hello("alice", { session: alice.token })), "account");
  assertEquals(rig.accounts.directory.size, 1);
  assertEquals(rig.reports, []);
});

Deno.test("a device was seen when it signs in, kept once a minute", async () => {
  await using rig = await AccountsRig.open();
  const { token, as } = await rig.member("alice", "correct horse");
  const seen = async () => (await rig.people.devices(as!.account!.id))[0]!.seen;
  const first = await seen();
  rig.pass(MINUTE - 1);
  await rig.connect().hello("alice", { session: token });
  assertEquals(await seen(), first);
  rig.pass(1);
  await rig.connect().hello("alice", { session: token });
  assertEquals(await seen(), first + MINUTE);
});
