import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { createCipheriv, createDecipheriv } from "node:crypto";
import { FILE_TAG_BYTES } from "../../protocol/limits.ts";
import type { Bytes } from "../keys/encoding.ts";

/** ChaCha20-Poly1305 (RFC 8439): a key of 32 bytes, a nonce of 12, a tag of 16 behind what was sealed. */
export interface Cipher {
  /** Writes what is sealed and its tag into `into`, which has room for just that. */
  seal(key: Bytes, nonce: Bytes, plain: Uint8Array, into: Uint8Array): void;
  /** Writes what was sealed into `into`, which has room for it; says whether it was not changed, else it is nothing. */
  open(key: Bytes, nonce: Bytes, sealed: Uint8Array, into: Uint8Array): boolean;
}

const ALGORITHM = "chacha20-poly1305";
const TAG = { authTagLength: FILE_TAG_BYTES };

/** By the runtime: some five times as fast. */
export const native: Cipher = {
  seal(key, nonce, plain, into) {
    const cipher = createCipheriv(ALGORITHM, key, nonce, TAG);
    moveInto(into, cipher.update(plain));
    cipher.final();
    into.set(cipher.getAuthTag(), plain.length);
  },
  open(key, nonce, sealed, into) {
    const length = sealed.length - FILE_TAG_BYTES;
    if (length < 0) return false;
    const cipher = createDecipheriv(ALGORITHM, key, nonce, TAG);
    cipher.setAuthTag(sealed.subarray(length));
    moveInto(into, cipher.update(sealed.subarray(0, length)));
    try {
      cipher.final();
    } catch {
      return false;
    }
    return true;
  },
};

/** The same without the runtime's help. */
export const portable: Cipher = {
  seal(key, nonce, plain, into) {
    chacha20poly1305(key, nonce).encrypt(plain, into);
  },
  open(key, nonce, sealed, into) {
    try {
      chacha20poly1305(key, nonce).decrypt(sealed, into.subarray(0, sealed.length - FILE_TAG_BYTES));
      return true;
    } catch {
      return false;
    }
  },
};

/** The fastest there is: not every runtime has it built in. */
export const cipher: Cipher = isThere() ? native : portable;

/** Copies, and frees what was copied at once: tens of megabytes would gather until somebody looked for them. */
function moveInto(into: Uint8Array, bytes: Uint8Array): void {
  into.set(bytes);
  if (bytes.buffer instanceof ArrayBuffer && bytes.buffer.byteLength === bytes.length) {
    bytes.buffer.transfer(0);
  }
}

function isThere(): boolean {
  try {
    createCipheriv(ALGORITHM, new Uint8Array(32), new Uint8Array(12), TAG);
    return true;
  } catch {
    return false;
  }
}
