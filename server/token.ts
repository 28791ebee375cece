const BYTES = 32;
const encoder = new TextEncoder();

/** A secret of 256 bits in base64url, for whoever may come back with it. */
export function newToken(): string {
  return crypto.getRandomValues(new Uint8Array(BYTES)).toBase64({ alphabet: "base64url", omitPadding: true });
}

/** What is kept of a token: its SHA-256 in lower-case hex. */
export async function hashToken(token: string): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", encoder.encode(token))).toHex();
}
