/** The few forms of DER (X.690) that a certificate is written in. */

const encoder = new TextEncoder();

type Part = Uint8Array | readonly number[];

function length(n: number): number[] {
  if (n < 0x80) return [n];
  return n < 0x100 ? [0x81, n] : [0x82, n >> 8, n & 0xff];
}

/** A value with its tag and its length. */
export function tagged(tag: number, ...parts: readonly Part[]): Uint8Array<ArrayBuffer> {
  const size = parts.reduce((sum, part) => sum + part.length, 0);
  return Uint8Array.from([tag, ...length(size), ...parts.flatMap((part) => [...part])]);
}

export function sequence(...parts: readonly Part[]): Uint8Array<ArrayBuffer> {
  return tagged(0x30, ...parts);
}

/** An object identifier, its bytes already in their form. */
export function oid(...bytes: readonly number[]): Uint8Array<ArrayBuffer> {
  return tagged(0x06, bytes);
}

/** A whole number of at least 0, its bytes the most significant first. */
export function integer(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const first = bytes.findIndex((byte) => byte !== 0);
  const digits = first < 0 ? bytes.subarray(-1) : bytes.subarray(first);
  return tagged(0x02, digits[0]! & 0x80 ? [0, ...digits] : digits);
}

export function bits(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return tagged(0x03, [0], bytes);
}

/** Text in UTF-8, or with another tag in ASCII. */
export function text(text: string, tag = 0x0c): Uint8Array<ArrayBuffer> {
  return tagged(tag, encoder.encode(text));
}

/** A time with four digits for the year. */
export function time(at: Date): Uint8Array<ArrayBuffer> {
  return text(at.toISOString().replace(/[-:T]|\.\d+/g, ""), 0x18);
}

/** The same as text between two lines that name it. */
export function pem(label: string, der: Uint8Array): string {
  const lines = der.toBase64().replace(/.{64}(?!$)/g, "$&\n");
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`;
}
