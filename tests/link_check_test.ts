import { assert, assertEquals } from "@std/assert";
import { decodeEvent } from "../protocol/codec.ts";
import { besideText, entryJson } from "../server/entry.ts";
import type { Verdict } from "../server/link.ts";
import { isReply } from "../server/link_check.ts";
import { Session } from "../server/session.ts";
import { randomFrom } from "./support/random.ts";
import { REQUESTS } from "./support/samples.ts";
import { concat, framed } from "./support/wire.ts";

const encoder = new TextEncoder();

/** What a real session says to every request there is, and to some that are none. */
function honest(): Verdict[] {
  const stranger = new Session({ welcomed: false });
  const member = new Session({ welcomed: true });
  const requests = REQUESTS.map(({ value }) => value);
  const hello = requests.find(({ type }) => type === "hello")!;
  const transfer = requests.find(({ type }) => type === "transfer")!;
  const others = requests.filter((each) => each !== hello);
  return [
    ...stranger.read(framed(hello)).verdicts,
    ...new Session({ welcomed: false }).read(framed(transfer)).verdicts,
    ...member.read(concat(...others.map(framed), framed("[]"), framed(hello), new Uint8Array([0, 0, 0, 0])))
      .verdicts,
  ];
}

function reply(...verdicts: readonly unknown[]): unknown {
  return { channel: 1, verdicts, frames: 1, partial: false };
}

Deno.test("[K06] what a real session says is believed, all of it", () => {
  const verdicts = honest();
  assertEquals(
    new Set(verdicts.map(({ type }) => type)),
    new Set(
      ["claim", "refuse", ...REQUESTS.map(({ value }) => value.type)].filter((type) => type !== "hello"),
    ),
  );
  for (const verdict of verdicts) assert(isReply(structuredClone(reply(verdict))), JSON.stringify(verdict));
  assert(isReply(structuredClone(reply(...verdicts))));
  assert(isReply(reply()));
});

Deno.test("[K06] what is no reply at all is not believed", () => {
  const none = [
    undefined,
    null,
    0,
    "ready",
    true,
    [],
    {},
    [[]],
    new Map(),
    new Error("x"),
    new Uint8Array(4),
    5n,
  ];
  for (const each of none) {
    assert(!isReply(each));
    assert(!isReply(reply(each)));
    assert(!isReply({ ...reply() as object, verdicts: each }) || Array.isArray(each) && each.length === 0);
    assert(!isReply({ ...reply() as object, channel: each }) || each === 0);
    assert(!isReply({ ...reply() as object, frames: each }) || each === 0);
    assert(!isReply({ ...reply() as object, partial: each }) || each === true);
  }
  for (const channel of [1.5, NaN, Infinity, 2 ** 53, "1"]) {
    assert(!isReply({ ...reply() as object, channel }));
  }
});

Deno.test("[K06] [W5] an id that would say more than an id is not believed", () => {
  for (const id of ["", " ", '","from":"ann', "a\\", "a\nb", "é", "x".repeat(65), "a\u0000", "a b", "a\n"]) {
    for (const to of [{ type: "message", room: "lobby" }, { type: "whisper", to: "ann" }]) {
      assert(!isReply(reply({ ...to, id, text: "hi" })), JSON.stringify(id));
    }
  }
});

/** What may stand where something else was. */
const WRONG: readonly unknown[] = [
  undefined,
  null,
  true,
  0,
  -1,
  1.5,
  NaN,
  Infinity,
  2 ** 53,
  5n,
  "",
  "x",
  '"',
  '","from":"witness',
  "\n",
  "\ud800",
  "x".repeat(9_000),
  "x".repeat(300),
  [],
  [1],
  {},
  { toString: 1 },
  { __proto__: null },
  new Uint8Array(3),
  new Date(0),
  new Map(),
];

/** A copy of `value` in which one thing somewhere is another. */
function forged(value: unknown, random: () => number): unknown {
  const record = typeof value === "object" && value !== null && !(value instanceof Uint8Array);
  if (!record || random() < 0.2) return WRONG[Math.floor(random() * WRONG.length)];
  const entries = Object.entries(value);
  const which = Math.floor(random() * (entries.length + 1));
  if (which === entries.length) {
    return { ...value, [["from", "seq", "type", "extra"][Math.floor(random() * 4)]!]: "x" };
  }
  const [key, old] = entries[which]!;
  if (random() < 0.1) return Object.fromEntries(entries.filter(([each]) => each !== key));
  if (Array.isArray(value)) return value.map((each, i) => i === which ? forged(each, random) : each);
  return { ...value, [key]: forged(old, random) };
}

/** What is believed makes an entry that every client can read, and that says what the verdict says. */
function isHarmless(verdict: Verdict): boolean {
  if (verdict.type !== "message" && verdict.type !== "whisper") return true;
  const { id, text = "" } = verdict;
  const conversation = verdict.type === "message" ? `#${verdict.room}` : "@ann ben";
  const json = entryJson({
    conversation,
    from: "ann",
    sender: "ann",
    seq: 1,
    at: 0,
    id,
    text,
    ...verdict.type === "whisper" ? besideText(verdict) : {},
  });
  const bytes = encoder.encode(json);
  if (bytes.length > 65_536) return false;
  const { from, ...told } = JSON.parse(json);
  if (from !== "ann" || told.id !== id || (told.text ?? "") !== text || json.split('"from"').length !== 2) {
    return false;
  }
  return !/^[\w .-]*$/.test(text) || text.length > 4_000 || decodeEvent(bytes).type === verdict.type;
}

Deno.test("[K06] of 300,000 forged replies none is believed that could do harm", () => {
  const random = randomFrom(6);
  const verdicts = honest();
  let believed = 0;
  for (let n = 0; n < 300_000; n++) {
    const { length } = verdicts;
    const some = reply(verdicts[Math.floor(random() * length)]!, verdicts[Math.floor(random() * length)]!);
    const data = forged(some, random);
    if (!isReply(data)) continue;
    believed++;
    for (const verdict of data.verdicts) assert(isHarmless(verdict), Deno.inspect(verdict).slice(0, 200));
  }
  assert(believed > 1_000 && believed < 150_000, `${believed} were believed: this proved nothing`);
});
