const HANDSHAKE = 0x16;
const HEADER_BYTES = 5;

function sized(width: 1 | 2 | 3, ...parts: readonly (readonly number[])[]): number[] {
  const body = parts.flat();
  return [...[body.length >> 16, body.length >> 8 & 0xff, body.length & 0xff].slice(3 - width), ...body];
}

function extension(type: number, ...body: readonly number[]): number[] {
  return [type >> 8, type & 0xff, ...sized(2, body)];
}

/** The first thing that a client of TLS 1.3 says (RFC 8446, 4.1.2), in one record, with so many bytes of padding (RFC 7685). */
export function clientHello(padding = 0): Uint8Array<ArrayBuffer> {
  const random = (size: number) => [...crypto.getRandomValues(new Uint8Array(size))];
  const extensions = [
    ...extension(43, 2, 3, 4), // TLS 1.3
    ...extension(10, ...sized(2, [0, 29])), // X25519
    ...extension(13, ...sized(2, [4, 3])), // ECDSA with P-256 and SHA-256
    ...extension(51, ...sized(2, [0, 29], sized(2, random(32)))),
    ...padding > 0 ? extension(21, ...new Array(padding).fill(0)) : [],
  ];
  const hello = [3, 3, ...random(32), 0, ...sized(2, [0x13, 1]), 1, 0, ...sized(2, extensions)];
  return Uint8Array.of(HANDSHAKE, 3, 1, ...sized(2, [1, ...sized(3, hello)]));
}

/** The same record as many, with so many bytes each. */
export function records(record: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const body = record.subarray(HEADER_BYTES);
  const parts: number[] = [];
  for (let at = 0; at < body.length; at += size) {
    parts.push(HANDSHAKE, 3, 1, ...sized(2, [...body.subarray(at, at + size)]));
  }
  return Uint8Array.from(parts);
}
