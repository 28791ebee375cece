import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { FileMemory } from "../client/memory/file_memory.ts";
import { FakeServer, said } from "./support/fake_server.ts";
import { Pocket } from "./support/pocket.ts";
import { SlowMemory } from "./support/slow_memory.ts";
import { signedIn } from "./support/watched.ts";

const LOBBY = "#lobby";

Deno.test("[F11] a message leaves only when it is on disk, and none overtakes another", async () => {
  const memory = new SlowMemory();
  const texts: string[] = [];
  const later = Promise.withResolvers<void>();
  const quiet = Promise.withResolvers<void>();
  await using server = new FakeServer(async (peer) => {
    await peer.welcome();
    await later.promise;
    const before = await peer.fence();
    quiet.resolve();
    assertEquals(before.filter(({ type }) => type === "message"), []);
    for (let seq = 1; seq <= 3; seq++) {
      const { text, id } = await peer.next("message");
      texts.push(text);
      await peer.send(said(seq, "alice", text, id));
    }
  });
  await using alice = await signedIn(server.port, "alice", { memory });
  for (const text of ["one", "two", "three"]) alice.client.say(LOBBY, text);
  assertEquals(memory.keeping.map(({ draft }) => draft.text), ["one", "two", "three"]);
  const [one, two, three] = memory.keeping;
  three!.done.resolve();
  two!.done.resolve();
  later.resolve();
  await quiet.promise;
  one!.done.resolve();
  await alice.until(() => alice.count("entry") === 3);
  assertEquals(texts, ["one", "two", "three"]);
  const own = memory.keeping.map(({ draft }) => `done ${draft.id}`);
  assertEquals(memory.log.filter((line) => line.startsWith("done")), own);
});

Deno.test("[F11] nothing leaves before it is written down who sends it", async () => {
  const memory = new SlowMemory({ drafts: [{ id: "old", to: LOBBY, text: "by an earlier process" }] });
  const signing = Promise.withResolvers<void>();
  memory.signing = signing.promise;
  await using server = new FakeServer(async (peer) => {
    await peer.welcome();
    const before = [...await peer.fence(), ...await peer.fence()];
    signing.resolve();
    assertEquals(before.filter(({ type }) => type === "message"), []);
    const { text, id } = await peer.next("message");
    await peer.send(said(1, "alice", text, id));
  });
  await using alice = await signedIn(server.port, "alice", { memory });
  await alice.client.settled();
  await alice.until(() => alice.count("entry") === 1);
  assertEquals(memory.log.at(-1), "done old");
});

Deno.test("the answer to what an earlier process has sent does not hide what came before it", async () => {
  const memory = new SlowMemory({ drafts: [{ id: "old", to: "@bob", text: "psst" }] });
  await using server = new FakeServer(async (peer) => {
    await peer.welcome();
    const { id } = await peer.next("whisper");
    const entries = [4, 5].map((seq) => ({
      ...said(seq, seq === 5 ? "alice" : "bob", "psst", seq === 5 ? id : "other"),
      type: "whisper" as const,
      to: seq === 5 ? "bob" : "alice",
    }));
    await peer.send(entries[1]!);
    const { ref } = await peer.next("history");
    await peer.send({ type: "history", room: "@bob", entries: entries.slice(0, 1), more: false, ref });
  });
  await using alice = await signedIn(server.port, "alice", { memory });
  await alice.until(() => alice.count("entry") === 2);
  assertEquals(alice.shown("@bob"), ["bob: psst", "alice: psst"]);
});

Deno.test("[F12] what cannot be kept is told, once, and sent all the same", async () => {
  const memory = new SlowMemory();
  await using server = new FakeServer(async (peer) => {
    await peer.welcome();
    for (let seq = 1; seq <= 3; seq++) {
      const { text, id } = await peer.next("message");
      await peer.send(said(seq, "alice", text, id));
    }
  });
  await using alice = await signedIn(server.port, "alice", { memory });
  for (const text of ["one", "two", "three"]) alice.client.say(LOBBY, text);
  for (const { done } of memory.keeping) done.reject(new Error("No space left on device"));
  await alice.client.settled();
  await alice.until(() => alice.count("entry") === 3);
  assertStringIncludes((await alice.next("notSaved")).message, "No space left");
  assertEquals(alice.count("notSaved"), 1);
});

