import { expand } from "@noble/hashes/hkdf.js";
import { sha512 } from "@noble/hashes/sha2.js";

/** What an MLS message says of the key and nonce that it is encrypted with (RFC 9420, 6.3.2). */
export interface SenderData {
  readonly leaf: number;
  readonly generation: number;
}

/** The parts of an MLS PrivateMessage that matter here. */
export interface Encrypted {
  readonly groupId: Uint8Array;
  readonly epoch: bigint;
  readonly contentType: number;
  readonly encryptedSenderData: Uint8Array;
  readonly ciphertext: Uint8Array;
}

const HASH_BYTES = 64;
const encoder = new TextEncoder();

/** Opens it with the group's secret for that; by this code alone, for what is under test must not judge itself. */
export async function senderData(message: Encrypted, secret: Uint8Array): Promise<SenderData> {
  const sample = message.ciphertext.slice(0, HASH_BYTES);
  const raw = new Uint8Array(expandWithLabel(secret, "key", sample, 32));
  const iv = new Uint8Array(expandWithLabel(secret, "nonce", sample, 12));
  const epoch = new Uint8Array(9);
  new DataView(epoch.buffer).setBigUint64(0, message.epoch);
  epoch[8] = message.contentType;
  const additionalData = new Uint8Array([...vector(message.groupId), ...epoch]);
  const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["decrypt"]);
  const how = { name: "AES-GCM", iv, additionalData };
  const plain = await crypto.subtle.decrypt(how, key, message.encryptedSenderData.slice());
  const view = new DataView(plain);
  return { leaf: view.getUint32(0), generation: view.getUint32(4) };
}

function expandWithLabel(secret: Uint8Array, label: string, context: Uint8Array, length: number): Uint8Array {
  const info = [
    length >> 8,
    length & 0xff,
    ...vector(encoder.encode(`MLS 1.0 ${label}`)),
    ...vector(context),
  ];
  return expand(sha512, secret, new Uint8Array(info), length);
}

/** With its length before it, in one byte or two. */
function vector(bytes: Uint8Array): number[] {
  const { length } = bytes;
  return [...length < 64 ? [length] : [0x40 | length >> 8, length & 0xff], ...bytes];
}
