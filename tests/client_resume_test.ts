import { assert, assertEquals } from "@std/assert";
import { encode } from "../protocol/codec.ts";
import type { Entry } from "../protocol/schema.ts";
import { FakeServer, said } from "./support/fake_server.ts";
import { SlowMemory } from "./support/slow_memory.ts";
import { signedIn } from "./support/watched.ts";

const LOBBY = "#lobby";

Deno.test("[F20] an entry that the server skipped is fetched before anything after it is shown", async () => {
  await using server = new FakeServer(async (peer) => {
    await peer.welcome({ seq: 3 });
    await peer.send(said(4, "bob", "4"), said(7, "bob", "7"));
    const asked = await peer.next("history");
    assertEquals([asked.room, asked.before], ["lobby", 7]);
    await peer.send(said(8, "bob", "8"), said(4, "bob", "4"));
    const entries = [5, 6].map((seq) => said(seq, "bob", `${seq}`));
    await peer.send({
      type: "history",
      room: "lobby",
      entries: entries.slice(1),
      more: true,
      ref: asked.ref,
    });
    const again = await peer.next("history");
    assertEquals(again.before, 6);
    await peer.send(
      { type: "history", room: "lobby", entries, more: true, ref: again.ref },
      said(9, "bob", "9"),
    );
  });
  await using alice = await signedIn(server.port, "alice");
  await alice.until(() => alice.count("entry") === 6);
  assertEquals(alice.shown(LOBBY), [4, 5, 6, 7, 8, 9].map((n) => `bob: ${n}`));
  assertEquals(alice.count("gap"), 0);
});

Deno.test("[F20] what can no longer be had is named, and the rest is shown", async () => {
  await using server = new FakeServer(async (peer) => {
    await peer.welcome({ seq: 1 });
    await peer.send(said(2, "bob", "2"), said(9, "bob", "9"));
    const asked = await peer.next("history");
    const entries = [5, 6].map((seq) => said(seq, "bob", `${seq}`));
    await peer.send({ type: "history", room: "lobby", entries, more: false, ref: asked.ref });
    await peer.send({ type: "gap", room: "lobby", from: 10, to: 19, why: "expired" }, said(20, "bob", "20"));
    await peer.send(said(30, "bob", "30"));
    const { ref } = await peer.next("history");
    await peer.send({ type: "error", code: "not_member", message: "No", ref });
  });
  await using alice = await signedIn(server.port, "alice");
  await alice.until(() => alice.count("entry") === 6);
  assertEquals(alice.shown(LOBBY), [2, 5, 6, 9, 20, 30].map((n) => `bob: ${n}`));
  const gaps = alice.seen.flatMap((event) =>
    event.kind === "gap" ? [[event.from, event.until, event.why]] : []
  );
  assertEquals(gaps, [[3, 4, "missing"], [7, 8, "missing"], [10, 19, "expired"], [21, 29, "missing"]]);
});

Deno.test("[F21] a server that has less than the client is told apart from a hole", async () => {
  await using server = new FakeServer(
    async (peer) => {
      await peer.welcome({ seq: 9 });
      peer.close();
    },
    async (peer) => {
      assertEquals((await peer.welcome({ seq: 5 })).resume, { lobby: 9 });
      await peer.send(said(6, "bob", "six again"));
    },
  );
  await using alice = await signedIn(server.port, "alice");
  const gap = await alice.next("gap");
  assertEquals([gap.to, gap.from, gap.until], [LOBBY, 6, 9]);
  assertEquals((await alice.next("entry")).entry.text, "six again");
});

Deno.test("[F21] whispers that the server has lost: it says so, and what comes next is shown", async () => {
  const memory = new SlowMemory();
  await using server = new FakeServer(
    async (peer) => {
      await peer.welcome();
      await peer.send(whisper(7, "seven"), whisper(8, "eight"));
      peer.close();
    },
    async (peer) => {
      assertEquals((await peer.welcome()).resume, { lobby: 0, "@bob": 8 });
      await peer.send({ type: "gap", room: "@bob", from: 8, to: 8, why: "lost" }, whisper(8, "eight again"));
    },
  );
  await using alice = await signedIn(server.port, "alice", { memory });
  const { to, from, until, why } = await alice.next("gap");
  assertEquals([to, from, until, why], ["@bob", 8, 8, "lost by the server"]);
  await alice.until(() => alice.count("entry") === 3);
  assertEquals(alice.shown("@bob"), ["bob: seven", "bob: eight", "bob: eight again"]);
  assertEquals(memory.log.slice(-2), ["forget @bob", "seen @bob 7"]);
});

