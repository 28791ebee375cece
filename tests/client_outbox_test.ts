import { assertEquals, assertRejects } from "@std/assert";
import { Refused } from "../client/chat_client.ts";
import { serve } from "../server/serve.ts";
import { FakeServer, said } from "./support/fake_server.ts";
import { signedIn } from "./support/watched.ts";

const LOBBY = "#lobby";

Deno.test("settled rejects when the client ends before every outcome is known", async () => {
  await using server = new FakeServer(async (peer) => {
    await peer.welcome();
  });
  await using alice = await signedIn(server.port, "alice");
  alice.client.say(LOBBY, "is never answered");
  const refused = [
    assertRejects(() => alice.client.users(), Refused),
    assertRejects(() => alice.client.settled(), Refused),
  ];
  await alice.client.bye();
  await Promise.all(refused);
  assertEquals(alice.client.pending.length, 1);
  alice.client.say(LOBBY, "too late");
  await assertRejects(() => alice.client.join("ops"), Refused);
});

Deno.test("at most 32 messages are on their way, and they are answered in any order", async () => {
  await using server = new FakeServer(async (peer) => {
    await peer.welcome();
    const ids: string[] = [];
    for (let n = 0; n < 32; n++) ids.push((await peer.next("message")).id);
    await peer.send({ type: "ping", ref: "anything more?" });
    await peer.next("pong");
    assertEquals(peer.waiting, []);
    for (const [at, id] of ids.entries()) await peer.send(said(at + 1, "alice", `${at}`, id));
    for (let n = 32; n < 40; n++) {
      const { id, text } = await peer.next("message");
      assertEquals(text, `${n}`);
      await peer.send(said(n + 1, "alice", text, id));
    }
  });
  await using alice = await signedIn(server.port, "alice");
  for (let n = 0; n < 40; n++) alice.client.say(LOBBY, `${n}`);
  await alice.client.settled();
  await alice.until(() => alice.count("entry") === 40);
});

Deno.test("[C02] after `rate` the client waits, and sends again from there in order", async () => {
  await using server = new FakeServer(async (peer) => {
    await peer.welcome();
    let seq = 0;
    for (let n = 0; n < 10; n++) {
      const { id, text } = await peer.next("message");
      if (n < 3) await peer.send(said(++seq, "alice", text, id));
      else await peer.send({ type: "error", code: "rate", message: "Too fast", retry_ms: 50, ref: id });
    }
    for (let n = 3; n < 10; n++) {
      const { id, text } = await peer.next("message");
      assertEquals(text, `${n}`);
      if (n === 6) {
        await peer.send({ type: "error", code: "store_busy", message: "Wait", retry_ms: 5, ref: id });
      } else if (n > 6) {
        await peer.send({ type: "error", code: "store_busy", message: "Wait", ref: id, retry_ms: 1 });
      } else await peer.send(said(++seq, "alice", text, id));
    }
    for (let n = 6; n < 10; n++) {
      const { id, text } = await peer.next("message");
      assertEquals(text, `${n}`);
      await peer.send(said(++seq, "alice", text, id));
    }
  });
  await using alice = await signedIn(server.port, "alice");
  for (let n = 0; n < 10; n++) alice.client.say(LOBBY, `${n}`);
  await alice.client.settled();
  await alice.until(() => alice.count("entry") === 10);
  assertEquals(alice.shown(LOBBY), Array.from({ length: 10 }, (_, n) => `alice: ${n}`));
  assertEquals(alice.count("refused"), 0);
});

Deno.test("[C02] a burst above the server's rates arrives whole and in order", async () => {
  await using server = await serve({
    limits: { messageBurst: 5, messageRate: 500, byteBurst: 4096, byteRate: 65536 },
  });
  await using alice = await signedIn(server.port, "alice");
  for (let n = 0; n < 200; n++) alice.client.say(LOBBY, `${n}`);
  await alice.client.settled();
  await alice.until(() => alice.count("entry") === 200);
  assertEquals(alice.shown(LOBBY), Array.from({ length: 200 }, (_, n) => `alice: ${n}`));
});
