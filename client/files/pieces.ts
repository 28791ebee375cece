import { hkdfSync } from "node:crypto";
import { FILE_CHUNK, FILE_HASH_BYTES, FILE_SALT_BYTES, FILE_TAG_BYTES } from "../../protocol/limits.ts";
import { type Bytes, random, toBytes, toText, utf8 } from "../keys/encoding.ts";
import { cipher } from "./cipher.ts";

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const SEAL_BYTES = FILE_SALT_BYTES + FILE_TAG_BYTES;
const PURPOSE = utf8("chat file 1");
/** Bytes of a file in each piece but the last: sealed, they fill a chunk. */
export const PIECE_BYTES = FILE_CHUNK - SEAL_BYTES;

/** How many pieces a file of `size` bytes has, with its hash behind it. */
export function piecesOf(size: number): number {
  return Math.ceil((size + FILE_HASH_BYTES) / PIECE_BYTES);
}

/** Bytes of all pieces once they are sealed. */
export function sealedSize(size: number): number {
  return size + FILE_HASH_BYTES + SEAL_BYTES * piecesOf(size);
}

/** A key for one file: 32 random bytes in base64url. */
export function newKey(): string {
  return toText(random(KEY_BYTES));
}

/**
 * Seals pieces of one file in one attempt to send it. Each attempt has a key of its own, from the file's and a salt: if
 * the file changes between two, no two things are ever sealed under one key and nonce.
 */
export class Sealer {
  readonly #salt = random(FILE_SALT_BYTES);
  readonly #key: Bytes;
  readonly #last: number;

  /** For a file of `size` bytes under this key. */
  constructor(key: string, size: number) {
    this.#key = derived(toBytes(key), this.#salt);
    this.#last = piecesOf(size) - 1;
  }

  /** Writes a sealed piece into `into`, from its beginning on; returns how many bytes it has. */
  seal(number: number, plain: Uint8Array, into: Uint8Array): number {
    into.set(this.#salt);
    const length = SEAL_BYTES + plain.length;
    const nonce = nonceOf(number, number === this.#last);
    cipher.seal(this.#key, nonce, plain, into.subarray(FILE_SALT_BYTES, length));
    return length;
  }
}

/** Opens pieces of one file, whichever attempt each of them came with. */
export class Opener {
  readonly #base: Bytes;
  readonly #last: number;
  #salt = new Uint8Array(0);
  #key = new Uint8Array(0);
  readonly #plain = new Uint8Array(PIECE_BYTES);

  /** For a file of `size` bytes under this key. */
  constructor(key: string, size: number) {
    this.#base = toBytes(key);
    this.#last = piecesOf(size) - 1;
  }

  /** Good until the next one is opened; nothing where it is not this piece of this file, as it was. */
  open(number: number, sealed: Uint8Array): Uint8Array | undefined {
    if (sealed.length < SEAL_BYTES || sealed.length > FILE_CHUNK) return undefined;
    const salt = sealed.slice(0, FILE_SALT_BYTES);
    if (!equal(salt, this.#salt)) {
      this.#salt = salt;
      this.#key = derived(this.#base, salt);
    }
    const nonce = nonceOf(number, number === this.#last);
    const right = cipher.open(this.#key, nonce, sealed.subarray(FILE_SALT_BYTES), this.#plain);
    return right ? this.#plain.subarray(0, sealed.length - SEAL_BYTES) : undefined;
  }
}

/** HKDF with SHA-256 (RFC 5869). */
function derived(key: Bytes, salt: Bytes): Bytes {
  return new Uint8Array(hkdfSync("sha256", key, salt, PURPOSE, KEY_BYTES));
}

function nonceOf(number: number, last: boolean): Bytes {
  const nonce = new Uint8Array(NONCE_BYTES);
  nonce[0] = last ? 1 : 0;
  new DataView(nonce.buffer).setBigUint64(NONCE_BYTES - 8, BigInt(number));
  return nonce;
}

function equal(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, i) => byte === other[i]);
}
