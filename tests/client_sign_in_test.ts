import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { FileMemory } from "../client/memory/file_memory.ts";
import { OpaquePake } from "../client/pake/opaque_pake.ts";
import type { Hello } from "../protocol/schema.ts";
import { type FakePeer, FakeServer, said } from "./support/fake_server.ts";
import { eventually } from "./support/house.ts";
import { OpaquePeer, QUICK } from "./support/opaque_peer.ts";
import { Pocket } from "./support/pocket.ts";
import { connect, signedIn } from "./support/watched.ts";

const LOBBY = "#lobby";
const LOG = "log-of-the-fake-0";
const TOKEN = "token-of-the-device-1";

/** Somebody who has been here before. */
async function known(pocket: Pocket, { account = true, serverKey = "key" } = {}): Promise<void> {
  await using memory = await FileMemory.open({ folder: pocket.folder, name: "alice" });
  await memory.signedIn({ session: TOKEN, log: LOG, account, serverKey });
  memory.seen(LOBBY, 7);
  memory.seen("@bob", 2);
  memory.read(LOBBY, 6);
}

/** Knows alice by her password. */
async function acquainted(): Promise<OpaquePeer> {
  const opaque = await OpaquePeer.make();
  using pake = new OpaquePake();
  const begun = await pake.register("correct horse");
  const { record } = await begun.finish(opaque.registration("alice", begun.request), QUICK);
  opaque.keep("alice", record, QUICK);
  return opaque;
}

Deno.test("[R1] [R2] [U5] what an earlier process knew is shown in the very first hello", async () => {
  await using pocket = await Pocket.make();
  await known(pocket);
  const hellos: Hello[] = [];
  const play = async (peer: FakePeer) => {
    hellos.push(
      await peer.welcome({
        seq: 8,
        account: "member",
        read: [{ room: "lobby", seq: 8 }, { room: "@bob", seq: 1 }],
      }),
    );
    await peer.send(said(8, "bob", "eight"));
    await peer.next("bye").catch(() => {});
  };
  await using server = new FakeServer(async (peer) => {
    await play(peer);
  }, play);
  await using alice = connect(server.port, "alice", await pocket.options("alice", "desk"));
  const online = await alice.next("online");
  assertEquals([online.first, online.log, online.account], [true, "same", "member"]);
  assertEquals([...online.read], [[LOBBY, 8], ["@bob", 1]]);
  assertEquals((await alice.next("entry")).entry.text, "eight");
  await using other = connect(server.port, "alice", await pocket.options("alice"));
  await other.next("online");
  const [{ session, log, resume, instance, device, proof } = {} as Hello, second] = hellos;
  assertEquals([session, log, resume], [TOKEN, LOG, { lobby: 7, "@bob": 2 }]);
  assertEquals([device, proof], [undefined, undefined], "a label is for new devices");
  assert(instance !== undefined && instance !== second?.instance);
});

Deno.test("[U2] [U3] a token that is refused is forgotten, and the password makes another", async () => {
  await using pocket = await Pocket.make();
  const opaque = await acquainted();
  await known(pocket, { serverKey: opaque.key });
  await using server = new FakeServer(async (peer) => {
    await peer.refuse("hello", "auth_required");
    const right = await opaque.answerLogin(peer);
    const { proof = "", session, device, resume } = await peer.welcome({
      session: "token-of-the-device-2",
      account: "member",
      seq: 7,
    });
    assert(right(proof));
    assertEquals([session, device, resume], [undefined, "desk", { lobby: 7, "@bob": 2 }]);
    peer.close();
  }, async (peer) => {
    assertEquals(
      (await peer.welcome({ session: "token-of-the-device-2", account: "member", seq: 7 })).session,
      "token-of-the-device-2",
    );
  });
  await using alice = connect(server.port, "alice", await pocket.options("alice", "desk"));
  const wanted = await alice.next("passwordWanted");
  assertEquals([wanted.why, wanted.name], ["account", "alice"]);
  await eventually("the token is forgotten", async () => await pocket.session("alice") === undefined);
  alice.client.signIn("correct horse");
  await alice.until(() => alice.count("online") === 2);
  assertEquals(alice.count("passwordWanted"), 1);
  await eventually(
    "the new one is kept",
    async () => await pocket.session("alice") === "token-of-the-device-2",
  );
});

