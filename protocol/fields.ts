import * as v from "valibot";
import {
  MAX_BLOB,
  MAX_FILE_NAME,
  MAX_ID,
  MAX_KEY_DEVICES,
  MAX_NAME_POINTS,
  MAX_SEALED,
  MAX_STRETCHING,
} from "./limits.ts";
import { fits, isText, TOO_LONG } from "./text.ts";

/** Text that may be stored and relayed: well formed, without NUL and non-characters. */
export const wellFormed = v.pipe(v.string(), v.check(isText, "Expected text without NUL and non-characters"));

export const text = v.pipe(wellFormed, v.nonEmpty("Expected some text"), v.check(fits, TOO_LONG));
export const id = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_.-]+$/), v.maxLength(MAX_ID));
/** What an answer carries back. */
export const ref = v.optional(v.pipe(wellFormed, v.maxLength(MAX_ID)));
/** A name as typed, up to the double of what a normalised one may have; `names.ts` judges the rest. */
export const given = v.pipe(wellFormed, v.nonEmpty(), v.maxLength(4 * MAX_NAME_POINTS));
export const whole = v.pipe(
  v.number(),
  v.safeInteger(),
  v.check((n) => !Object.is(n, -0), "Expected an integer"),
);
export const seq = v.pipe(whole, v.minValue(0));
export const token = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{16,64}$/));
export const at = v.pipe(v.string(), v.isoTimestamp());
/** A message of OPAQUE, in base64url. */
export const blob = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]+$/), v.maxLength(MAX_BLOB));
/** What somebody is shown of a device, or types as a code. */
export const label = v.pipe(wellFormed, v.maxLength(MAX_ID));
const about = (most: number) => v.pipe(whole, v.minValue(1), v.maxValue(most));
/** How a password is stretched: the parameters of Argon2id, memory in KiB. */
export const stretching = v.object({
  iterations: about(MAX_STRETCHING.iterations),
  memory: v.pipe(about(MAX_STRETCHING.memory), v.minValue(8)),
  parallelism: about(MAX_STRETCHING.parallelism),
});
/** To `v.record` an array is an object with numbers for keys. */
export const noArray = v.pipe(v.unknown(), v.check((value) => !Array.isArray(value), "Expected an object"));

/** Bytes in base64url: so many characters exactly, or at most. */
const base64url = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]+$/));
export const exactly = (characters: number) => v.pipe(base64url, v.length(characters));
export const upTo = (characters: number) => v.pipe(base64url, v.maxLength(characters));
/** 32 bytes: a public key of Ed25519, or the key of a file. */
export const key = exactly(43);
export const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
export const sealed = upTo(MAX_SEALED);
const keyDevice = v.object({ id: exactly(22), key });
/** What an account says of its own keys, signed with `key`: the specification has the bytes that are signed. */
export const statement = v.object({
  key,
  counter: v.pipe(whole, v.minValue(1)),
  devices: v.pipe(v.array(keyDevice), v.maxLength(MAX_KEY_DEVICES)),
  signature: exactly(86),
});
/** 16 bytes: what a file is called with the server. */
export const file = exactly(22);
/** A ticket of a transfer: 32 bytes. */
export const ticket = exactly(43);
/** What it takes to fetch and read a file. The server needs none of it but `file`. */
export const offer = v.object({
  file,
  name: v.pipe(wellFormed, v.nonEmpty(), v.maxLength(MAX_FILE_NAME)),
  /** Of the file itself, in bytes. */
  size: seq,
  key,
});
export const EITHER = "Expected either text or sealed";
export const eitherOf = ({ text, sealed }: { text?: string | undefined; sealed?: string | undefined }) =>
  (text === undefined) !== (sealed === undefined);

export const entry = { seq, at, from: given, id };
export const message = v.object({
  type: v.literal("message"),
  room: given,
  ...entry,
  text,
  file: v.optional(offer),
  ref,
});
export const whisper = v.object({
  type: v.literal("whisper"),
  to: given,
  ...entry,
  text: v.optional(text),
  sealed: v.optional(sealed),
  file: v.optional(offer),
  ref,
});
