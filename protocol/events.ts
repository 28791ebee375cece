import * as v from "valibot";
import {
  at,
  blob,
  exactly,
  given,
  key,
  message,
  noArray,
  ref,
  seq,
  sha256,
  statement,
  stretching,
  token,
  upTo,
  whisper,
  whole,
} from "./fields.ts";
import { MAX_ARCHIVED, MAX_PACKAGE, MAX_VAULT } from "./limits.ts";

export const device = v.object({
  device: whole,
  label: v.string(),
  created: at,
  seen: at,
  /** Whether it is connected now, and whether it is the one that asks. */
  here: v.boolean(),
  current: v.boolean(),
  /** Under which id its keys were published. */
  keys: v.optional(exactly(22)),
});
export const view = v.object({ room: given, seq, users: v.array(given), total: v.optional(seq) });

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
  published: v.object({
    type: v.literal("published"),
    counter: seq,
    /** Packages of this device that nobody has taken yet. */
    packages: seq,
    ref,
  }),
  keys: v.object({
    type: v.literal("keys"),
    user: given,
    statement: v.optional(statement),
    packages: v.optional(v.array(v.object({ device: exactly(22), package: upTo(MAX_PACKAGE) }))),
    /** Where in the key log the account's key stands. */
    n: v.optional(seq),
    ref,
  }),
  key_log: v.object({
    type: v.literal("key_log"),
    /** `key` is missing where the account was given up. */
    entries: v.array(v.object({ n: seq, user: given, key: v.optional(key), hash: sha256 })),
    more: v.boolean(),
    ref,
  }),
  vault: v.object({ type: v.literal("vault"), vault: v.optional(upTo(MAX_VAULT)), ref }),
  archive: v.object({
    type: v.literal("archive"),
    entries: v.array(v.object({ n: seq, put: upTo(MAX_ARCHIVED) })),
    more: v.boolean(),
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
