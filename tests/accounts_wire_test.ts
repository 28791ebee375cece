import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Event } from "../protocol/schema.ts";
import { DEFAULT_LIMITS } from "../server/limits.ts";
import { SqliteStore } from "../server/store/store_client.ts";
import { asked, begun, helloWith, registered } from "./support/member.ts";
import { type House, openHouse } from "./support/house.ts";
import type { Wire } from "./support/wire.ts";

function outcome(event: Event): string {
  return event.type === "error" ? event.code : event.type;
}

/** A new account with its first connection, signed in. */
async function enter(house: House, name: string, password: string, from?: string) {
  const wire = await house.open(from);
  const enrolled = await registered(wire, name, password);
  assert(enrolled.type === "enrolled", JSON.stringify(enrolled));
  await wire.signIn(name, { session: enrolled.session });
  return Object.assign(wire, { token: enrolled.session });
}

Deno.test("[D11] over the wire: register, sign in with the password, sign in with the token, change the password", async () => {
  await using house = await openHouse();
  using laptop = await enter(house, "alice", "correct horse");
  using phone = await house.open();
  const welcome = await helloWith(phone, "alice", "correct horse", { device: "phone" });
  assert(welcome.type === "welcome", JSON.stringify(welcome));
  assertEquals(welcome.account, "member");
  assertMatch(welcome.session, /^[A-Za-z0-9_-]{43}$/);
  using again = await house.open();
  assertEquals(
    (await again.signIn("alice", { session: welcome.session, instance: "a".repeat(16) })).account,
    "member",
  );
  const { proof } = await begun(laptop, "alice", "correct horse");
  const changed = await registered(laptop, "alice", "battery staple", { proof: proof! });
  assert(changed.type === "enrolled" && changed.session === laptop.token);
  for (const wire of [phone, again]) {
    const last = (await wire.rest()).at(-1)!;
    assert(last.type === "error" && last.code === "replaced" && last.fatal, JSON.stringify(last));
  }
  using thief = await house.open();
  assertEquals(outcome(await thief.hello("alice", { session: welcome.session })), "auth_required");
  assertEquals(outcome(await helloWith(thief, "alice", "correct horse")), "auth");
  assertEquals(outcome(await helloWith(thief, "alice", "battery staple")), "welcome");
  await laptop.fence();
  await house.undisturbed();
});

Deno.test("[D03] who signs in is told of sign-ins that did not end well, once", async () => {
  await using house = await openHouse();
  using alice = await enter(house, "alice", "correct horse");
  using thief = await house.open();
  for (const guess of ["password1", "password2"]) {
    assertEquals(outcome(await helloWith(thief, "alice", guess)), "auth");
  }
  using phone = await house.open();
  const told = await phone.signIn("alice", { session: alice.token, instance: "c".repeat(16) });
  assertEquals(told.failures, 2);
  using laptop = await house.open();
  const welcome = await helloWith(laptop, "alice", "correct horse");
  assertEquals(welcome.type === "welcome" && welcome.failures, 2);
  using tablet = await house.open();
  assertEquals(
    (await tablet.signIn("alice", { session: alice.token, instance: "d".repeat(16) })).failures,
    undefined,
  );
});

Deno.test("a guest registers in place: same rooms, and a session that is a token", async () => {
  await using house = await openHouse();
  using alice = await house.enter("alice");
  await alice.send({ type: "join", room: "ops" });
  await alice.until("joined", ({ user }) => user === "alice");
  const enrolled = await registered(alice, "alice", "correct horse");
  assert(enrolled.type === "enrolled");
  await alice.send({ type: "message", room: "ops", id: "m1", text: "still here" });
  assertEquals((await alice.until("message")).from, "alice");
  using twin = await house.open();
  const welcome = await twin.signIn("alice", { session: enrolled.session, instance: "b".repeat(16) });
  assertEquals(welcome.rooms.map(({ room }) => room).sort(), ["lobby", "ops"]);
});

