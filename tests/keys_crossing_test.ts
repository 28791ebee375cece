import { assert, assertEquals } from "@std/assert";
import { closeBody, openBody } from "../client/keys/body.ts";
import { boxKey, lock, type Purpose, unlock } from "../client/keys/box.ts";
import { Opener, Sealer } from "../client/files/pieces.ts";
import { cipher } from "../client/files/cipher.ts";
import { random, sha256, toBytes, toText, utf8 } from "../client/keys/encoding.ts";
import { headerBytes } from "../client/keys/header.ts";
import { KeyLog } from "../client/keys/key_log.ts";
import { readSealed } from "../client/keys/sealed_form.ts";
import { isGenuine } from "../client/keys/statement.ts";
import { BEGINNING, linkBytes, statementBytes } from "../protocol/key_texts.ts";
import { Correspondent } from "./support/correspondents.ts";

type Bytes = Uint8Array<ArrayBuffer>;
const PURPOSES: readonly Purpose[] = ["vault", "archive", "journal"];
const PLACE = { from: "alice", to: "bob", id: "m1" };
const SIZE = 100;
/** Bytes of a file of more than one piece. */
const MANY = 1_000_000;

/** Whether this takes the bytes for its own. */
type Taker = (given: Bytes) => Promise<boolean>;
type Made = [what: string, bytes: Bytes, take: Taker];

Deno.test("[X10] with one secret for everything, what is encrypted for one purpose opens for no other", async () => {
  const secret = random(32);
  const body = { text: "a secret" };
  const pieces = new Opener(toText(secret), SIZE);
  const many = new Opener(toText(secret), MANY);
  const made: Made[] = [
    [
      "body",
      (await closeBody(body, secret, PLACE))!,
      async (b) => await openBody(b, secret, PLACE) !== undefined,
    ],
    ["piece", piece(secret, SIZE), (b) => Promise.resolve(pieces.open(0, b) !== undefined)],
    ["first piece", piece(secret, MANY), (b) => Promise.resolve(many.open(0, b) !== undefined)],
  ];
  for (const purpose of PURPOSES) {
    const key = await boxKey(secret, purpose);
    made.push([purpose, await lock(key, utf8("[]")), async (b) => await unlock(key, b) !== undefined]);
  }
  const raw = await crypto.subtle.importKey("raw", secret, "AES-GCM", false, ["encrypt"]);
  for (const last of [0, 1]) {
    const iv = new Uint8Array(12);
    iv[0] = last;
    const bare = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, raw, new Uint8Array(SIZE));
    made.push([`nothing in particular ${last}`, new Uint8Array(bare), () => Promise.resolve(false)]);
    const other = new Uint8Array(SIZE + 32);
    cipher.seal(secret, iv, new Uint8Array(SIZE), other.subarray(16));
    made.push([`nothing of the other cipher ${last}`, other, () => Promise.resolve(false)]);
  }
  // Those that stand behind a nonce, and a version, are tried without them, too.
  await cross(made.flatMap(([what, bytes, take]): Made[] => [
    [what, bytes, take],
    [`${what} without what stands before it`, bytes.slice(13), () => Promise.resolve(false)],
  ]));
});

Deno.test("[X10] with one key for everything, what is signed for one purpose holds for no other", async () => {
  const alice = await Correspondent.make("alice");
  const { mls: { suite: { signature } }, ledger } = alice;
  const { pair } = ledger.device!;
  const key = toText(pair.publicKey);
  const said = { key, counter: 1, devices: [{ id: "A".repeat(22), key }] };
  const header = { v: 1, device: "d", ...PLACE, n: 1, key, hash: "h", log: [1, "l"] } as const;
  const sign = async (bytes: Uint8Array) => (await signature.sign(pair.signKey, bytes)).slice();
  const [published] = await alice.packages();
  const texts: Record<string, Uint8Array> = {
    statement: statementBytes("alice", said),
    "statement of another name": statementBytes("alicia", said),
    header: headerBytes("group", { ...header, log: [1, "l"] }),
    "header in another group": headerBytes("other", { ...header, log: [1, "l"] }),
    link: linkBytes(BEGINNING, { n: 1, user: "alice", key }),
    "key package": toBytes(published!).slice(1),
    body: utf8(JSON.stringify({ text: "a secret" })),
    label: labelled("KeyPackageTBS", toBytes(published!).slice(1, -66)),
  };
  const made = await Promise.all(
    Object.entries(texts).map(async ([what, bytes]): Promise<Made> => [
      what,
      await sign(bytes),
      async (given) => await signature.verify(pair.publicKey, bytes, given),
    ]),
  );
  await cross(made);
  for (const [what, bytes] of made) {
    assertEquals(await isGenuine("alice", { ...said, signature: toText(bytes) }), what === "statement", what);
  }
});

