import { timingSafeEqual } from "node:crypto";

const BYTES = 32;
const encoder = new TextEncoder();

/** 256 bits in base64url, which nobody can guess. */
export function newSecret(): string {
  return crypto.getRandomValues(new Uint8Array(BYTES)).toBase64({ alphabet: "base64url", omitPadding: true });
}

/** Whether a secret was given; takes equally long wherever the two differ. */
export function isSecret(given: string | undefined, secret: string): boolean {
  const [one, other] = [encoder.encode(given ?? ""), encoder.encode(secret)];
  return one.length === other.length && timingSafeEqual(one, other);
}