Deno.test("[F21] whoever is told that its whispers are not its own goes on with what comes", async () => {
  await using server = new FakeServer(
    async (peer) => {
      await peer.welcome();
      await peer.send(whisper(7, "seven"));
      peer.close();
    },
    async (peer) => {
      await peer.welcome();
      await peer.send({ type: "gap", room: "@bob", from: 1, to: 7, why: "not_yours" }, whisper(3, "three"));
      assertEquals((await peer.fence()).filter(({ type }) => type === "history"), []);
    },
  );
  await using alice = await signedIn(server.port, "alice");
  const gap = await alice.next("gap");
  alice.client.shown(gap.to, gap.until);
  await alice.until(() => alice.count("entry") === 2);
  assertEquals(alice.shown("@bob"), ["bob: seven", "bob: three"]);
  assertEquals([gap.from, gap.until, gap.why, alice.count("gap")], [1, 7, "not_yours", 1]);
});

Deno.test("[F21] what was shown does not count for what the server puts in its place", async () => {
  const memory = new SlowMemory();
  await using server = new FakeServer(
    async (peer) => {
      await peer.welcome({ seq: 9 });
      peer.close();
    },
    async (peer) => void await peer.welcome({ seq: 5 }),
  );
  await using alice = await signedIn(server.port, "alice", { memory });
  alice.client.shown(LOBBY, (await alice.next("gap")).until);
  assertEquals(memory.log.slice(-3), ["forget #lobby", "seen #lobby 5", "seen #lobby 5"]);
});

Deno.test("[U9] an account's rooms are what the server says: those of its other devices are kept, theirs are not undone", async () => {
  const room = (room: string) => ({ room, seq: 4, users: ["alice"] });
  const requests = Promise.withResolvers<string[]>();
  await using server = new FakeServer(
    async (peer) => {
      await peer.welcome({ account: "member", rooms: [room("lobby"), room("tea")] });
      peer.close();
    },
    async (peer) => {
      await peer.welcome({ account: "member", rooms: [room("lobby"), room("ops")] });
      requests.resolve((await peer.fence()).map(({ type }) => type));
    },
  );
  await using alice = await signedIn(server.port, "alice");
  const { room: gone } = await alice.next("left");
  assertEquals(gone, "tea");
  assertEquals([...alice.client.rooms.keys()], ["lobby", "ops"]);
  assertEquals(await requests.promise, []);
});

Deno.test("a hello that resumes stays within the first frame and the keys of an object", async () => {
  const names = Array.from({ length: 150 }, (_, n) => `${"ж".repeat(28)}${n}`);
  await using server = new FakeServer(
    async (peer) => {
      await peer.welcome();
      for (const from of names) {
        await peer.send({
          type: "whisper",
          from,
          to: "alice",
          seq: 3,
          at: said(1, "", "").at,
          id: "w",
          text: "hi",
        });
      }
      peer.close();
    },
    async (peer) => {
      const hello = await peer.welcome();
      const keys = Object.keys(hello.resume!);
      assert(encode(hello).length <= 4_096 + 4);
      assert(keys.length > 20 && keys.length <= 64);
      assertEquals(keys[0], "lobby");
      assertEquals(keys[1], `@${names.at(-1)}`);
    },
  );
  await using alice = await signedIn(server.port, "alice");
  await alice.until(() => alice.count("online") === 2);
  assertEquals(alice.count("entry"), names.length);
});

Deno.test("a consumer that does not read makes the client stop reading, and misses nothing", async () => {
  const COUNT = 10_000;
  let written = 0;
  await using server = new FakeServer(async (peer) => {
    await peer.welcome();
    for (let seq = 1; seq <= COUNT; seq++) {
      await peer.send(said(seq, "bob", "x".repeat(3_500)));
      written = seq;
    }
  });
  const { ChatClient } = await import("../client/chat_client.ts");
  const { tcp } = await import("../client/transport.ts");
  const client = new ChatClient({
    dial: () => tcp("127.0.0.1", server.port),
    name: "alice",
    version: "test",
  });
  client.start();
  const events = client.events[Symbol.asyncIterator]();
  assertEquals((await events.next()).value.kind, "online");
  for (let before = -1; written !== before;) { // until the kernel's buffers are full and the writer stands still
    before = written;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  assert(written < COUNT, "the client read everything although nobody took it");
  for (let seq = 1; seq <= COUNT;) {
    const { value } = await events.next();
    if (value.kind !== "entry") continue;
    assertEquals(value.entry.seq, seq++);
  }
  await client.bye();
});

function whisper(seq: number, text: string): Entry {
  return {
    type: "whisper",
    from: "bob",
    to: "alice",
    seq,
    at: said(1, "", "").at,
    id: `w-${text.replaceAll(" ", "-")}`,
    text,
  };
}
