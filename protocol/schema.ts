import * as v from "valibot";
import {
  MAX_BLOB,
  MAX_ID,
  MAX_NAME_POINTS,
  MAX_PAGE,
  MAX_SEARCH,
  MAX_STRETCHING,
  MAX_TEXT_BYTES,
  MAX_TEXT_POINTS,
} from "./limits.ts";

/** Text that may be stored and relayed: well formed, without NUL and non-characters. */
const wellFormed = v.pipe(v.string(), v.check(isText, "Expected text without NUL and non-characters"));
// The last two code points of every plane, U+FDD0 to U+FDEF, and NUL.
const NOT_TEXT =
  /[\0\uFDD0-\uFDEF\uFFFE\uFFFF\u{1FFFE}\u{1FFFF}\u{2FFFE}\u{2FFFF}\u{3FFFE}\u{3FFFF}\u{4FFFE}\u{4FFFF}\u{5FFFE}\u{5FFFF}\u{6FFFE}\u{6FFFF}\u{7FFFE}\u{7FFFF}\u{8FFFE}\u{8FFFF}\u{9FFFE}\u{9FFFF}\u{AFFFE}\u{AFFFF}\u{BFFFE}\u{BFFFF}\u{CFFFE}\u{CFFFF}\u{DFFFE}\u{DFFFF}\u{EFFFE}\u{EFFFF}\u{FFFFE}\u{FFFFF}\u{10FFFE}\u{10FFFF}]/u;

/** The issue message by which {@linkcode text} says that a limit was passed, so that it becomes the code `too_long`. */
export const TOO_LONG = `Expected at most ${MAX_TEXT_POINTS} characters and ${MAX_TEXT_BYTES} bytes`;

const text = v.pipe(wellFormed, v.nonEmpty("Expected some text"), v.check(fits, TOO_LONG));
const id = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_.-]+$/), v.maxLength(MAX_ID));
/** What an answer carries back. */
export const ref = v.optional(v.pipe(wellFormed, v.maxLength(MAX_ID)));
/** A name as typed, up to the double of what a normalised one may have; `names.ts` judges the rest. */
const given = v.pipe(wellFormed, v.nonEmpty(), v.maxLength(4 * MAX_NAME_POINTS));
const whole = v.pipe(v.number(), v.safeInteger(), v.check((n) => !Object.is(n, -0), "Expected an integer"));
const seq = v.pipe(whole, v.minValue(0));
const token = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{16,64}$/));
const at = v.pipe(v.string(), v.isoTimestamp());
/** A message of OPAQUE, in base64url. */
const blob = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]+$/), v.maxLength(MAX_BLOB));
/** What somebody is shown of a device, or types as a code. */
const label = v.pipe(wellFormed, v.maxLength(MAX_ID));
const about = (most: number) => v.pipe(whole, v.minValue(1), v.maxValue(most));
/** How a password is stretched: the parameters of Argon2id, memory in KiB. */
const stretching = v.object({
  iterations: about(MAX_STRETCHING.iterations),
  memory: v.pipe(about(MAX_STRETCHING.memory), v.minValue(8)),
  parallelism: about(MAX_STRETCHING.parallelism),
});
/** To `v.record` an array is an object with numbers for keys. */
const noArray = v.pipe(v.unknown(), v.check((value) => !Array.isArray(value), "Expected an object"));

const entry = { seq, at, from: given, id, text };
const message = v.object({ type: v.literal("message"), room: given, ...entry, ref });
const whisper = v.object({ type: v.literal("whisper"), to: given, ...entry, ref });

/** What a client may ask; one schema per message, and the types fall out. Unknown fields are dropped. */
export const requests = {
  hello: v.object({
    type: v.literal("hello"),
    protocol: v.optional(v.unknown()),
    name: given,
    session: v.optional(token),
    log: v.optional(token),
    resume: v.optional(v.pipe(noArray, v.record(given, seq))),
    client: v.optional(label),
    proof: v.optional(blob),
    instance: v.optional(token),
    device: v.optional(label),
    ref,
  }),
  login: v.object({ type: v.literal("login"), name: given, request: blob, ref }),
  register: v.object({ type: v.literal("register"), name: given, request: blob, ref }),
  enrol: v.object({
    type: v.literal("enrol"),
    name: given,
    record: blob,
    stretching,
    proof: v.optional(blob),
    claim: v.optional(label),
    device: v.optional(label),
    ref,
  }),
  unregister: v.object({ type: v.literal("unregister"), proof: blob, ref }),
  devices: v.object({ type: v.literal("devices"), ref }),
  revoke: v.object({ type: v.literal("revoke"), device: v.pipe(whole, v.minValue(1)), ref }),
  read: v.object({ type: v.literal("read"), room: given, seq, ref }),
  search: v.object({
    type: v.literal("search"),
    text: v.optional(v.pipe(wellFormed, v.maxLength(MAX_SEARCH))),
    from: v.optional(given),
    room: v.optional(given),
    since: v.optional(at),
    limit: v.optional(v.pipe(whole, v.minValue(1), v.maxValue(MAX_PAGE))),
    ref,
  }),
  message: v.object({ type: v.literal("message"), room: given, id, text, ref }),
  whisper: v.object({ type: v.literal("whisper"), to: given, id, text, ref }),
  users: v.object({ type: v.literal("users"), room: v.optional(given), after: v.optional(given), ref }),
  join: v.object({ type: v.literal("join"), room: given, ref }),
  leave: v.object({ type: v.literal("leave"), room: given, ref }),
  rooms: v.object({ type: v.literal("rooms"), after: v.optional(given), ref }),
  history: v.object({
    type: v.literal("history"),
    room: given,
    before: v.optional(v.pipe(whole, v.minValue(1))),
    limit: v.optional(v.pipe(whole, v.minValue(1), v.maxValue(MAX_PAGE))),
    ref,
  }),
  ping: v.object({ type: v.literal("ping"), ref }),
  pong: v.object({ type: v.literal("pong"), ref }),
  bye: v.object({ type: v.literal("bye"), ref }),
} as const;