Deno.test("[X10] with all secrets of a device, what it is given for one thing is taken for nothing else", async () => {
  const [alice, bob] = [await Correspondent.make("alice"), await Correspondent.make("bob")];
  const exportKey = toText(random(64));
  const sealed = await alice.seal(bob, { id: "m1", text: "a secret" });
  const form = readSealed(sealed);
  assert(typeof form === "object");
  const [published] = await bob.packages();
  const next = readSealed(await alice.seal(bob, { id: "m2", text: "another" }));
  assert(typeof next === "object");
  const vault = await bob.account.vault(exportKey);
  assert("body" in await bob.open(alice, { id: "m1", sealed })); // so that there is something to archive
  const archive = (await bob.account.toArchive())!.put;
  const journal = toText(await lock(await boxKey(random(32), "journal"), utf8("[]")));
  const said = { key: bob.ledger.account!.public, counter: 1, devices: [] };
  const fileKey = random(32);
  const pieces = new Opener(toText(fileKey), SIZE);
  const given: Record<string, string> = {
    sealed,
    welcome: toText(form.welcome),
    message: toText(next.message),
    body: toText(form.body),
    package: published!,
    vault: vault!,
    archive,
    journal,
    statement: await bob.account.sign(statementBytes("bob", said)),
    piece: toText(piece(fileKey, SIZE)),
    link: toText(linkBytes(BEGINNING, { n: 1, user: "bob", key: "k" })),
  };
  const members = new Map([alice.member, bob.member]);
  const { state } = bob.ledger.groups.values().next().value!;
  const takers: Record<string, Taker> = {
    sealed: async (b) => "body" in await bob.open(alice, { id: "m1", sealed: toText(b) }),
    vault: async (b) => await bob.account.unlock(toText(b), exportKey),
    archive: async (b) => await bob.account.fromArchive([toText(b)], 1) === 0,
    package: async (b) =>
      await alice.mls.start(
        random(16),
        await alice.mls.packageFor(alice.member[0], alice.ledger.device!.pair),
        [b],
        members,
      ).then(
        () => true,
        () => false,
      ),
    welcome: (b) => Promise.resolve(attempt(() => bob.mls.invited(b).length > 0)),
    statement: async (b) => await isGenuine("bob", { ...said, signature: toText(b) }),
    piece: (b) => Promise.resolve(pieces.open(0, b) !== undefined),
    message: async (b) => await bob.mls.receive(state, b).then(() => true, () => false),
    link: async (b) => await new KeyLog().take([{ n: 1, user: "bob", key: "k", hash: await sha256(b) }]),
  };
  for (const [kind, take] of Object.entries(takers)) {
    for (const [what, text] of Object.entries(given)) {
      assertEquals(await take(toBytes(text)), what === kind, `${what} as ${kind}`);
    }
  }
});

/** The first piece of a file of `size` bytes, sealed. */
function piece(key: Bytes, size: number): Bytes {
  const into = new Uint8Array(SIZE + 32);
  return into.subarray(0, new Sealer(toText(key), size).seal(0, random(SIZE), into));
}

/** Each takes its own and nothing else. */
async function cross(
  made: readonly Made[],
): Promise<void> {
  for (const [what, bytes] of made) {
    for (const [other, , take] of made) {
      if (other.endsWith("before it") || other.startsWith("nothing")) continue;
      assertEquals(await take(bytes).catch(() => false), what === other, `${what} as ${other}`);
    }
  }
}

/** What MLS signs under a label of its own. */
function labelled(label: string, content: Uint8Array): Uint8Array {
  const name = utf8(`MLS 1.0 ${label}`);
  return new Uint8Array([
    name.length,
    ...name,
    0x40 | content.length >> 8,
    content.length & 0xff,
    ...content,
  ]);
}

function attempt(step: () => boolean): boolean {
  try {
    return step();
  } catch {
    return false;
  }
}
