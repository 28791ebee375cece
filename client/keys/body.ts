import type { Body } from "./keys.ts";
import { type Bytes, fromUtf8, utf8 } from "./encoding.ts";
import { readBody } from "./records.ts";

/** Bodies are padded to a few sizes, so that their length says little; in bytes, the tag of 16 apart. */
const SIZES = [256, 512, 1_024, 2_048, 4_096, 8_192, 16_384, 32_768] as const;
const LENGTH_BYTES = 4;

/** Whose words they are, to whom: bound to the body, so that it opens nowhere else. */
export interface Place {
  readonly from: string;
  readonly to: string;
  readonly id: string;
}

/** Encrypts under a key that is used for this body alone (AES-256-GCM). Nothing where it is too long. */
export async function closeBody(body: Body, key: Bytes, place: Place): Promise<Bytes | undefined> {
  const json = utf8(JSON.stringify(body));
  const size = SIZES.find((size) => size >= LENGTH_BYTES + json.length);
  if (size === undefined) return undefined;
  const plain = new Uint8Array(size);
  new DataView(plain.buffer).setUint32(0, json.length);
  plain.set(json, LENGTH_BYTES);
  const sealed = await crypto.subtle.encrypt(how(place), await cipher(key, "encrypt"), plain);
  return new Uint8Array(sealed);
}

/** Opens; nothing where it is not what was closed, with this key, for this place. */
export async function openBody(closed: Bytes, key: Bytes, place: Place): Promise<Body | undefined> {
  try {
    const plain = await crypto.subtle.decrypt(how(place), await cipher(key, "decrypt"), closed);
    const length = new DataView(plain).getUint32(0);
    return readBody(fromUtf8(new Uint8Array(plain, LENGTH_BYTES, length)));
  } catch {
    return undefined;
  }
}

/** The nonce is always the same: no key is used twice. */
function how({ from, to, id }: Place): AesGcmParams {
  const additionalData = utf8(["chat whisper 1", from, to, id].join("\n"));
  return { name: "AES-GCM", iv: new Uint8Array(12), additionalData };
}

async function cipher(key: Bytes, use: "encrypt" | "decrypt"): Promise<CryptoKey> {
  return await crypto.subtle.importKey("raw", key, "AES-GCM", false, [use]);
}
