import { assert, assertEquals } from "@std/assert";
import { toBytes, toText } from "../client/keys/encoding.ts";
import { X25519 } from "./support/bad_points.ts";
import { Correspondent } from "./support/correspondents.ts";

/** Of the first message, which has a Welcome, every so many-th byte is changed; of two every one; of a hundred again some. */
const WELCOME_STEP = 5;
const WHOLE = 2;
const SPREAD = 100;
const STEP = 53;

/** Where a Welcome begins in what is sealed, and in it what is encapsulated for the only one it is for. */
const WELCOME_AT = 1 + 16 + 4;
const KEM_AT = WELCOME_AT + 2 + 2 + 2 + 2 + 1 + 64 + 1 + 2;

/** Nothing of it is shown, whatever is told. */
async function unread(
  to: Correspondent,
  from: Correspondent,
  given: Parameters<Correspondent["open"]>[1],
  what: string,
): Promise<void> {
  const outcome = await to.open(from, given);
  assert("unreadable" in outcome, what);
  assert(["decrypt", "forged", "malformed", "no_session", "version"].includes(outcome.unreadable), what);
}

Deno.test("[X06] no byte of a sealed whisper can be another one: all of two messages, and spread over a hundred", async () => {
  const [alice, bob] = [await Correspondent.make("alice"), await Correspondent.make("bob")];
  let changed = 0;
  for (let n = 0; n <= WHOLE + SPREAD; n++) {
    const id = `m-${n}`;
    const sealed = await alice.seal(bob, { id, text: `a secret, number ${n}` });
    const bytes = toBytes(sealed);
    const step = n === 0 ? WELCOME_STEP : n <= WHOLE ? 1 : STEP;
    for (let at = n % step; at < bytes.length; at += step) {
      const other = bytes.slice();
      other[at]! ^= 1 << (at + n) % 8;
      await unread(bob, alice, { id, sealed: toText(other) }, `message ${n}, byte ${at} of ${bytes.length}`);
      changed++;
    }
    const opened = await bob.open(alice, { id, sealed });
    assert("body" in opened, `message ${n} as it was: ${JSON.stringify(opened)}`);
    assertEquals(opened.body.text, `a secret, number ${n}`);
  }
  assert(changed > 6_000, `${changed}`);
});

Deno.test("[X06] nor can it be cut short or go on, nor stand in another place", async () => {
  const [alice, bob] = [await Correspondent.make("alice"), await Correspondent.make("bob")];
  const carol = await Correspondent.make("carol");
  for (const id of ["first", "second"]) {
    const sealed = await alice.seal(bob, { id, text: "a secret" });
    const bytes = toBytes(sealed);
    for (let length = 0; length < bytes.length; length += length < 64 ? 1 : 53) {
      await unread(bob, alice, { id, sealed: toText(bytes.slice(0, length)) }, `${length} bytes of it`);
    }
    for (const more of [[0], [1], Array(256).fill(0)]) {
      const longer = toText(new Uint8Array([...bytes, ...more]));
      await unread(bob, alice, { id, sealed: longer }, `${more.length} bytes more`);
    }
    const members = new Map([alice.member, bob.member, carol.member]);
    const places = {
      "another sender": { from: "carol", with: "carol" },
      "another recipient": { to: "carol" },
      "the other way round": { from: "bob", to: "alice" },
      "another id": { id: `${id}x` },
      "another device of the sender": { members: new Map([bob.member, [alice.member[0], carol.member[1]]]) },
      "no device that is known": { members: new Map([bob.member]) },
    };
    for (const [what, place] of Object.entries(places)) {
      await unread(bob, alice, { id, sealed, members, ...place }, what);
    }
    await unread(carol, alice, { id, sealed, members, to: "bob", with: "alice" }, "by somebody else");
    assert("body" in await bob.open(alice, { id, sealed }));
    assertEquals(
      await bob.open(alice, { id, sealed, seq: 2 }),
      { unreadable: "replay" },
      "at another number",
    );
  }
});

Deno.test("[X09] a Welcome with a point that agrees on nothing, or of another suite, lets nobody in", async () => {
  const [alice, bob] = [await Correspondent.make("alice"), await Correspondent.make("bob")];
  const sealed = await alice.seal(bob, { id: "m", text: "a secret" });
  const bytes = toBytes(sealed);
  const changes: Record<string, (other: Uint8Array) => void> = {
    "no ML-KEM": (other) => other.fill(0, KEM_AT, KEM_AT + 1_088),
    "MLS 2": (other) => other.set([0, 2], WELCOME_AT),
    "no Welcome": (other) => other.set([0, 1], WELCOME_AT + 2),
    "a key package": (other) => other.set([0, 5], WELCOME_AT + 2),
    "a suite without X-Wing": (other) => other.set([0, 1], WELCOME_AT + 4),
    "no suite": (other) => other.set([0, 0], WELCOME_AT + 4),
    "for somebody else": (other) => void (other[WELCOME_AT + 12]! ^= 1),
    "longer than it is": (other) => other.set([0xff, 0xff], WELCOME_AT - 4),
    "a byte shorter": (other) => void (other[WELCOME_AT - 1]! ^= 1),
  };
  for (const [what, point] of Object.entries(X25519)) {
    changes[`X25519 ${what}`] = (other) => other.set(point, KEM_AT + 1_088);
  }
  assertEquals(toText(bytes.slice(KEM_AT - 2, KEM_AT)), toText(new Uint8Array([0x44, 0x60])), "1,120 bytes");
  for (const [what, change] of Object.entries(changes)) {
    const other = bytes.slice();
    change(other);
    await unread(bob, alice, { id: "m", sealed: toText(other) }, what);
  }
  assert("body" in await bob.open(alice, { id: "m", sealed }));
});