Deno.test("[D09] two connections of one device and instance: the newer replaces the older, which says nothing after", async () => {
  await using house = await openHouse();
  using older = await enter(house, "alice", "correct horse");
  using newer = await house.open();
  await newer.signIn("alice", { session: older.token });
  await older.send({ type: "message", room: "lobby", id: "late", text: "too late" }).catch(() => {});
  const last = (await older.rest()).at(-1)!;
  assert(last.type === "error" && last.code === "replaced");
  const told = [...await newer.fence(), ...await house.witness.fence()];
  assertEquals(told.filter(({ type }) => type === "message"), []);
});

Deno.test("[D01] over the wire: the sixth wrong password is throttled, its owner signs in by its device unhindered", async () => {
  await using house = await openHouse();
  using alice = await enter(house, "alice", "correct horse");
  using mallory = await house.open("127.9.9.9");
  for (let n = 0; n < 5; n++) assertEquals(outcome(await helloWith(mallory, "alice", `guess ${n}`)), "auth");
  const refused = await helloWith(mallory, "alice", "correct horse");
  assert(refused.type === "error" && refused.code === "auth_throttled");
  assert(refused.retry_ms! > 500_000 && refused.retry_ms! <= 600_000 && !refused.fatal);
  using device = await house.open("127.9.9.9");
  await device.signIn("alice", { session: alice.token, instance: "c".repeat(16) });
  assertEquals((await mallory.signIn("mallory")).name, "mallory", "the refusal was soft");
});

Deno.test("[D02] over the wire: spraying ends after 20 names, registered or not", async () => {
  await using house = await openHouse();
  for (const name of ["user-3", "user-11"]) (await enter(house, name, "correct horse"))[Symbol.dispose]();
  using mallory = await house.open("127.9.9.9");
  for (let n = 0; n < 20; n++) {
    assertEquals(outcome(await helloWith(mallory, `user-${n}`, "password1")), "auth");
  }
  assertEquals(outcome(await helloWith(mallory, "user-20", "password1")), "auth_throttled");
  using honest = await house.open("127.9.9.8");
  assertEquals(outcome(await helloWith(honest, "user-3", "correct horse")), "welcome");
  await house.undisturbed();
});

Deno.test("[D03] over the wire: 100 addresses guess; then passwords are closed and the device is not", async () => {
  await using house = await openHouse();
  using alice = await enter(house, "alice", "correct horse");
  for (let n = 0; n < 100; n++) {
    using mallory = await house.open(`127.7.${n}.1`);
    assertEquals(outcome((await begun(mallory, "alice", `guess ${n}`)).answer), "login");
  }
  using late = await house.open("127.8.0.1");
  const refused = await helloWith(late, "alice", "correct horse");
  assert(refused.type === "error");
  assertEquals([refused.code, refused.retry_ms], ["auth_throttled", undefined]);
  using device = await house.open("127.8.0.1");
  await device.signIn("alice", { session: alice.token, instance: "d".repeat(16) });
});

Deno.test("[D04] over the wire: names with and without an account are answered in frames of the same shape and size", async () => {
  await using house = await openHouse();
  using alice = await enter(house, "alice", "correct horse");
  const frames: string[][] = [];
  // With the stretching of real clients, which is what names without an account show.
  const { proof } = await begun(alice, "alice", "correct horse");
  await changeStretching(alice, "alice", proof!);
  for (const name of ["alice", "carol"]) {
    using wire = await house.open(`127.6.0.${frames.length + 1}`);
    await helloWith(wire, name, "wrong");
    frames.push(
      wire.payloads.map((each) =>
        each.replaceAll(/"(ref|response)":"[^"]*"/g, (text, key) => `${key} ${text.length}`)
      ),
    );
  }
  assertEquals(frames[0], frames[1]);
  assertEquals(frames[0]!.length, 2);
});

Deno.test("[D06] over the wire: blobs that are too long or none are refused by the schema, one of garbage by OPAQUE", async () => {
  await using house = await openHouse();
  using wire = await house.open();
  for (
    const request of ["A".repeat(1_025), "", "$", "é", "A B", "A".repeat(1_024), "A".repeat(128), 7, null]
  ) {
    assertEquals(
      outcome(await asked(wire, { type: "login", name: "alice", request }, "login")),
      "schema",
      `${request}`,
    );
    assertEquals(
      outcome(await asked(wire, { type: "register", name: "alice", request }, "register")),
      "schema",
    );
  }
  assertEquals((await registered(wire, "alice", "correct horse")).type, "enrolled");
  await house.undisturbed();
});