const device = v.object({
  device: whole,
  label: v.string(),
  created: at,
  seen: at,
  /** Whether it is connected now, and whether it is the one that asks. */
  here: v.boolean(),
  current: v.boolean(),
});
const view = v.object({ room: given, seq, users: v.array(given), total: v.optional(seq) });

/** What a server may tell. */
export const events = {
  welcome: v.object({
    type: v.literal("welcome"),
    protocol: whole,
    name: given,
    session: token,
    resumed: v.boolean(),
    closed: v.optional(v.string()),
    server: v.object({ version: v.string(), log: token }),
    limits: v.pipe(noArray, v.record(v.string(), v.number())),
    rooms: v.array(view),
    account: v.optional(v.picklist(["member", "owner"])),
    read: v.optional(v.array(v.object({ room: given, seq }))),
    failures: v.optional(seq),
    ref,
  }),
  login: v.object({ type: v.literal("login"), response: blob, stretching, ref }),
  register: v.object({ type: v.literal("register"), response: blob, ref }),
  enrolled: v.object({
    type: v.literal("enrolled"),
    name: given,
    session: token,
    account: v.picklist(["member", "owner"]),
    ref,
  }),
  unregistered: v.object({ type: v.literal("unregistered"), name: given, ref }),
  devices: v.object({ type: v.literal("devices"), devices: v.array(device), ref }),
  revoked: v.object({ type: v.literal("revoked"), device: whole, ref }),
  read: v.object({ type: v.literal("read"), room: given, seq }),
  found: v.object({
    type: v.literal("found"),
    entries: v.array(v.variant("type", [message, whisper])),
    more: v.boolean(),
    ref,
  }),
  message,
  whisper,
  joined: v.object({
    type: v.literal("joined"),
    room: given,
    user: given,
    seq: v.optional(seq),
    users: v.optional(v.array(given)),
    total: v.optional(seq),
    ref,
  }),
  left: v.object({ type: v.literal("left"), room: given, user: given, reason: v.optional(v.string()), ref }),
  receipt: v.object({
    type: v.literal("receipt"),
    with: given,
    seq,
    status: v.picklist(["delivered", "kept"]),
  }),
  gap: v.object({ type: v.literal("gap"), room: given, from: seq, to: seq, why: v.string() }),
  users: v.object({
    type: v.literal("users"),
    room: v.optional(given),
    users: v.array(given),
    total: v.optional(seq),
    next: v.optional(given),
    ref,
  }),
  rooms: v.object({
    type: v.literal("rooms"),
    rooms: v.array(v.object({ room: given, users: seq, seq })),
    next: v.optional(given),
    ref,
  }),
  history: v.object({
    type: v.literal("history"),
    room: given,
    entries: v.array(v.variant("type", [message, whisper])),
    more: v.boolean(),
    expired: v.optional(seq),
    ref,
  }),
  ping: v.object({ type: v.literal("ping"), ref }),
  pong: v.object({ type: v.literal("pong"), ref }),
  error: v.object({
    type: v.literal("error"),
    code: v.string(),
    message: v.string(),
    fatal: v.optional(v.boolean()),
    retry_ms: v.optional(seq),
    min: v.optional(whole),
    max: v.optional(whole),
    ref,
  }),
} as const;

/** The union of what a table of schemas lets through. */
type Each<T extends Record<string, v.GenericSchema>> = { [K in keyof T]: v.InferOutput<T[K]> }[keyof T];

export type Request = Each<typeof requests>;
export type Event = Each<typeof events>;
export type Hello = Extract<Request, { type: "hello" }>;
export type Stretching = v.InferOutput<typeof stretching>;
export type DeviceView = v.InferOutput<typeof device>;
export type MessageEntry = Extract<Event, { type: "message" }>;
export type WhisperEntry = Extract<Event, { type: "whisper" }>;
/** One entry of a conversation, as members receive it. */
export type Entry = MessageEntry | WhisperEntry;

const encoder = new TextEncoder();

/** Whether this may be part of a message: well formed, without NUL and non-characters. */
export function isText(text: string): boolean {
  return text.isWellFormed() && !NOT_TEXT.test(text);
}

/** Whether a text is short enough, in code points and in bytes of UTF-8. */
export function fits(text: string): boolean {
  if (text.length > 2 * MAX_TEXT_POINTS) return false;
  if (text.length > MAX_TEXT_POINTS && [...text].length > MAX_TEXT_POINTS) return false;
  return text.length * 3 <= MAX_TEXT_BYTES || encoder.encode(text).length <= MAX_TEXT_BYTES;
}
