const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/** Bytes of our own making: never shared between threads. */
export type Bytes = Uint8Array<ArrayBuffer>;

export function toText(bytes: Uint8Array): string {
  return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
}

/** Throws a `SyntaxError` where it is no base64url. */
export function toBytes(text: string): Bytes {
  return Uint8Array.fromBase64(text, { alphabet: "base64url" });
}

export function utf8(text: string): Bytes {
  return encoder.encode(text);
}

/** Throws a `TypeError` where it is no UTF-8. */
export function fromUtf8(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** SHA-256 in lower-case hex. */
export async function sha256(bytes: Bytes): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

export function random(size: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(size));
}
