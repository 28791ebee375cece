import { assertEquals } from "@std/assert";
import type { Request } from "../protocol/schema.ts";
import { type FakePeer, FakeServer } from "./support/fake_server.ts";
import { temporary } from "./support/temporary.ts";
import { signedIn, type Watched } from "./support/watched.ts";
import { withFiles } from "./support/with_files.ts";

const FILE = "A".repeat(22);
const TICKET = "A".repeat(43);

/** Welcomes alice, and has all of every file already. */
async function takes(peer: FakePeer): Promise<Request & { type: "whisper" }> {
  const { ref, size } = await peer.next("upload");
  await peer.send({
    type: "upload",
    file: FILE,
    ticket: TICKET,
    have: size,
    ...ref === undefined ? {} : { ref },
  });
  return await peer.next("whisper");
}

async function refuse(peer: FakePeer, { ref }: Request, code: string): Promise<void> {
  await peer.send({ type: "error", code, message: "Not now", ...ref === undefined ? {} : { ref } });
}

/** Sends a file to bob; resolves with the states it was in, once it is in the last one. */
async function send(
  after: AsyncDisposableStack,
  server: FakeServer,
  last: string,
): Promise<{ alice: Watched; states: string[] }> {
  const folder = temporary(after);
  await Deno.writeTextFile(`${folder}/a.txt`, "a file");
  const alice = after.use(await signedIn(server.port, "alice", await withFiles(folder, "alice")));
  await alice.client.files!.send("@bob", `${folder}/a.txt`);
  await alice.next("transfer", ({ transfer }) => transfer.state === last);
  const states = alice.seen.flatMap((event) => event.kind === "transfer" ? [event.transfer.state] : []);
  return { alice, states };
}

Deno.test("whoever was gone for a moment when a file was offered is offered it again", async () => {
  await using after = new AsyncDisposableStack();
  const ids: string[] = [];
  const server = after.use(
    new FakeServer(async (peer) => {
      await peer.welcome();
      for (let n = 0; n < 2; n++) {
        const whisper = await takes(peer);
        ids.push(whisper.id);
        await refuse(peer, whisper, "unknown_user");
      }
      const { id, text = "", file } = await takes(peer);
      ids.push(id);
      const at = "2026-01-02T03:04:05.678Z";
      await peer.send({
        type: "whisper",
        from: "alice",
        to: "bob",
        seq: 1,
        at,
        id,
        text,
        ...file ? { file } : {},
      });
    }),
  );
  const { alice, states } = await send(after, server, "sent");
  assertEquals(states, ["reading", "waiting", "reading", "waiting", "reading", "sent"]);
  assertEquals(ids, new Array(3).fill(`file-${FILE}`));
  assertEquals(alice.count("refused"), 0);
});

Deno.test("a file that nobody can be told of has failed, and it is told once why", async () => {
  await using after = new AsyncDisposableStack();
  const server = after.use(
    new FakeServer(async (peer) => {
      await peer.welcome();
      await refuse(peer, await takes(peer), "mailbox_full");
    }),
  );
  const { alice, states } = await send(after, server, "failed");
  assertEquals(states, ["reading", "failed"]);
  assertEquals(alice.seen.flatMap((event) => event.kind === "refused" ? [event.code] : []), ["mailbox_full"]);
});