Deno.test("[F11] many messages said in one turn are put on disk together", async () => {
  await using pocket = await Pocket.make();
  const memory = await FileMemory.open({ folder: pocket.folder, name: "alice" });
  const syncData = Deno.FsFile.prototype.syncData;
  let syncs = 0;
  Deno.FsFile.prototype.syncData = function () {
    syncs++;
    return syncData.call(this);
  };
  try {
    await Promise.all(
      Array.from({ length: 500 }, (_, n) => memory.keep({ id: `d${n}`, to: LOBBY, text: "hi" })),
    );
    assertEquals(syncs, 1);
    const first = memory.keep({ id: "first", to: LOBBY, text: "hi" });
    await Promise.resolve();
    await Promise.all([
      first,
      memory.keep({ id: "second", to: LOBBY, text: "hi" }),
      memory.keep({ id: "third", to: LOBBY, text: "hi" }),
    ]);
    assert(syncs <= 3);
  } finally {
    Deno.FsFile.prototype.syncData = syncData;
  }
  await memory[Symbol.asyncDispose]();
});

Deno.test("who says goodbye has sent what it said before; what was not taken is sent by the next process", async () => {
  await using pocket = await Pocket.make();
  const texts: string[] = [];
  await using server = new FakeServer(async (peer) => {
    await peer.welcome();
    texts.push((await peer.next("message")).text);
    await peer.next("bye").catch(() => {});
  }, async (peer) => {
    const hello = await peer.welcome();
    assertEquals(hello.session, "session-of-the-fake", "the same guest, or it might be stored twice");
    const { text, id } = await peer.next("message");
    texts.push(text);
    await peer.send(said(1, "alice", text, id));
  });
  const alice = await signedIn(server.port, "alice", await pocket.options("alice"));
  const draft = alice.client.say(LOBBY, "famous last words");
  await alice.client.bye();
  await alice.over;
  await using again = await signedIn(server.port, "alice", await pocket.options("alice"));
  assertEquals((await again.next("queued")).draft, draft);
  await again.next("entry", ({ mine }) => mine);
  await again.client.settled();
  assertEquals(texts, ["famous last words", "famous last words"]);
});

Deno.test("a guest who says goodbye is somebody new at the next start, an account is not", async () => {
  for (const account of [undefined, "member"] as const) {
    await using pocket = await Pocket.make();
    await using server = new FakeServer(async (peer) => {
      await peer.welcome({ ...account ? { account } : {}, seq: 5 });
    }, async (peer) => {
      const { session, resume } = await peer.welcome(account ? { account } : {});
      assertEquals([session, resume], account ? ["session-of-the-fake", { lobby: 5 }] : [undefined, {}]);
    });
    for (let round = 0; round < 2; round++) {
      await using _alice = await signedIn(server.port, "alice", await pocket.options("alice"));
    }
  }
});

Deno.test("[F11] what was told but not shown is told again by the next process, what was shown is not", async () => {
  await using pocket = await Pocket.make();
  await using server = new FakeServer(async (peer) => {
    await peer.welcome({ account: "member", seq: 5 });
    await peer.send(said(6, "bob", "six"), said(7, "bob", "seven"));
    await peer.send({
      type: "whisper",
      from: "bob",
      to: "alice",
      seq: 3,
      at: said(1, "", "").at,
      id: "w",
      text: "psst",
    });
  }, async (peer) => {
    assertEquals((await peer.welcome({ account: "member", seq: 7 })).resume, { lobby: 6, "@bob": 2 });
  });
  {
    await using alice = await signedIn(server.port, "alice", await pocket.options("alice"));
    await alice.until(() => alice.count("entry") === 3);
    alice.client.shown(LOBBY, 6);
    alice.client.shown("#elsewhere", 4);
  }
  await using _again = await signedIn(server.port, "alice", await pocket.options("alice"));
});

Deno.test("[F21] where the server has less than was shown, the place goes back with it", async () => {
  const memory = new SlowMemory();
  await using server = new FakeServer(async (peer) => {
    await peer.welcome({ seq: 9 });
    peer.close();
  }, async (peer) => {
    await peer.welcome({ seq: 5 });
  });
  await using alice = await signedIn(server.port, "alice", { memory });
  await alice.next("gap");
  assertEquals(memory.log, [
    "signed in session-of-the-fake",
    "seen #lobby 9",
    "signed in session-of-the-fake",
    "forget #lobby",
    "seen #lobby 5",
  ]);
});

Deno.test("a room that was left is not entered again by the next process", async () => {
  const memory = new SlowMemory();
  await using server = new FakeServer(async (peer) => {
    await peer.welcome({ seq: 9 });
    const { ref } = await peer.next("leave");
    await peer.send({ type: "left", room: "lobby", user: "alice", ref });
  });
  await using alice = await signedIn(server.port, "alice", { memory });
  await alice.client.leave("lobby");
  alice.client.shown(LOBBY, 9);
  assertEquals(memory.log.slice(1), ["seen #lobby 9", "forget #lobby"]);
});
