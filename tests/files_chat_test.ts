import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Refused } from "../client/chat_client.ts";
import { PIECE_BYTES } from "../client/files/pieces.ts";
import type { Transfer } from "../client/files/transfer.ts";
import type { Limits } from "../server/limits.ts";
import { NO_LIMITS } from "../server/limits.ts";
import { serve, type Server } from "../server/serve.ts";
import { Keyring } from "./support/keyring.ts";
import { temporary } from "./support/temporary.ts";
import type { Watched } from "./support/watched.ts";

/** A server that keeps files in a folder, and a machine with a folder of files to send. */
class Scene implements AsyncDisposable {
  readonly #after = new AsyncDisposableStack();
  readonly server: Server;
  readonly ring: Keyring;
  readonly folder: string;

  private constructor(server: Server, ring: Keyring, folder: string) {
    this.server = server;
    this.ring = ring;
    this.folder = folder;
  }

  static async open(limits: Partial<Limits> = {}): Promise<Scene> {
    const after = new AsyncDisposableStack();
    const folder = temporary(after);
    const server = after.use(
      await serve({ limits: { ...NO_LIMITS, ...limits }, files: `${folder}/kept` }),
    );
    const ring = after.use(await Keyring.make(server.port));
    const scene = new Scene(server, ring, folder);
    scene.#after.use(after);
    return scene;
  }

