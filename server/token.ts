import { createHash } from "node:crypto";

const BYTES = 32;

/** A secret of 256 bits in base64url, for whoever may come back with it. */
export function newToken(): string {
  return crypto.getRandomValues(new Uint8Array(BYTES)).toBase64({ alphabet: "base64url", omitPadding: true });
}

/** What is kept of a token: its SHA-256 in lower-case hex. */
export function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
