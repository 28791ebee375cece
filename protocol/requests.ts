import * as v from "valibot";
import {
  at,
  blob,
  EITHER,
  eitherOf,
  exactly,
  file,
  given,
  id,
  label,
  noArray,
  offer,
  ref,
  sealed,
  seq,
  statement,
  stretching,
  text,
  ticket,
  token,
  upTo,
  wellFormed,
  whole,
} from "./fields.ts";
import { MAX_ARCHIVED, MAX_PACKAGE, MAX_PACKAGES, MAX_PAGE, MAX_SEARCH, MAX_VAULT } from "./limits.ts";

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
    vault: v.optional(upTo(MAX_VAULT)),
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
  message: v.object({ type: v.literal("message"), room: given, id, text, file: v.optional(offer), ref }),
  whisper: v.pipe(
    v.object({
      type: v.literal("whisper"),
      to: given,
      id,
      text: v.optional(text),
      sealed: v.optional(sealed),
      /** The counters of the statements that the text is sealed for: the recipient's, one's own. */
      keys: v.optional(v.tuple([seq, seq])),
      file: v.optional(offer),
      ref,
    }),
    v.check((whisper) => eitherOf(whisper), EITHER),
  ),
  publish: v.object({
    type: v.literal("publish"),
    statement: v.optional(statement),
    vault: v.optional(upTo(MAX_VAULT)),
    device: v.optional(exactly(22)),
    packages: v.optional(v.pipe(v.array(upTo(MAX_PACKAGE)), v.maxLength(MAX_PACKAGES))),
    last_resort: v.optional(upTo(MAX_PACKAGE)),
    ref,
  }),
  keys: v.object({ type: v.literal("keys"), user: given, take: v.optional(v.boolean()), ref }),
  key_log: v.object({ type: v.literal("key_log"), after: v.optional(seq), ref }),
  vault: v.object({ type: v.literal("vault"), ref }),
  archive: v.object({
    type: v.literal("archive"),
    put: v.optional(upTo(MAX_ARCHIVED)),
    after: v.optional(seq),
    ref,
  }),
  /** `to` as a conversation is written; `size` in bytes as they are sent; `file`: goes on with that one. */
  upload: v.object({
    type: v.literal("upload"),
    to: given,
    size: v.pipe(whole, v.minValue(1)),
    file: v.optional(file),
    ref,
  }),
  download: v.object({ type: v.literal("download"), file, have: v.optional(seq), ref }),
  fetched: v.object({ type: v.literal("fetched"), file, ref }),
  withdraw: v.object({ type: v.literal("withdraw"), file, ref }),
  /** The first and only request of a connection that carries a file. */
  transfer: v.object({ type: v.literal("transfer"), ticket, ref }),
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

/** Whether this is a request of one of these types, as its schema has it. */
export function isRequest(
  value: { readonly type?: unknown },
  types: readonly (keyof typeof requests)[],
): boolean {
  const type = types.find((type) => type === value.type);
  return type !== undefined && v.is<v.GenericSchema>(requests[type], value);
}
