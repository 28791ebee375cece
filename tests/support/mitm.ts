import { assert, assertEquals } from "@std/assert";
import { linkBytes, statementBytes } from "../../protocol/key_texts.ts";
import type { Event, Statement } from "../../protocol/schema.ts";
import { NO_LIMITS } from "../../server/limits.ts";
import { serve } from "../../server/serve.ts";
import { MemoryStore } from "../../server/store/memory.ts";
import { eventually } from "./house.ts";
import { Keyring } from "./keyring.ts";
import type { Tamper } from "./tampered.ts";
import type { Watched } from "./watched.ts";

export type Keys = Extract<Event, { type: "keys" }>;
export type Whisper = Extract<Event, { type: "whisper" }>;

/** How long a test waits for a fact. */
const DEADLINE_MS = 30_000;

/** Alice, whose server is the attacker, and Bob. */
export interface Scene {
  readonly alice: Watched;
  readonly bob: Watched;
  /** Between Alice and the server. */
  readonly tamper: Tamper;
  readonly ring: Keyring;
  readonly port: number;
  /** The hash of the last link in the key log, of two. */
  readonly last: () => Promise<string>;
  /** A text that nobody but the two may ever see. */
  readonly secret: (about: string) => string;
}

/**
 * Both have whispered to each other once, unless they are `strangers`. Whatever the server does, it hears nothing of what
 * is secret, and nobody's key is taken for another one in silence: that is looked at when `act` is over.
 */
export async function play(
  act: (scene: Scene) => Promise<void>,
  { strangers = false } = {},
): Promise<void> {
  const store = new MemoryStore();
  await using server = await serve({ limits: NO_LIMITS, store });
  const heard: string[] = [];
  const said = (payload: Uint8Array) => void heard.push(new TextDecoder().decode(payload));
  const tamper: Tamper = { said };
  await using ring = await Keyring.make(server.port);
  await using bob = await ring.registered("bob", server.port, { said });
  await using alice = await ring.registered("alice", server.port, tamper);
  const canary = `canary-${crypto.randomUUID()}`;
  const secret = (about: string) => `${about} ${canary}`;
  if (!strangers) {
    alice.client.say("@bob", secret("hello"));
    await bob.next("entry", ({ to }) => to === "@alice");
    bob.client.say("@alice", secret("hello yourself"));
    await alice.next("entry", ({ entry }) => entry.from === "bob");
  }
  const before = await pinned(ring, "alice", "bob");
  assertEquals(before === undefined, strangers);
  const last = async () => (await store.keys.keyLog(1, 1))[0]!.hash;
  await inTime(act({ alice, bob, tamper, ring, port: server.port, last, secret }));
  assert(heard.some((payload) => payload.includes("hello")), "looking finds something");
  assertEquals(heard.filter((payload) => payload.includes(canary)), [], "the server has heard it");
  for (const [who, other] of [[alice, "bob"], [bob, "alice"]] as const) await notSilent(ring, who, other);
  const after = await pinned(ring, "alice", "bob");
  if (before) assertEquals(after?.key, before.key, "a key was taken for another one");
}

/** What does not come is missed, not waited for. */
async function inTime<T>(awaited: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error("It did not come")), DEADLINE_MS);
  try {
    return await Promise.race([awaited, promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Another key than before is told, and nobody takes for verified what was not compared. */
async function notSilent(ring: Keyring, { client, seen }: Watched, other: string): Promise<void> {
  const pin = await pinned(ring, client.name, other);
  if (pin === undefined) return;
  assert(!pin.verified);
  if (pin.other === undefined) return;
  assertEquals(client.keys!.privacy(other), "changed");
  assert(seen.some((event) => event.kind === "keys" && event.code === "key_changed"), "it was not told");
}

/** What somebody's disk says of somebody's key. */
export async function pinned(
  ring: Keyring,
  name: string,
  other: string,
): Promise<{ readonly key: string; readonly verified: boolean; readonly other?: string } | undefined> {
  return JSON.parse(await Deno.readTextFile(`${ring.folder(name)}/1/trust.json`)).pins[other];
}

/** Makes the server show something else in place of Bob's keys, from now on. */
export function showing(tamper: Tamper, change: (keys: Keys) => Keys): void {
  tamper.down = (event) => event.type === "keys" && event.user === "bob" ? [change(event)] : undefined;
}

/** A whisper that must not leave: it is refused with this code. */
export async function refusedWith(code: string, { alice, secret }: Scene): Promise<string> {
  const text = secret("in the mine");
  alice.client.say("@bob", text);
  const refused = await inTime(alice.next("refused"));
  assertEquals([refused.code, refused.draft.text], [code, text]);
  return refused.message;
}

/** What was known may be old: as after an answer that says so. */
export function refresh({ alice }: Scene): void {
  alice.client.keys!.stale("bob");
}

/** A pair of keys, and how others write the public one. */
export async function pair(): Promise<CryptoKeyPair & { readonly key: string }> {
  const made = await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]) as CryptoKeyPair;
  return { ...made, key: text(await crypto.subtle.exportKey("raw", made.publicKey)) };
}

/** A statement of somebody else, signed by a key that is not Bob's. */
export async function forged(
  counter: number,
  devices: Statement["devices"] = [],
  { name = "bob", by }: { readonly name?: string; readonly by?: Awaited<ReturnType<typeof pair>> } = {},
): Promise<Statement> {
  const { privateKey, key } = by ?? await pair();
  const said = { key, counter, devices };
  return {
    ...said,
    signature: text(await crypto.subtle.sign("Ed25519", privateKey, statementBytes(name, said))),
  };
}

/** Shows a log that goes on with another key behind what Alice has seen, its hash right. */
export async function rewriting(tamper: Tamper, last: string, key: string, user = "bob"): Promise<void> {
  const before = tamper.down;
  const digest = await crypto.subtle.digest("SHA-256", linkBytes(last, { n: 3, user, key }));
  const hash = new Uint8Array(digest).toHex();
  tamper.down = (event) => {
    if (event.type !== "key_log") return before?.(event);
    return [{ ...event, entries: [{ n: 3, user, key, hash }], more: false }];
  };
}

/** Shows this statement of Bob's, and a log that fits it. */
export async function posing({ tamper, last }: Scene, statement: Statement): Promise<void> {
  await rewriting(tamper, await last(), statement.key);
  const down = tamper.down!;
  tamper.down = (event) =>
    event.type === "keys" && event.user === "bob" ? [{ ...event, statement, n: 3 }] : down(event);
}

/** Was this code told? */
export async function told({ seen }: Watched, code: string): Promise<void> {
  await eventually(
    `${code} is told`,
    () => seen.some((event) => event.kind === "keys" && event.code === code),
  );
}

export function text(bytes: ArrayBuffer | Uint8Array): string {
  return new Uint8Array(bytes).toBase64({ alphabet: "base64url", omitPadding: true });
}

/** The same but for one character. */
export function flipped(text: string, at: number): string {
  const place = at < 0 ? text.length + at : at;
  const other = text[place] === "A" ? "B" : "A";
  return text.slice(0, place) + other + text.slice(place + 1);
}
