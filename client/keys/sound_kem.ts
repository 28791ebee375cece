import { isSoundX25519 } from "../../protocol/sound_key.ts";

/** X-Wing: what stands before the 32 bytes of X25519 in a public key. */
const ML_KEM_KEY_BYTES = 1_184;
const X25519_BYTES = 32;
/** ML-KEM-768: the modulus, and where its seed begins behind the coefficients of 12 bits. */
const Q = 3_329;
const SEED_AT = 1_152;

/** Whether a public key of X-Wing is one: long enough, no coefficient too large (FIPS 203), no X25519 point of small order. */
export function isSoundKemKey(key: Uint8Array): boolean {
  if (key.length !== ML_KEM_KEY_BYTES + X25519_BYTES) return false;
  for (let at = 0; at < SEED_AT; at += 3) {
    const [low, middle, high] = [key[at]!, key[at + 1]!, key[at + 2]!];
    if ((low | (middle & 0x0f) << 8) >= Q || (middle >> 4 | high << 4) >= Q) return false;
  }
  return isSoundX25519(key.subarray(ML_KEM_KEY_BYTES));
}