Deno.test("[D06] passwords of any kind do as long as both ends have the same: what is prepared is the client's", async () => {
  await using house = await openHouse();
  for (
    const [n, password] of [
      "x".repeat(256),
      "nul\0nul\0",
      "\u{1f511}".repeat(64),
      "e\u0301e\u0301e\u0301e\u0301",
    ].entries()
  ) {
    using wire = await house.open();
    assertEquals((await registered(wire, `user-${n}`, password)).type, "enrolled");
    assertEquals(outcome(await helloWith(wire, `user-${n}`, password)), "welcome");
  }
});

Deno.test("[D07] over sockets: 50 clients register one name at the same instant, one is enrolled", async () => {
  await using house = await openHouse();
  for (let round = 0; round < 4; round++) {
    const wires = await Promise.all(Array.from({ length: 50 }, () => house.open()));
    const outcomes = await Promise.all(wires.map((wire) => persistently(wire, `name-${round}`)));
    assertEquals(outcomes.filter((each) => each !== "name_taken"), ["enrolled"]);
    for (const wire of wires) wire[Symbol.dispose]();
  }
  await house.undisturbed();
});

/** Registers a name, again as long as the server is busy. */
async function persistently(wire: Wire, name: string): Promise<string> {
  for (;;) {
    const answer = outcome(await registered(wire, name, "password1"));
    if (answer !== "busy") return answer;
  }
}

Deno.test("[C08] over the wire: the sixth account of an hour from one address is refused with a time", async () => {
  await using house = await openHouse({ limits: { accountsPerHour: DEFAULT_LIMITS.accountsPerHour } });
  using wire = await house.open("127.5.0.1");
  for (let n = 0; n < 5; n++) {
    assertEquals((await registered(wire, `user-${n}`, "password1")).type, "enrolled");
  }
  const refused = await registered(wire, "user-5", "password1");
  assert(refused.type === "error" && refused.code === "rate" && refused.retry_ms! > 3_000_000);
  using other = await house.open("127.5.0.2");
  assertEquals((await registered(other, "user-5", "password1")).type, "enrolled");
});

