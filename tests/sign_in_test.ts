import { assert, assertEquals, assertNotEquals } from "@std/assert";
import type { Event } from "../protocol/schema.ts";
import { DEFAULT_LIMITS, shown } from "../server/limits.ts";
import { openHouse } from "./support/house.ts";
import { REQUESTS } from "./support/samples.ts";
import { only } from "./support/wire.ts";

/** `welcome`, or the code of the error that came instead. */
function outcome(event: Event): string {
  return event.type === "error" ? event.code : event.type;
}

Deno.test("[H1] [H4] hello is answered with welcome, which says all that a client needs", async () => {
  await using house = await openHouse({ version: "7.8.9", limits: DEFAULT_LIMITS });
  await house.witness.send({ type: "message", room: "lobby", id: "m", text: "before" });
  await house.witness.until("message");
  using wire = await house.open();
  const { session, server: { log, ...server }, ...welcome } = await wire.signIn("Alice", {
    ref: "h1",
    client: "test",
    extra: { ignored: true },
  });
  assertEquals(welcome, {
    type: "welcome",
    protocol: 1,
    name: "alice",
    resumed: false,
    limits: shown(DEFAULT_LIMITS),
    rooms: [{ room: "lobby", seq: 1, users: ["witness", "alice"] }],
    ref: "h1",
  });
  assertEquals(server, { version: "7.8.9" });
  for (const token of [session, log]) assert(/^[A-Za-z0-9_-]{16,64}$/.test(token));
});

Deno.test("[H4] two guests have two sessions and the same log", async () => {
  await using house = await openHouse();
  using one = await house.enter("one");
  using other = await house.enter("other");
  assertNotEquals(one.welcome.session, other.welcome.session);
  assertEquals(one.welcome.server.log, other.welcome.server.log);
});

Deno.test("[T8] limits that are lifted are missing in welcome", async () => {
  await using house = await openHouse({ limits: { messageRate: 7 } });
  using wire = await house.enter("alice");
  assertEquals(wire.welcome.limits["message_rate"], 7);
  assert(!("request_rate" in wire.welcome.limits));
  assertEquals(wire.welcome.limits["json_bytes"], 65_536);
});

Deno.test("[A16] [H1] before welcome everything but what leads to it is answered with not_signed_in", async () => {
  await using house = await openHouse();
  using wire = await house.open();
  for (const { value } of REQUESTS) {
    if (["hello", "login", "register", "enrol", "transfer"].includes(value.type)) continue;
    await wire.send(value);
    const { code, fatal, ref } = await wire.until("error");
    assertEquals([code, fatal, ref], ["not_signed_in", undefined, "r1"], value.type);
  }
  assertEquals((await wire.signIn("late")).name, "late");
  await house.undisturbed();
});

Deno.test("[A16] [H5] after welcome everything but hello is answered as it should be", async () => {
  const expected: Readonly<Record<string, string>> = {
    hello: "state",
    message: "message",
    whisper: "unknown_user",
    users: "users",
    join: "joined",
    leave: "left",
    rooms: "rooms",
    history: "history",
    ping: "pong",
    pong: "",
    bye: "",
    login: "state",
    transfer: "state",
    upload: "file",
    download: "file",
    fetched: "file",
    withdraw: "file",
    register: "state",
    enrol: "state",
    unregister: "state",
    devices: "state",
    revoke: "state",
    read: "",
    search: "room",
    publish: "keys", // for accounts only
    keys: "keys",
    key_log: "keys",
    vault: "keys",
    archive: "keys",
  };
  await using house = await openHouse();
  using wire = await house.enter("alice");
  for (const { value } of REQUESTS) {
    if (value.type === "bye") continue;
    await wire.send(value);
    const events = await wire.fence();
    assertEquals(events.map(outcome).join(), expected[value.type], value.type);
    for (const event of events) {
      if (event.type !== "message") assertEquals("ref" in event ? event.ref : "none", "r1", value.type);
    }
  }
  await wire.send({ type: "bye" });
  assertEquals(await wire.rest(), []);
  assertEquals(new Set(REQUESTS.map(({ value }) => value.type)), new Set(Object.keys(expected)));
});

Deno.test("[A16] [H5] a second hello changes nothing: neither the name nor the rooms", async () => {
  await using house = await openHouse();
  using wire = await house.enter("alice");
  for (let n = 0; n < 5; n++) assertEquals(outcome(await wire.hello(`mallory-${n}`)), "state");
  await wire.send({ type: "users" });
  assertEquals((await wire.until("users")).users, ["alice", "witness"]);
  await house.undisturbed();
});

for (
  const [what, protocol] of Object.entries({
    zero: 0,
    two: 2,
    "a string": "1",
    null: null,
    huge: 1e15,
    list: [1],
  })
) {
  Deno.test(`[A19] [H2] a protocol version that is ${what} is refused, with those that are not`, async () => {
    await using house = await openHouse();
    using wire = await house.open();
    const { message, ...refused } = only([await wire.hello("alice", { protocol, ref: "v" })], "error");
    assert(message.length > 0);
    assertEquals(refused, { type: "error", code: "unsupported_protocol", min: 1, max: 1, ref: "v" });
    assertEquals((await wire.signIn("alice")).name, "alice");
  });
}

Deno.test("[A19] [H2] a hello without a version is refused", async () => {
  await using house = await openHouse();
  using wire = await house.open();
  await wire.send({ type: "hello", name: "alice" });
  assertEquals((await wire.until("error")).code, "unsupported_protocol");
  await wire.send({ type: "hello", protocol: 1.0, name: "alice" });
  await wire.until("welcome");
});
