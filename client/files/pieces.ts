import { FILE_CHUNK, FILE_TAG_BYTES } from "../../protocol/limits.ts";
import { type Bytes, random, toBytes, toText, utf8 } from "../keys/encoding.ts";

const NONCE_BYTES = 12;
/** What a piece is, and in which form: under whatever key, nothing else opens as one. */
const LABEL = utf8("chat piece 1");
/** Bytes of a file in each piece but the last: with what shows that they were not changed, they fill a chunk. */
export const PIECE_BYTES = FILE_CHUNK - FILE_TAG_BYTES;

/** How many pieces a file of `size` bytes has; an empty one has an empty piece. */
export function piecesOf(size: number): number {
  return Math.max(1, Math.ceil(size / PIECE_BYTES));
}

/** Bytes of all pieces once they are sealed. */
export function sealedSize(size: number): number {
  return size + FILE_TAG_BYTES * piecesOf(size);
}

/** A seed for the key of one file: 32 random bytes in base64url. */
export function newSeed(): string {
  return toText(random(32));
}

/**
 * The key of a file, in base64url: HKDF with SHA-256 of the seed and the file's own hash. If a file changes between two
 * attempts to send it, its key does, too, and no piece is ever sealed twice with one nonce.
 */
export async function keyOf(seed: string, hash: string): Promise<string> {
  const base = await crypto.subtle.importKey("raw", toBytes(seed), "HKDF", false, ["deriveBits"]);
  const info = utf8("chat file 1");
  const how = { name: "HKDF", hash: "SHA-256", salt: Uint8Array.fromHex(hash), info };
  const bits = await crypto.subtle.deriveBits(how, base, 256);
  return toText(new Uint8Array(bits));
}

/** Seals and opens the pieces of one file: AES-256-GCM, the piece's number as nonce, and a mark at the last one. */
export class Pieces {
  readonly #key: CryptoKey;
  readonly #last: number;

  private constructor(key: CryptoKey, size: number) {
    this.#key = key;
    this.#last = piecesOf(size) - 1;
  }

  /** For a file of `size` bytes under this key. */
  static async open(key: string, size: number): Promise<Pieces> {
    const raw = toBytes(key);
    return new Pieces(
      await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]),
      size,
    );
  }

  async seal(number: number, plain: Bytes): Promise<Bytes> {
    return new Uint8Array(await crypto.subtle.encrypt(this.#how(number), this.#key, plain));
  }

  /** Nothing where it is not this piece of this file, as it was. */
  async open(number: number, sealed: Bytes): Promise<Bytes | undefined> {
    try {
      return new Uint8Array(await crypto.subtle.decrypt(this.#how(number), this.#key, sealed));
    } catch {
      return undefined;
    }
  }

  #how(number: number): AesGcmParams {
    const iv = new Uint8Array(NONCE_BYTES);
    iv[0] = number === this.#last ? 1 : 0;
    new DataView(iv.buffer).setBigUint64(NONCE_BYTES - 8, BigInt(number));
    return { name: "AES-GCM", iv, additionalData: LABEL };
  }
}