Deno.test("[D10] neither tokens nor anything of passwords are in the files of the data folder", async () => {
  const folder = await Deno.makeTempDir();
  const secrets = ["correct horse", "battery staple"];
  try {
    await using house = await openHouse({ store: await SqliteStore.open({ folder }) });
    using alice = await enter(house, "alice", "correct horse");
    using phone = await house.open();
    const welcome = await helloWith(phone, "alice", "correct horse", { device: "a phone" });
    assert(welcome.type === "welcome");
    const { proof } = await begun(alice, "alice", "correct horse");
    secrets.push(alice.token, welcome.session, proof!);
    await registered(alice, "alice", "battery staple", { proof: proof! });
    await house.witness.fence();
    const kept = await contents(folder);
    assert(kept.includes("alice") && kept.includes("a phone"), "the files are looked at as they are");
    for (const secret of secrets) assert(!kept.includes(secret), secret);
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(alice.token));
    assert(kept.includes(new Uint8Array(digest).toHex()));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("accounts, tokens and the owner outlive a restart of the server", async () => {
  const folder = await Deno.makeTempDir();
  try {
    let token: string;
    {
      await using house = await openHouse({ store: await SqliteStore.open({ folder }) });
      using wire = await house.open();
      const claim = house.server.ownerCode!;
      const enrolled = await registered(wire, "alice", "correct horse", { claim });
      assert(enrolled.type === "enrolled" && enrolled.account === "owner");
      token = enrolled.session;
    }
    await using house = await openHouse({ store: await SqliteStore.open({ folder }) });
    assertEquals(house.server.ownerCode, undefined);
    using wire = await house.open();
    assertEquals((await wire.signIn("alice", { session: token })).account, "owner");
    using other = await house.open();
    assertEquals(outcome(await helloWith(other, "alice", "correct horse")), "welcome");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("[D15] an account that goes: its other connections end, it is answered, senders are told unknown_user, what was said stays", async () => {
  await using house = await openHouse();
  using alice = await enter(house, "alice", "correct horse");
  using twin = await house.open();
  await twin.signIn("alice", { session: alice.token, instance: "e".repeat(16) });
  await alice.send({ type: "message", room: "lobby", id: "m1", text: "I was here" });
  await house.witness.until("message");
  const { proof } = await begun(alice, "alice", "correct horse");
  const answer = await asked(alice, { type: "unregister", proof }, "unregistered");
  assertEquals(outcome(answer), "unregistered");
  for (const wire of [alice, twin]) assertEquals(outcome((await wire.rest()).at(-1)!), "replaced");
  assertEquals(
    outcome(await asked(house.witness, { type: "whisper", to: "alice", id: "w1", text: "?" }, "whisper")),
    "unknown_user",
  );
  await house.witness.send({ type: "history", room: "lobby" });
  const { entries } = await house.witness.until("history");
  assertEquals(entries.map(({ text }) => text), ["I was here"]);
  using late = await house.open();
  assertEquals(outcome(await registered(late, "alice", "password1")), "name_taken");
  for (const name of ["alice", "a1ice"]) assertEquals(outcome(await late.hello(name)), "name_taken");
});

Deno.test("[D14] every request about accounts by strangers, guests and members, aimed at somebody else, is refused softly", async () => {
  await using house = await openHouse();
  using alice = await enter(house, "alice", "correct horse");
  const request = "A".repeat(43);
  const stretching = { iterations: 1, memory: 8, parallelism: 1 };
  const attacks = [
    { type: "register", name: "alice", request },
    { type: "enrol", name: "alice", record: "A".repeat(256), stretching },
    { type: "unregister", proof: "A".repeat(86) },
    { type: "devices" },
    { type: "revoke", device: 7 },
  ] as const;
  using guest = await house.enter("guest");
  using member = await enter(house, "member", "password1");
  using stranger = await house.open();
  for (const [who, wire] of [["stranger", stranger], ["guest", guest], ["member", member]] as const) {
    for (const attack of attacks) {
      await (wire as Wire).send(attack);
      const [answer, ...more] = await heard(wire);
      assertEquals(more, []);
      assert(answer, `${who} ${attack.type}`);
      if (who === "member" && attack.type === "devices") {
        assert(answer.type === "devices" && answer.devices.length === 1);
      } else if (who === "member" && attack.type === "revoke") {
        assert(
          answer.type === "error" && answer.code === "device" && !answer.fatal,
          "its own have other numbers",
        );
      } else {
        assert(answer.type === "error" && !answer.fatal, `${who} ${attack.type}`);
        assertMatch(answer.code, /^(?:state|name_taken|not_signed_in)$/, `${who} ${attack.type}`);
      }
    }
  }
  await alice.fence();
  assertEquals((await asked(alice, { type: "devices" }, "devices")).type, "devices");
});

/** What answers, from a wire that has signed in or not; who comes and goes is no answer. */
async function heard(wire: Wire): Promise<Event[]> {
  await wire.send({ type: "ping", ref: "end" });
  const events: Event[] = [];
  for (let event; (event = await wire.next());) {
    if ((event.type === "pong" || event.type === "error") && event.ref === "end") break;
    if (event.type !== "joined" && event.type !== "left") events.push(event);
  }
  return events;
}

/** Chooses the password again, with the stretching that clients choose. */
async function changeStretching(wire: Wire, name: string, proof: string): Promise<void> {
  const { startRegistration } = await import("./support/opaque_client.ts");
  const { request, finish } = startRegistration("another one");
  const answer = await asked(wire, { type: "register", name, request }, "register");
  assert(answer.type === "register");
  const stretching = { iterations: 3, memory: 65_536, parallelism: 1 };
  const record = finish(answer.response);
  const enrolled = await asked(wire, { type: "enrol", name, record, stretching, proof }, "enrolled");
  assertEquals(enrolled.type, "enrolled");
}

/** All files of a folder as one text, byte for byte. */
async function contents(folder: string): Promise<string> {
  const texts: string[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    texts.push(new TextDecoder("latin1").decode(await Deno.readFile(`${folder}/${name}`)));
  }
  return texts.join("\n");
}