  /** A file of so many random bytes. */
  async file(name: string, size: number): Promise<{ readonly path: string; readonly bytes: Uint8Array }> {
    const bytes = new Uint8Array(size);
    for (let at = 0; at < size; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
    const path = `${this.folder}/${name}`;
    await Deno.writeFile(path, bytes);
    return { path, bytes };
  }

  /** How many files the server keeps. */
  kept(): number {
    return [...Deno.readDirSync(`${this.folder}/kept`)].length / 2;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#after.disposeAsync();
  }
}

/** The next time that a transfer is in this state. */
async function reached(watched: Watched, state: Transfer["state"]): Promise<Transfer> {
  return (await watched.next("transfer", ({ transfer }) => transfer.state === state)).transfer;
}

Deno.test("a file goes from one to the other, sealed, and is gone from the server once it was fetched", async () => {
  await using scene = await Scene.open();
  await using alice = await scene.ring.registered("alice");
  await using bob = await scene.ring.registered("bob");
  const { path, bytes } = await scene.file("song of the canary.bin", 1_000_003);
  await alice.client.files!.send("@bob", path);
  await reached(alice, "sent");
  const { entry } = await bob.next("entry", ({ to }) => to === "@alice");
  assertEquals([entry.text, entry.seal], ["song of the canary.bin (1.0 MB)", "e2e"]);
  const offer = await reached(bob, "offered");
  assertEquals([offer.name, offer.size, offer.from], ["song of the canary.bin", bytes.length, "alice"]);
  assertEquals(scene.kept(), 1);
  await bob.client.files!.accept();
  const saved = await reached(bob, "saved");
  assertEquals(await Deno.readFile(saved.path!), bytes);
  assertEquals((await Deno.stat(saved.path!)).mode! & 0o777, 0o600);
  assertEquals((await reached(alice, "fetched")).message, "bob");
  assertEquals(scene.kept(), 0);
});

Deno.test("a file that is accepted at once comes while it is sent, once, and its sender hears of both ends in order", async () => {
  await using scene = await Scene.open();
  await using alice = await scene.ring.registered("alice");
  await using bob = await scene.ring.registered("bob");
  for (let n = 1; n <= 5; n++) {
    const { path, bytes } = await scene.file(`now-${n}.bin`, 3_000_000);
    await alice.client.files!.send("@bob", path);
    await reached(bob, "offered");
    await bob.client.files!.accept();
    assertEquals(await Deno.readFile((await reached(bob, "saved")).path!), bytes);
    await reached(alice, "fetched");
  }
  const states = (watched: Watched) =>
    watched.seen.flatMap((event) => event.kind === "transfer" ? [event.transfer.state] : []);
  const ends = states(alice).filter((state) => state !== "reading" && state !== "sending");
  assertEquals(ends, Array.from({ length: 5 }, () => ["sent", "fetched"]).flat());
  assertEquals(states(bob).filter((state) => state === "offered" || state === "saved").length, 10);
  assertEquals(scene.kept(), 0);
});

Deno.test("a file that changes while it is sent is taken back, and the sender told", async () => {
  await using scene = await Scene.open();
  await using alice = await scene.ring.registered("alice");
  await using bob = await scene.ring.registered("bob");
  const { path } = await scene.file("changing.bin", 3_000_000);
  await alice.client.files!.send("@bob", path);
  await Deno.utime(path, 1, 1);
  assertStringIncludes((await reached(alice, "failed")).message!, "changed since");
  await alice.client.files!.settled();
  assertEquals(scene.kept(), 0);
  assertEquals(bob.count("transfer") <= 1, true);
});

Deno.test("sizes at the edges of a piece, an empty file among them, arrive as they are; nothing is overwritten", async () => {
  await using scene = await Scene.open();
  await using alice = await scene.ring.registered("alice");
  await using bob = await scene.ring.registered("bob");
  const edges = [PIECE_BYTES - 32, PIECE_BYTES, 8 * PIECE_BYTES - 32, 8 * PIECE_BYTES]; // of a piece, and with the hash
  for (const size of [0, 1, ...edges.flatMap((size) => [size - 1, size, size + 1])]) {
    const { path, bytes } = await scene.file("same.name", size);
    await alice.client.files!.send("@bob", path);
    await reached(bob, "offered");
    await bob.client.files!.accept();
    assertEquals(await Deno.readFile((await reached(bob, "saved")).path!), bytes, `${size} bytes`);
  }
  const names: string[] = [];
  for await (const { name } of Deno.readDir(scene.ring.downloads("bob"))) names.push(name);
  const all = ["same.name", ...Array.from({ length: 13 }, (_, n) => `same (${n + 2}).name`)];
  assertEquals(names.sort(), all.sort());
});

Deno.test("a file for somebody who is away: the sender leaves, the receiver comes later", async () => {
  await using scene = await Scene.open();
  {
    await using _bob = await scene.ring.registered("bob");
  }
  const { path, bytes } = await scene.file("later.bin", 300_000);
  {
    await using alice = await scene.ring.registered("alice");
    await alice.client.files!.send("@bob", path);
    await reached(alice, "sent");
    await alice.client.settled();
  }
  await Deno.remove(path);
  await using bob = await scene.ring.back("bob");
  await reached(bob, "offered");
  await bob.client.files!.accept();
  assertEquals(await Deno.readFile((await reached(bob, "saved")).path!), bytes);
});

Deno.test("a file for a room can be fetched by everybody in it, and stays; the sender takes it back", async () => {
  await using scene = await Scene.open();
  await using alice = await scene.ring.registered("alice");
  await using bob = await scene.ring.registered("bob");
  await using eve = await scene.ring.registered("eve");
  const { path, bytes } = await scene.file("all.txt", 70_000);
  const { number } = await alice.client.files!.send("#lobby", path);
  for (const each of [bob, eve]) {
    await reached(each, "offered");
    await each.client.files!.accept(undefined, `${scene.folder}/${each.client.name}.out`);
    assertEquals(await Deno.readFile((await reached(each, "saved")).path!), bytes);
  }
  assertEquals(scene.kept(), 1);
  await alice.client.files!.cancel(number);
  assertEquals(scene.kept(), 0);
  await using late = await scene.ring.registered("late");
  await late.client.historyPage("#lobby");
  await reached(late, "offered");
  await late.client.files!.accept();
  assertStringIncludes((await reached(late, "failed")).message!, "no such file");
});

Deno.test("what cannot be sent says why: no file, a folder, too large, too much, nobody of that name", async () => {
  await using scene = await Scene.open({ fileBytes: 100_000, fileOwnerBytes: 150_000 });
  await using alice = await scene.ring.registered("alice");
  await using _bob = await scene.ring.registered("bob");
  const { files } = alice.client;
  const no = async (path: string, says: string) => {
    const error = await files!.send("@bob", path).catch((error: Refused) => error);
    assert(error instanceof Refused);
    assertEquals(error.code, "no_file");
    assertStringIncludes(error.message, says);
  };
  await no(`${scene.folder}/nothing`, "there is no such file");
  await no(scene.folder, "is a folder");
  await files!.send("@bob", (await scene.file("large", 100_001)).path);
  assertStringIncludes((await reached(alice, "failed")).message!, "100000 bytes");
  await files!.send("@bob", (await scene.file("fits", 100_000)).path);
  await reached(alice, "sent");
  await files!.send("@bob", (await scene.file("too much", 60_000)).path);
  assertStringIncludes((await reached(alice, "failed")).message!, "150000");
  await files!.send("@nobody", (await scene.file("x", 1)).path);
  assertStringIncludes((await reached(alice, "failed")).message!, "nobody");
  assert(scene.kept() === 1);
});
