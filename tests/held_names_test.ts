import { assert, assertEquals, assertNotEquals } from "@std/assert";
import type { Event } from "../protocol/schema.ts";
import { eventually, openHouse } from "./support/house.ts";
import { only } from "./support/wire.ts";

/** `welcome`, or the code of the error that came instead. */
function outcome(event: Event): string {
  return event.type === "error" ? event.code : event.type;
}

Deno.test("[H6] bye frees the name at once, and what waits is still sent", async () => {
  await using house = await openHouse({ limits: { holdSeconds: 1_000 } });
  using wire = await house.enter("alice");
  await wire.send({ type: "message", room: "lobby", id: "m", text: "last" }, { type: "users" }, {
    type: "bye",
  });
  assertEquals((await wire.rest()).map(({ type }) => type), ["message", "users"]);
  using again = await house.enter("alice");
  assertEquals(again.welcome.resumed, false);
  assertNotEquals(again.welcome.session, wire.welcome.session);
});

Deno.test("[H6] the name of somebody who vanished is held, then free", async () => {
  await using house = await openHouse({ limits: { holdSeconds: 1.5, graceSeconds: 0.2 } });
  using wire = await house.enter("alice");
  wire[Symbol.dispose]();
  await eventually("she is gone", () => house.server.counts().connections === 1);
  using other = await house.open();
  assertEquals(outcome(await other.hello("alice")), "name_taken");
  assertEquals(outcome(await other.hello("a1ice")), "name_confusable");
  await eventually("the name is free", async () => outcome(await other.hello("alice")) === "welcome");
});

Deno.test("[H6] the others are told that somebody left, unless it is back by then", async () => {
  await using house = await openHouse({ limits: { holdSeconds: 1_000, graceSeconds: 1_000 } });
  using wire = await house.enter("alice");
  await house.witness.until("joined", ({ user }) => user === "alice");
  wire[Symbol.dispose]();
  await eventually("she is gone", () => house.server.counts().users === 1);
  const { session } = wire.welcome;
  using back = await house.enter("alice", { session });
  assertEquals([back.welcome.resumed, back.welcome.session], [true, session]);
  assertEquals(await house.witness.fence(), []);
});

Deno.test("[H6] somebody who stays away is told of once, and once more on coming back", async () => {
  await using house = await openHouse({ limits: { holdSeconds: 1_000, graceSeconds: 0.1 } });
  using wire = await house.enter("alice");
  wire[Symbol.dispose]();
  await house.witness.until("left", ({ user }) => user === "alice");
  using back = await house.enter("alice", { session: wire.welcome.session });
  await house.witness.until("joined", ({ user }) => user === "alice");
  assert(back.welcome.resumed);
  assertEquals(await house.witness.fence(), []);
});

Deno.test("[R1] a session takes the name from a connection that still seems alive, which ends with replaced", async () => {
  await using house = await openHouse();
  using first = await house.enter("alice");
  await first.send({ type: "join", room: "tea" });
  await first.until("joined");
  using second = await house.enter("alice", { session: first.welcome.session });
  assertEquals(second.welcome.rooms.map(({ room }) => room), ["lobby", "tea"]);
  assertEquals(only(await first.rest(), "error").code, "replaced");
  await house.undisturbed();
});

Deno.test("[R1] a session nobody knows, or of another name, takes nothing", async () => {
  await using house = await openHouse();
  using alice = await house.enter("alice");
  using wire = await house.open();
  assertEquals(outcome(await wire.hello("alice", { session: "A".repeat(32) })), "name_taken");
  assertEquals(outcome(await wire.hello("witness", { session: alice.welcome.session })), "name_taken");
  const bob = await wire.signIn("bob", { session: alice.welcome.session });
  assertEquals(bob.resumed, false);
  assertNotEquals(bob.session, alice.welcome.session);
  await alice.fence();
});
