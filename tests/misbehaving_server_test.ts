import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { frame } from "../protocol/frames.ts";
import { FakeServer, said } from "./support/fake_server.ts";
import { connect, signedIn } from "./support/watched.ts";

const LOBBY = "#lobby";

for (
  const [what, bytes] of [
    ["the banner of another protocol", new TextEncoder().encode("SSH-2.0-OpenSSH_9.2\r\n")],
    ["an oversized frame", new Uint8Array([0, 1, 0, 1])],
    ["an empty frame", new Uint8Array(4)],
    ["no JSON", frame(new TextEncoder().encode("{"))],
    ["an event outside the schema", frame(new TextEncoder().encode(`{"type":"message","room":"lobby"}`))],
  ] as const
) {
  Deno.test(`${what} from the server is refused clearly, at first and later`, async () => {
    await using server = new FakeServer(
      async (peer) => {
        await peer.next("hello");
        await peer.raw(bytes);
      },
      async (peer) => {
        await peer.welcome();
        await peer.raw(bytes);
      },
      async (peer) => {
        await peer.welcome();
      },
    );
    const first = connect(server.port, "alice");
    await first.over;
    const last = first.seen.at(-1)!;
    assert(last.kind === "ended" && last.why === "unreachable");
    assertStringIncludes(last.message, "does not keep to the chat protocol");
    await using later = await signedIn(server.port, "alice");
    assertStringIncludes((await later.next("offline")).why, "does not keep to the chat protocol");
    assertEquals((await later.next("online")).first, false);
  });
}

Deno.test("unknown types, unknown fields, binary frames and strangers' entries are ignored; ping is answered", async () => {
  await using server = new FakeServer(async (peer) => {
    await peer.welcome();
    await peer.raw(frame(new TextEncoder().encode(`{"type":"fireworks","colour":"red"}`)));
    await peer.raw(new Uint8Array([0x80, 0, 0, 5, 0, 0, 0, 1, 42]));
    await peer.send({ ...said(1, "bob", "not here"), room: "elsewhere" } as ReturnType<typeof said>);
    await peer.send({
      type: "whisper",
      from: "bob",
      to: "carol",
      seq: 1,
      at: said(1, "", "").at,
      id: "w",
      text: "no",
    });
    await peer.send({ type: "ping", ref: "still there?" });
    assertEquals((await peer.next("pong")).ref, "still there?");
    await peer.send({ type: "error", code: "odd", message: "nothing you asked" }, said(1, "bob", "hi"));
  });
  await using alice = await signedIn(server.port, "alice");
  assertEquals(await alice.next("notice"), { kind: "notice", code: "odd", message: "nothing you asked" });
  await alice.next("entry");
  assertEquals(alice.seen.map(({ kind }) => kind), ["online", "notice", "entry"]);
});

Deno.test("a silent server is asked for a sign of life, and left when there is none", async () => {
  await using server = new FakeServer(
    async (peer) => {
      await peer.welcome();
      const { ref } = await peer.next("ping");
      await peer.send({ type: "pong", ref });
      await peer.next("ping"); // and now silence
    },
    async (peer) => {
      await peer.welcome();
    },
  );
  await using alice = await signedIn(server.port, "alice", { pulse: { quietMs: 30, patienceMs: 1_000 } });
  assertStringIncludes((await alice.next("offline")).why, "does not answer");
  assertEquals((await alice.next("online")).first, false);
});

Deno.test("a server that does not answer hello is not waited for for ever", async () => {
  await using server = new FakeServer(async (peer) => {
    await peer.next("hello");
  });
  const alice = connect(server.port, "alice", { pulse: { quietMs: 1_000, patienceMs: 50 } });
  await alice.over;
  assertEquals(alice.seen, [{ kind: "ended", why: "unreachable", message: "the server does not answer" }]);
});

Deno.test("replaced ends the client; it does not fight for its name", async () => {
  await using server = new FakeServer(async (peer) => {
    await peer.welcome();
    await peer.send({ type: "error", code: "replaced", message: "Somebody else is you now", fatal: true });
  });
  const alice = connect(server.port, "alice");
  await alice.over;
  const last = alice.seen.at(-1)!;
  assert(last.kind === "ended" && last.why === "replaced");
});

Deno.test("shutting_down comes back later, not before retry_ms has passed", async () => {
  await using server = new FakeServer(
    async (peer) => {
      await peer.welcome();
      const { ref } = await peer.next("message");
      await peer.send({
        type: "error",
        code: "shutting_down",
        message: "Back soon",
        fatal: true,
        retry_ms: 40,
        ref,
      });
      peer.close();
    },
    async (peer) => {
      const hello = await peer.welcome();
      assertEquals([hello.session, hello.log, hello.resume], ["session-of-the-fake", "log-of-the-fake-0", {
        lobby: 0,
      }]);
      const { id, text } = await peer.next("message");
      await peer.send(said(1, "alice", text, id));
    },
  );
  await using alice = await signedIn(server.port, "alice");
  const draft = alice.client.say(LOBBY, "hi");
  const { why, retryMs } = await alice.next("offline");
  assertEquals(why, "Back soon");
  assert(retryMs >= 40);
  assertEquals((await alice.next("entry")).entry.id, draft.id);
});

Deno.test("a server that speaks another version, or is full, refuses the sign-in for good", async () => {
  for (const code of ["unsupported_protocol", "server_full", "auth_required"]) {
    await using server = new FakeServer(async (peer) => {
      await peer.next("hello");
      await peer.send({ type: "error", code, message: "No", min: 2, max: 3 });
    });
    const alice = connect(server.port, "alice");
    await alice.over;
    assertEquals(alice.seen, [{ kind: "ended", why: "refused", code, message: "No" }]);
  }
});
