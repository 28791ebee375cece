const BYTES = 16;

/** What a file is called: 128 bits in base64url that nobody can guess. */
export function newId(): string {
  return crypto.getRandomValues(new Uint8Array(BYTES)).toBase64({ alphabet: "base64url", omitPadding: true });
}
