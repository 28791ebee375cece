import { assert, assertEquals, assertRejects } from "@std/assert";
import { Refused } from "../client/chat_client.ts";
import type { Entry } from "../protocol/schema.ts";
import { FakeServer, said } from "./support/fake_server.ts";
import { SlowMemory } from "./support/slow_memory.ts";
import { signedIn } from "./support/watched.ts";

const LOBBY = "#lobby";
const READ = [{ room: "lobby", seq: 5 }, { room: "@bob", seq: 2 }];

function whisper(seq: number, from: string, to: string, id = `w${seq}`): Entry {
  return { type: "whisper", from, to, seq, at: said(1, "", "").at, id, text: "psst" };
}

Deno.test("[U8] what is read in one turn is told in one go, only where it is news; what others read is heard", async () => {
  const memory = new SlowMemory();
  await using server = new FakeServer(async (peer) => {
    await peer.welcome({ account: "member", read: READ });
    const marks = [await peer.next("read"), await peer.next("read")];
    assertEquals(marks.map(({ room, seq }) => [room, seq]), [["lobby", 9], ["@bob", 3]]);
    assertEquals(await peer.fence(), []);
    await peer.send(...[4, 12].map((seq) => ({ type: "read", room: "lobby", seq }) as const));
    assertEquals((await peer.next("read")).seq, 13);
    peer.close();
  }, async (peer) => {
    await peer.welcome({ account: "member", read: [{ room: "lobby", seq: 20 }] });
    const { room, seq } = await peer.next("read");
    assertEquals([room, seq], ["@bob", 3], "what the server has lost is told again");
    assertEquals((await peer.next("read")).room, "@carol", "and what was read while away");
  });
  await using alice = await signedIn(server.port, "alice", { memory });
  const { client } = alice;
  assertEquals(alice.seen[0]?.kind === "online" && [...alice.seen[0].read], [[LOBBY, 5], ["@bob", 2]]);
  for (const seq of [4, 6, 9, 8]) client.read(LOBBY, seq);
  client.read("@bob", 3);
  const { to, seq } = await alice.next("read");
  assertEquals([to, seq], [LOBBY, 12]);
  for (const seq of [11, 12, 13]) client.read(LOBBY, seq);
  await alice.next("offline");
  client.read("@carol", 1);
  assertEquals([...(await alice.next("online")).read], [[LOBBY, 20], ["@bob", 3], ["@carol", 1]]);
  await alice.until(() => true);
  assertEquals(alice.count("read"), 1);
  assert(memory.log.includes("read #lobby 13") && memory.log.includes("read @carol 1"));
});

Deno.test("[U8] a guest's marks are its own affair", async () => {
  await using server = new FakeServer(async (peer) => {
    await peer.welcome();
    await peer.next("users");
    assertEquals(peer.waiting, []);
    await peer.send({ type: "users", users: [], ref: "r1" });
  });
  await using alice = await signedIn(server.port, "alice");
  alice.client.read(LOBBY, 4);
  await Promise.resolve();
  assertEquals(await alice.client.users(), []);
});

Deno.test("[P3] [P5] a receipt says whether a whisper is kept, and later that it and those before it have arrived", async () => {
  await using server = new FakeServer(async (peer) => {
    await peer.welcome();
    for (let seq = 1; seq <= 2; seq++) {
      const { id } = await peer.next("whisper");
      await peer.send(whisper(seq, "alice", "bob", id), {
        type: "receipt",
        with: "bob",
        seq,
        status: "kept",
      });
    }
    await peer.send({ type: "receipt", with: "bob", seq: 2, status: "delivered" });
  });
  await using alice = await signedIn(server.port, "alice");
  const [one, two] = [alice.client.say("@bob", "psst"), alice.client.say("@bob", "psst")];
  await alice.until(() => alice.count("receipt") === 3);
  const receipts = alice.seen.flatMap((event) =>
    event.kind === "receipt" ? [[event.id, event.seq, event.status]] : []
  );
  assertEquals(receipts, [[one.id, 1, "kept"], [two.id, 2, "kept"], [two.id, 2, "delivered"]]);
});

Deno.test("[P5] [M3] full disks are waited for, full mailboxes and expired ids are final", async () => {
  await using server = new FakeServer(async (peer) => {
    await peer.welcome();
    const refuse = async (code: string) => {
      const { ref } = await peer.next("whisper");
      await peer.send({
        type: "error",
        code,
        message: code,
        ref,
        ...code === "store_full" ? { retry_ms: 5 } : {},
      });
    };
    for (const code of ["store_full", "mailbox_full", "expired"]) await refuse(code);
  });
  await using alice = await signedIn(server.port, "alice");
  const one = alice.client.say("@bob", "one");
  await alice.next("refused", ({ draft, code }) => draft.id === one.id && code === "mailbox_full");
  alice.client.say("@bob", "two");
  await alice.next("refused", ({ code }) => code === "expired");
  assertEquals(alice.client.pending, []);
});

Deno.test("[Q5] [Q8] pages of history and what a search finds come as the server has them", async () => {
  await using server = new FakeServer(async (peer) => {
    await peer.welcome();
    const asked = await peer.next("history");
    assertEquals([asked.room, asked.before, asked.limit], ["@bob", 9, 2]);
    const entries = [whisper(7, "bob", "alice"), whisper(8, "bob", "alice")];
    await peer.send({ type: "history", room: "@bob", entries, more: false, expired: 6, ref: asked.ref });
    const { ref, ...search } = await peer.next("search");
    assertEquals(search, { type: "search", text: "disk full", from: "bob", room: "ops", limit: 5 });
    await peer.send({ type: "found", entries, more: true, ref });
    await peer.refuse("search", "not_member");
  });
  await using alice = await signedIn(server.port, "alice");
  const page = await alice.client.historyPage("@bob", { before: 9, limit: 2 });
  assertEquals([page.entries.map(({ seq }) => seq), page.more, page.expired], [[7, 8], false, 6]);
  const found = await alice.client.search({ text: "disk full", from: "bob", to: "#ops", limit: 5 });
  assertEquals([found.entries.length, found.more], [2, true]);
  const error = await assertRejects(() => alice.client.search({ to: "#secret" }), Refused);
  assertEquals((error as Refused).code, "not_member");
});
