import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { OpaqueHost } from "../server/accounts/opaque_host.ts";
import type { PeopleStore } from "../server/store/store.ts";
import { QUICK, startLogin, startRegistration } from "./support/opaque_client.ts";
import { somePeople } from "./support/people.ts";

const rogue = new URL("./support/rogue_opaque_worker.ts", import.meta.url);

interface Rig extends AsyncDisposable {
  readonly host: OpaqueHost;
  readonly people: PeopleStore;
  readonly reports: string[];
  now: number;
}

async function open(
  { people = somePeople(), entry }: { people?: PeopleStore; entry?: URL } = {},
): Promise<Rig> {
  const rig = { people, reports: [] as string[], now: 0 };
  const report = (error: Error) => void rig.reports.push(error.message);
  const host = await OpaqueHost.open({ people, clock: () => rig.now, report, entry });
  return Object.assign(rig, { host, [Symbol.asyncDispose]: () => host[Symbol.asyncDispose]() });
}

/** The record of a password, made as a client makes it. */
async function recordOf(host: OpaqueHost, id: string, password: string): Promise<string> {
  const { request, finish } = startRegistration(password);
  const answer = await host.register(id, request);
  assert(answer.type === "register");
  return finish(answer.text);
}

/** A sign-in up to its proof. */
async function begin(
  host: OpaqueHost,
  credential: { id: string; record: string } | undefined,
  password: string,
) {
  const { request, finish } = startLogin(password);
  const answer = await host.login({ name: "alice", credential, request });
  assert(answer.type === "login", answer.type);
  return { login: answer.login, proof: finish(answer.text) };
}

/** What becomes of a request that the rogue Worker takes for a word. */
async function say(host: OpaqueHost, word: string): Promise<string> {
  return (await host.login({ name: "alice", credential: undefined, request: word })).type;
}

Deno.test("the secret is made at the first start and kept: records made before are good after", async () => {
  const people = somePeople();
  const credential = { id: "a", record: "" };
  {
    await using rig = await open({ people });
    credential.record = await recordOf(rig.host, "a", "correct horse");
  }
  const secret = await people.setting("opaque");
  assertEquals(secret?.length, 171);
  await using rig = await open({ people });
  assertEquals(await people.setting("opaque"), secret);
  const { login, proof } = await begin(rig.host, credential, "correct horse");
  assertEquals(await rig.host.prove(login, proof!), { type: "proof", outcome: "right" });
});

Deno.test("a secret that is none is refused at the start, and not replaced", async () => {
  const people = somePeople();
  await people.setSetting("opaque", "AAAA");
  await assertRejects(() => open({ people }), Error, "Cannot use the secret of passwords");
  assertEquals(await people.setting("opaque"), "AAAA");
});

Deno.test("a record is good under the identifier it was made for, and no other", async () => {
  await using rig = await open();
  const record = await recordOf(rig.host, "a", "correct horse");
  assertEquals((await begin(rig.host, { id: "b", record }, "correct horse")).proof, undefined);
  assertEquals((await begin(rig.host, undefined, "correct horse")).proof, undefined);
  assert((await begin(rig.host, { id: "a", record }, "correct horse")).proof);
});

Deno.test("a sign-in ends once, whichever way, and not after it was forgotten", async () => {
  await using rig = await open();
  const credential = { id: "a", record: await recordOf(rig.host, "a", "correct horse") };
  const wrong = await begin(rig.host, credential, "correct horse");
  const outcomes = [];
  for (const proof of ["A".repeat(86), wrong.proof!, "AAAA"]) {
    outcomes.push((await rig.host.prove(wrong.login, proof) as { outcome: string }).outcome);
  }
  assertEquals(outcomes, ["wrong", "gone", "gone"]);
  const { login, proof } = await begin(rig.host, credential, "correct horse");
  rig.host.forget(login);
  assertEquals(await rig.host.prove(login, proof!), { type: "proof", outcome: "gone" });
});

Deno.test("of very many sign-ins under way the oldest are forgotten", async () => {
  await using rig = await open();
  const credential = { id: "a", record: await recordOf(rig.host, "a", "correct horse") };
  const first = await begin(rig.host, credential, "correct horse");
  const { request } = startLogin("guess");
  for (let n = 0; n < 1_022; n++) await rig.host.login({ name: "bob", credential: undefined, request });
  const last = await begin(rig.host, credential, "correct horse");
  await rig.host.login({ name: "bob", credential: undefined, request });
  assertEquals(await rig.host.prove(first.login, first.proof!), { type: "proof", outcome: "gone" });
  assertEquals(await rig.host.prove(last.login, last.proof!), { type: "proof", outcome: "right" });
});