Deno.test("[U3] wrong, throttled, busy: each is told as what it is, and the question stands", async () => {
  const opaque = await acquainted();
  await using server = new FakeServer(async (peer) => {
    await peer.refuse("hello", "auth_required");
    await opaque.answerLogin(peer);
    await peer.refuse("login", "auth_throttled", { retry_ms: 60_000 });
    await peer.refuse("login", "busy", { retry_ms: 10 });
    await opaque.answerLogin(peer);
    await peer.refuse("hello", "auth");
    await opaque.answerLogin(peer);
    await peer.welcome({ account: "member" });
  });
  await using alice = connect(server.port, "alice", { pake: new OpaquePake() });
  const answers = ["wrong horse", ...Array(4).fill("correct horse")];
  for (const answer of answers) {
    await alice.next("passwordWanted");
    alice.client.signIn(answer);
  }
  await alice.next("online");
  const asked = alice.seen.flatMap((event) =>
    event.kind === "passwordWanted" ? [[event.why, event.retryMs]] : []
  );
  assertEquals(asked, [
    ["account", undefined],
    ["wrong", undefined],
    ["throttled", 60_000],
    ["throttled", 10],
    ["wrong", undefined],
  ]);
});

Deno.test("[U1] a server with another key than before gets no proof", async () => {
  await using pocket = await Pocket.make();
  await known(pocket, { serverKey: "key-of-another-server" });
  const opaque = await acquainted();
  let told: string[] = [];
  await using server = new FakeServer(async (peer) => {
    await peer.refuse("hello", "auth_required");
    await opaque.answerLogin(peer);
    await peer.done;
    told = peer.waiting.map(({ type }) => type);
  });
  const alice = connect(server.port, "alice", await pocket.options("alice"));
  await alice.next("passwordWanted");
  alice.client.signIn("correct horse");
  await alice.over;
  const last = alice.seen.at(-1)!;
  assert(last.kind === "ended" && last.code === "server_key", JSON.stringify(last));
  await server[Symbol.asyncDispose]();
  assertEquals(told, []);
  await alice.client.bye();
});

Deno.test("an answer to a password that makes no sense ends the client, and says why", async () => {
  await using server = new FakeServer(async (peer) => {
    await peer.refuse("hello", "auth_required");
    const { ref } = await peer.next("login");
    await peer.send({ type: "login", response: "AAAA", stretching: QUICK, ref });
  });
  const alice = connect(server.port, "alice", { pake: new OpaquePake() });
  await alice.next("passwordWanted");
  alice.client.signIn("correct horse");
  await alice.over;
  const last = alice.seen.at(-1)!;
  assert(last.kind === "ended" && last.why === "refused");
  assertStringIncludes(last.message, "makes no sense");
});

Deno.test("a question outlives the link on which it was asked", async () => {
  const opaque = await acquainted();
  await using server = new FakeServer(async (peer) => {
    await peer.refuse("hello", "auth_required");
    peer.close();
  }, async (peer) => {
    await opaque.answerLogin(peer); // no hello before it: that is known to be refused
    await peer.welcome({ account: "member" });
  });
  await using alice = connect(server.port, "alice", { pake: new OpaquePake() });
  await alice.next("passwordWanted");
  await new Promise((resolve) => setTimeout(resolve, 50));
  assertEquals(alice.count("offline"), 0);
  alice.client.signIn("correct horse");
  await alice.next("online");
});

