/** Every number both ends must agree on. Change one, bump {@linkcode PROTOCOL}. */

/** The version spoken here, as `hello.protocol`. */
export const PROTOCOL = 1;

/** Bytes of a frame header: top bit the kind, low 31 bits the payload's length. */
export const HEADER_BYTES = 4;
/** Largest payload of any frame before `welcome`, in bytes. */
export const MAX_HELLO_BYTES = 4_096;
/** Largest JSON payload after `welcome`, in bytes. */
export const MAX_JSON_BYTES = 65_536;
/** Largest binary payload after `welcome`, in bytes: a 4-byte channel and 64 KiB. */
export const MAX_BINARY_BYTES = 65_540;

/** Nesting of a JSON payload; the outermost object is level 1. */
export const MAX_DEPTH = 8;
/** Keys of one object. */
export const MAX_KEYS = 64;
/** Values in one payload, containers included. */
export const MAX_NODES = 1_024;

/** A message's text, in code points and in bytes of UTF-8. */
export const MAX_TEXT_POINTS = 4_000;
export const MAX_TEXT_BYTES = 16_000;
/** A user's or a room's name, in code points. */
export const MAX_NAME_POINTS = 32;
/** A message's `id` and a request's `ref`, in characters. */
export const MAX_ID = 64;
/** Entries of one `history` answer. */
export const MAX_PAGE = 200;
/** What a search looks for, in UTF-16 code units. */
export const MAX_SEARCH = 256;
/** A message of OPAQUE, in characters of base64url. */
export const MAX_BLOB = 1_024;
/** How far a password is stretched at the most: Argon2id, memory in KiB. More would be an attack on whoever signs in. */
export const MAX_STRETCHING = { iterations: 16, memory: 262_144, parallelism: 16 } as const;

/** A sealed text, in characters of base64url: with all that surrounds it, it fits a frame. */
export const MAX_SEALED = 60_000;
/** A key package, a vault, and what is put into an archive at a time, in characters of base64url. */
export const MAX_PACKAGE = 4_096;
export const MAX_VAULT = 4_096;
export const MAX_ARCHIVED = 32_768;
/** Key packages that are published at a time. */
export const MAX_PACKAGES = 10;
/** The channel of a transfer's binary frames, and how many bytes of the file each carries but the last, which has less. */
export const FILE_CHANNEL = 1;
export const FILE_CHUNK = 65_536;
/** Bytes of each chunk that are not the file's: a salt in front, and behind it what shows that it was not changed. */
export const FILE_SALT_BYTES = 16;
export const FILE_TAG_BYTES = 16;
/** Bytes behind the file that are sealed with it: its SHA-256. */
export const FILE_HASH_BYTES = 32;
/** A file's name as it is offered, in UTF-16 code units. */
export const MAX_FILE_NAME = 255;
/** Devices of an account that a conversation is sealed for. */
export const MAX_KEY_DEVICES = 5;
