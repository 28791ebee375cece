import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { Refused } from "../client/chat_client.ts";
import { serve } from "../server/serve.ts";
import { connect, signedIn } from "./support/watched.ts";

const LOBBY = "#lobby";

Deno.test("everybody is shown the same messages in the same order, the sender included", async () => {
  await using server = await serve();
  await using alice = await signedIn(server.port, "alice");
  await using bob = await signedIn(server.port, "bob");
  for (let n = 0; n < 10; n++) (n % 2 ? alice : bob).client.say(LOBBY, `${n}`);
  await Promise.all([alice, bob].map((each) => each.until(() => each.count("entry") === 10)));
  assertEquals(alice.shown(LOBBY), bob.shown(LOBBY));
  assertEquals(alice.client.speakers, ["bob"]);
  assertEquals([...alice.client.rooms.get("lobby")!], ["alice", "bob"]);
});

Deno.test("a whisper is shown to both, and its sender hears that it arrived", async () => {
  await using server = await serve();
  await using alice = await signedIn(server.port, "alice");
  await using bob = await signedIn(server.port, "bob");
  const draft = alice.client.say("@bob", "psst");
  const heard = await bob.next("entry");
  assertEquals([heard.to, heard.mine, heard.entry.text], ["@alice", false, "psst"]);
  const own = await alice.next("entry");
  assertEquals([own.to, own.mine, own.entry.id], ["@bob", true, draft.id]);
  assertEquals(await alice.next("receipt"), {
    kind: "receipt",
    with: "bob",
    seq: own.entry.seq,
    id: draft.id,
    status: "delivered",
  });
});

Deno.test("a refused name asks for another on the same connection", async () => {
  await using server = await serve();
  await using _alice = await signedIn(server.port, "alice");
  await using other = connect(server.port, "ALICE");
  const { name, code } = await other.next("nameRefused");
  assertEquals([name, code], ["ALICE", "name_taken"]);
  other.client.rename("Carol");
  assertEquals((await other.next("online")).name, "carol");
  assertEquals(server.counts().connections, 2);
});

Deno.test("a name that cannot even be sent is refused without asking the server", async () => {
  await using server = await serve();
  await using other = connect(server.port, "x".repeat(5_000));
  assertEquals((await other.next("nameRefused")).code, "name_invalid");
  other.client.rename("fine");
  await other.next("online");
});

Deno.test("another name can be chosen after the server got tired of waiting", async () => {
  await using server = await serve({ limits: { signInSeconds: 0.2 } });
  await using _alice = await signedIn(server.port, "alice");
  let dials = 0;
  const { tcp } = await import("../client/transport.ts");
  await using other = connect(server.port, "alice", {
    dial: () => {
      dials++;
      return tcp("127.0.0.1", server.port);
    },
  });
  await other.next("nameRefused");
  while (server.counts().connections > 1) await new Promise((resolve) => setTimeout(resolve, 10));
  other.client.rename("bob");
  await other.next("online");
  assertEquals(dials, 2);
});

Deno.test("what is refused comes back with its text and its code, and the rest goes on", async () => {
  await using server = await serve();
  await using alice = await signedIn(server.port, "alice");
  const { client } = alice;
  const refused = [
    client.say("@zed", "to nobody"),
    client.say("#nowhere", "to no room"),
    client.say(LOBBY, "x".repeat(4_001)),
    client.say(LOBBY, "y".repeat(200_000)),
    client.say(LOBBY, ""),
    client.say(LOBBY, "half a pair \ud800"),
  ];
  client.say(LOBBY, "fine");
  await client.settled();
  await alice.next("entry");
  const outcomes = new Map(
    alice.seen.flatMap((event) => event.kind === "refused" ? [[event.draft.id, event]] : []),
  );
  assertEquals(
    refused.map(({ id }) => outcomes.get(id)?.code),
    ["unknown_user", "room", "too_long", "too_long", "schema", "schema"],
  );
  for (const draft of refused) assertEquals(outcomes.get(draft.id)?.draft, draft);
  assertEquals(alice.shown(LOBBY), ["alice: fine"]);
  assertEquals(client.pending, []);
});

Deno.test("requests resolve with their answers, and reject with the server's code", async () => {
  await using server = await serve();
  await using alice = await signedIn(server.port, "alice");
  await using bob = await signedIn(server.port, "bob");
  assertEquals(await alice.client.join("Ops"), ["alice"]);
  assertEquals(await bob.client.join("ops"), ["alice", "bob"]);
  await alice.next("joined", ({ room, user }) => room === "ops" && user === "bob");
  assertEquals(await alice.client.users(), ["alice", "bob"]);
  assertEquals((await alice.client.roomList()).map(({ room, users }) => [room, users]), [["lobby", 2], [
    "ops",
    2,
  ]]);
  bob.client.say("#ops", "one");
  bob.client.say("#ops", "two");
  await bob.client.settled();
  assertEquals((await alice.client.history("#ops")).map(({ text }) => text), ["one", "two"]);
  assertEquals((await alice.client.history("#ops", 2, 10)).map(({ text }) => text), ["one"]);
  await alice.client.leave("ops");
  await bob.next("left", ({ room, user }) => room === "ops" && user === "alice");
  const refusals: [() => Promise<unknown>, string][] = [
    [() => alice.client.leave("ops"), "not_member"],
    [() => alice.client.users("ops"), "not_member"],
    [() => alice.client.join("no such\u0000room"), "schema"],
    [() => alice.client.join("-"), "room"],
  ];
  for (const [ask, code] of refusals) {
    const error = await assertRejects(ask, Refused);
    assertEquals((error as Refused).code, code);
  }
});

Deno.test("the name is free as soon as bye has resolved, and ended is the last event", async () => {
  await using server = await serve();
  for (let round = 0; round < 5; round++) {
    const alice = await signedIn(server.port, "alice");
    alice.client.say(LOBBY, "hello");
    await alice.client.bye();
    await alice.over;
    assertEquals(alice.seen.at(-1), { kind: "ended", why: "bye", message: "Goodbye" });
    assertEquals(alice.count("nameRefused"), 0);
  }
});

Deno.test("where nobody listens, the client ends and says where and why", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const alice = connect(port, "alice");
  await alice.over;
  const last = alice.seen.at(-1)!;
  assert(last.kind === "ended" && last.why === "unreachable");
  assertStringIncludes(last.message, `127.0.0.1:${port}`);
  assertStringIncludes(last.message, "refused");
});
