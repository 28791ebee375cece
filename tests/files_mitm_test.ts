import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { PIECE_BYTES } from "../client/files/pieces.ts";
import { NO_LIMITS } from "../server/limits.ts";
import { serve } from "../server/serve.ts";
import { folderBytes } from "./support/folder_bytes.ts";
import { Keyring } from "./support/keyring.ts";
import { pinned } from "./support/mitm.ts";
import type { Tamper } from "./support/tampered.ts";
import { temporary } from "./support/temporary.ts";

const CHUNK = 65_536;
const SIZE = 4 * PIECE_BYTES + 68; // and a hash of 32: the last piece has 100
/** What the last chunk has: those, the salt and the tag. */
const LAST = 132;

/** What a server that means ill may do with what it keeps. */
const TAMPERINGS: Readonly<Record<string, (bytes: Uint8Array) => void>> = {
  "turns one bit": (bytes) => void (bytes[2 * CHUNK + 77]! ^= 1),
  "turns a bit of the last piece": (bytes) => void (bytes[bytes.length - 1]! ^= 0x80),
  "swaps two pieces": (bytes) => {
    const first = bytes.slice(0, CHUNK);
    bytes.copyWithin(0, CHUNK, 2 * CHUNK);
    bytes.set(first, CHUNK);
  },
  "repeats a piece": (bytes) => void bytes.copyWithin(CHUNK, 0, CHUNK),
  "shows a piece for the last one": (bytes) => void bytes.copyWithin(bytes.length - LAST, 0, LAST),
  "puts zeros there": (bytes) => void bytes.fill(0, 3 * CHUNK, 4 * CHUNK),
};

for (const [what, tamper] of Object.entries(TAMPERINGS)) {
  Deno.test(`[H05] a server that ${what} is found out, and nothing gets its name`, async () => {
    await using after = new AsyncDisposableStack();
    const folder = temporary(after);
    const server = after.use(await serve({ limits: NO_LIMITS, files: `${folder}/kept` }));
    const ring = after.use(await Keyring.make(server.port));
    const spy = new Spy(ring, `${folder}/kept`);
    const alice = after.use(await ring.registered("alice", server.port, spy.tamper()));
    const bob = after.use(await ring.registered("bob", server.port, spy.tamper()));
    const plain = crypto.getRandomValues(new Uint8Array(PIECE_BYTES));
    using file = await Deno.open(`${folder}/secret.bin`, { write: true, create: true });
    for (let at = 0; at < SIZE; at += PIECE_BYTES) {
      await file.write(plain.subarray(0, Math.min(PIECE_BYTES, SIZE - at)));
    }
    await alice.client.files!.send("@bob", `${folder}/secret.bin`);
    await alice.next("transfer", ({ transfer }) => transfer.state === "sent");
    await bob.next("transfer", ({ transfer }) => transfer.state === "offered");
    await spy.learn();
    for await (const { name } of Deno.readDir(`${folder}/kept`)) {
      if (name.endsWith(".json")) continue;
      const bytes = await Deno.readFile(`${folder}/kept/${name}`);
      assert(!includes(bytes, plain.subarray(100, 132)), "the server has it in clear");
      tamper(bytes);
      await Deno.writeFile(`${folder}/kept/${name}`, bytes);
    }
    await bob.client.files!.accept();
    const { transfer } = await bob.next("transfer", ({ transfer }) => transfer.state === "failed");
    assertStringIncludes(transfer.message!, "changed on its way");
    const names = Array.from(await Array.fromAsync(Deno.readDir(ring.downloads("bob"))), ({ name }) => name);
    assertEquals(names, ["secret.bin.part"]);
    await spy.found("secret.bin");
  });
}

/** What a server may say of a file that is not so. */
const LIES: Readonly<Record<string, Tamper>> = {
  "says that it is shorter": {
    down: (event) => event.type === "transfer" ? [{ ...event, size: CHUNK }] : undefined,
  },
  "says that it is longer": {
    down: (event) => event.type === "transfer" ? [{ ...event, size: event.size + CHUNK }] : undefined,
  },
  "leaves out its beginning": {
    down: (event) => event.type === "transfer" ? [{ ...event, have: CHUNK }] : undefined,
  },
  "hands out another file": {
    up: (request) => request.type === "download" ? [{ ...request, file: other }] : undefined,
  },
};
let other = "";

for (const [what, tamper] of Object.entries(LIES)) {
  Deno.test(`[H05] a server that ${what} is found out, and nothing gets its name`, async () => {
    await using after = new AsyncDisposableStack();
    const folder = temporary(after);
    const server = after.use(await serve({ limits: NO_LIMITS, files: `${folder}/kept` }));
    const ring = after.use(await Keyring.make(server.port));
    const spy = new Spy(ring, `${folder}/kept`);
    const alice = after.use(await ring.registered("alice", server.port, spy.tamper()));
    const bob = after.use(await ring.registered("bob", server.port, spy.tamper(tamper)));
    const canary = `canary-${crypto.randomUUID()}`;
    for (const name of ["other", "wanted"]) {
      const bytes = new Uint8Array(SIZE).fill(name.length);
      new TextEncoder().encodeInto(canary, bytes);
      await Deno.writeFile(`${folder}/${name}`, bytes);
      await alice.client.files!.send("@bob", `${folder}/${name}`);
      await alice.next("transfer", ({ transfer }) => transfer.state === "sent");
      const { entry } = await bob.next("entry", ({ to }) => to === "@alice");
      if (name === "other") other = entry.file!.file;
    }
    await bob.next("transfer", ({ transfer }) => transfer.name === "wanted");
    await spy.learn();
    await bob.client.files!.accept();
    const { transfer } = await bob.next("transfer", ({ transfer }) => transfer.state === "failed");
    assertStringIncludes(
      transfer.message!,
      what.startsWith("hands") ? "changed on its way" : "does not keep to what was offered",
    );
    const names = Array.from(await Array.fromAsync(Deno.readDir(ring.downloads("bob"))), ({ name }) => name);
    assertEquals(names, ["wanted.part"]);
    await spy.found("wanted", canary);
  });
}

/** What a server hears and keeps, and whom Bob takes for Alice. */
class Spy {
  readonly #ring: Keyring;
  readonly #kept: string;
  readonly #heard: string[] = [];
  #known: string | undefined;

  constructor(ring: Keyring, kept: string) {
    this.#ring = ring;
    this.#kept = kept;
  }

  /** Hears what somebody says, and does what else is to be done to it. */
  tamper(more: Tamper = {}): Tamper {
    return { ...more, said: (payload) => void this.#heard.push(new TextDecoder().decode(payload)) };
  }

  /** Bob knows Alice by now. */
  async learn(): Promise<void> {
    this.#known = (await pinned(this.#ring, "bob", "alice"))!.key;
  }

  /** None of this has been found out, and Alice is for Bob who she was. */
  async found(...secrets: readonly string[]): Promise<void> {
    const all = this.#heard.join("\n") + await folderBytes(this.#kept);
    assert(all.includes('"upload"'), "looking finds something");
    assertEquals(secrets.filter((secret) => all.includes(secret)), []);
    const pin = await pinned(this.#ring, "bob", "alice");
    assertEquals([pin?.key, pin?.other, pin?.verified], [this.#known, undefined, false]);
  }
}

function includes(bytes: Uint8Array, part: Uint8Array): boolean {
  for (let at = bytes.indexOf(part[0]!); at >= 0; at = bytes.indexOf(part[0]!, at + 1)) {
    if (part.every((byte, i) => bytes[at + i] === byte)) return true;
  }
  return false;
}
