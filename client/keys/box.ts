import { joined } from "../../protocol/joined.ts";
import { type Bytes, random, utf8 } from "./encoding.ts";

/** The form of everything that is encrypted under one key for oneself; it comes first. */
const VERSION = new Uint8Array([1]);
const NONCE_BYTES = 12;

/** What a secret is used for: keys for one purpose open nothing of another. */
export type Purpose = "vault" | "archive" | "journal";

/** A key for one purpose, from a secret of at least 256 bits (HKDF with SHA-256). */
export async function boxKey(secret: Bytes, purpose: Purpose): Promise<CryptoKey> {
  const base = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info: utf8(`chat ${purpose} 1`) };
  return await crypto.subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, [
    "encrypt",
    "decrypt",
  ]);
}

/** Encrypts (AES-256-GCM, the version as additional data): version, nonce, ciphertext. */
export async function lock(key: CryptoKey, plain: Bytes): Promise<Bytes> {
  const iv = random(NONCE_BYTES);
  const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: VERSION }, key, plain);
  return joined([VERSION, iv, new Uint8Array(data)]);
}

/** Decrypts; nothing where this key does not open it, whole and as it was. */
export async function unlock(key: CryptoKey, locked: Bytes): Promise<Bytes | undefined> {
  if (locked[0] !== VERSION[0]) return undefined;
  const iv = locked.slice(1, 1 + NONCE_BYTES);
  try {
    const data = locked.slice(1 + NONCE_BYTES);
    return new Uint8Array(
      await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: VERSION }, key, data),
    );
  } catch {
    return undefined;
  }
}