Deno.test("a link that goes while the password is being worked on is made anew, and the work begins again", async () => {
  const opaque = await acquainted();
  const close = Promise.withResolvers<void>();
  await using server = new FakeServer(async (peer) => {
    await peer.refuse("hello", "auth_required");
    await close.promise;
    peer.close();
  }, async (peer) => {
    await opaque.answerLogin(peer);
    await peer.welcome({ account: "member" });
  });
  await using alice = connect(server.port, "alice", { pake: new OpaquePake() });
  await alice.next("passwordWanted");
  alice.client.signIn("correct horse");
  close.resolve();
  await alice.next("online");
  assertEquals([alice.count("offline"), alice.count("passwordWanted")], [1, 1]);
});

Deno.test("[U4] what belongs together is asked on one link: a guest whose link goes halfway begins to register anew", async () => {
  const opaque = await OpaquePeer.make();
  const answer = async (peer: FakePeer) => {
    const { name, request, ref } = await peer.next("register");
    await peer.send({ type: "register", response: opaque.registration(name, request), ref });
  };
  await using server = new FakeServer(async (peer) => {
    await peer.welcome();
    await answer(peer);
    peer.close(); // while the answer is being worked on
  }, async (peer) => {
    await peer.welcome();
    await answer(peer);
    const { name, ref } = await peer.next("enrol");
    await peer.send({ type: "enrolled", name, session: TOKEN, account: "owner", ref });
  });
  await using alice = await signedIn(server.port, "alice", { pake: new OpaquePake() });
  assertEquals(await alice.client.register("correct horse"), "owner");
});

Deno.test("a server that has no time for a hello is asked again when it said", async () => {
  await using server = new FakeServer(
    async (peer) => {
      await peer.welcome();
      peer.close();
    },
    (peer) => peer.refuse("hello", "store_busy", { retry_ms: 30 }),
    async (peer) => {
      await peer.welcome();
    },
  );
  await using alice = await signedIn(server.port, "alice");
  await alice.next("offline");
  assert((await alice.next("offline")).retryMs >= 30);
  await alice.next("online");
});

Deno.test("[M3] under another name nothing is said that may have been said under the old one", async () => {
  await using pocket = await Pocket.make();
  {
    await using memory = await FileMemory.open({ folder: pocket.folder, name: "alice" });
    await memory.signedIn({ session: TOKEN, log: LOG, account: false });
    await memory.keep({ id: "old-1", to: LOBBY, text: "by an earlier process" });
  }
  await using server = new FakeServer(
    async (peer) => {
      await peer.welcome({ name: "alice" });
      await peer.next("message");
      await peer.next("message");
      peer.close();
    },
    async (peer) => {
      await peer.refuse("hello", "name_taken");
      assertEquals((await peer.welcome()).name, "carol");
      const first = await peer.next("message");
      assertEquals(first.text, "typed while away");
      assertEquals((await peer.fence()).filter(({ type }) => type === "message"), []);
      await peer.send(said(1, "carol", first.text, first.id));
    },
  );
  await using alice = connect(server.port, "alice", {
    ...await pocket.options("alice"),
    backoff: { minMs: 200, maxMs: 200 },
  });
  await alice.next("online");
  assertEquals((await alice.next("queued")).draft.id, "old-1");
  const uncertain = alice.client.say(LOBBY, "sent, perhaps");
  await alice.next("offline");
  const away = alice.client.say(LOBBY, "typed while away");
  await alice.next("nameRefused");
  alice.client.rename("carol");
  await alice.next("entry");
  const refused = alice.seen.flatMap((event) =>
    event.kind === "refused" ? [[event.draft.id, event.code]] : []
  );
  assertEquals(refused, [["old-1", "renamed"], [uncertain.id, "renamed"]]);
  assertEquals(alice.shown(LOBBY), ["carol: typed while away"]);
  await alice.client.settled();
  assert([...(await pocket.files("carol")).values()].some((text) => text.includes(away.id)));
});