Deno.test("what is no message of OPAQUE is malformed, and nothing else", async () => {
  await using rig = await open();
  const record = await recordOf(rig.host, "a", "correct horse");
  const garbage = ["", "A", "$", "AAAA", "A".repeat(128), "_".repeat(1_024), "ü", "\0", "\ud800", "A=", " "];
  for (const text of garbage) {
    const login = { name: "alice", credential: { id: "a", record }, request: text };
    assertEquals((await rig.host.login(login)).type, "malformed", `login ${JSON.stringify(text)}`);
    assertEquals((await rig.host.register("a", text)).type, "malformed", `register ${JSON.stringify(text)}`);
    assertEquals((await rig.host.check(text)).type, "malformed", `check ${JSON.stringify(text)}`);
    const begun = await begin(rig.host, { id: "a", record }, "correct horse");
    assertEquals(await rig.host.prove(begun.login, text), { type: "proof", outcome: "wrong" });
    const { request } = startLogin("correct horse");
    const spoilt = { name: "alice", credential: { id: "a", record: text }, request };
    assertEquals((await rig.host.login(spoilt)).type, "malformed", `record ${JSON.stringify(text)}`);
  }
  assertEquals((await rig.host.check(record)).type, "check");
  assertEquals(rig.reports, []);
});

for (const word of ["throw", "reject", "other", "nonsense"]) {
  Deno.test(`a Worker that breaks (${word}) is reported and replaced; what it had in hand is lost, the rest is served`, async () => {
    await using rig = await open({ entry: rogue });
    const credential = { id: "a", record: await recordOf(rig.host, "a", "correct horse") };
    const begun = await begin(rig.host, credential, "correct horse");
    const [broken, ...served] = await Promise.all([
      say(rig.host, word),
      ...[1, 2, 3].map(() => after(rig.host)),
    ]);
    assertEquals(broken, "lost");
    assertEquals(served, ["login", "login", "login"]);
    assertEquals(rig.reports.length, 1);
    assertEquals(
      await rig.host.prove(begun.login, begun.proof!),
      { type: "proof", outcome: "gone" },
      "a new Worker knows of no sign-in of the old one",
    );
    const { login, proof } = await begin(rig.host, credential, "correct horse");
    assertNotEquals(login, begun.login);
    assertEquals(await rig.host.prove(login, proof!), { type: "proof", outcome: "right" });
  });
}

Deno.test("a Worker that speaks unasked is replaced", async () => {
  await using rig = await open({ entry: rogue });
  assertEquals(await say(rig.host, "twice"), "login");
  while (rig.reports.length === 0) await new Promise<void>((resolve) => setTimeout(resolve, 1));
  assertEquals(rig.reports, ["Cannot trust the OPAQUE Worker: it did not answer what was asked"]);
  assertEquals(await after(rig.host), "login");
});

Deno.test("a Worker that does not answer is replaced after a while", async () => {
  await using rig = await open({ entry: rogue });
  const waiting = say(rig.host, "silent");
  rig.now = 4_999;
  rig.host.sweep(rig.now);
  assertEquals(rig.reports, []);
  rig.now = 5_000;
  rig.host.sweep(rig.now);
  assertEquals(await waiting, "lost");
  assertEquals(rig.reports, ["Cannot check passwords: the OPAQUE Worker does not answer"]);
  assertEquals(await after(rig.host), "login");
});

Deno.test("a Worker that does not start leaves nobody waiting, and the next who comes tries again", async () => {
  const people = somePeople();
  let fails = false;
  const setting = (key: string) => fails ? Promise.reject(new Error("the disk")) : people.setting(key);
  const setSetting = (key: string, value: string) => people.setSetting(key, value);
  const reports: string[] = [];
  const report = (error: Error) => void reports.push(error.message);
  await using host = await OpaqueHost.open({
    people: { setting, setSetting },
    clock: () => 0,
    report,
    entry: rogue,
  });
  fails = true;
  assertEquals(await Promise.all([say(host, "throw"), after(host)]), ["lost", "lost"]);
  fails = false;
  assertEquals(await after(host), "login");
  assertEquals(reports.length, 2);
  assertEquals(reports[1], "the disk");
});

Deno.test("a host that is disposed of leaves nobody waiting", async () => {
  const rig = await open({ entry: rogue });
  const waiting = [say(rig.host, "silent"), after(rig.host)];
  await rig[Symbol.asyncDispose]();
  assertEquals(await Promise.all([...waiting, after(rig.host)]), ["lost", "lost", "lost"]);
  assertEquals(rig.reports, []);
});

Deno.test("a password that we make for somebody is one that signs in", async () => {
  await using rig = await open();
  const made = await rig.host.make({ credential: "a", password: "made here", stretching: QUICK });
  assert(made.type === "make");
  const { login, proof } = await begin(rig.host, { id: "a", record: made.text }, "made here");
  assertEquals(await rig.host.prove(login, proof!), { type: "proof", outcome: "right" });
});

/** What becomes of an honest sign-in. */
async function after(host: OpaqueHost): Promise<string> {
  const { request } = startLogin("correct horse");
  return (await host.login({ name: "alice", credential: undefined, request })).type;
}
