import { bits, integer, oid, pem, sequence, tagged, text, time } from "./der.ts";

/** The only name it has: no public authority may vouch for a name under `.invalid` (RFC 6761), so whoever pins it pins this one. */
export const NAME = "chat.invalid";

/** A certificate and its key, as PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

const HOUR_MS = 3_600_000;
const UNTIL = new Date(Date.UTC(2050, 0, 2));
const SERIAL_BYTES = 16;
const COORDINATE_BYTES = 32;

/** Makes a key (P-256), and a certificate that it has signed itself (X.509, RFC 5280). */
export async function selfSigned(): Promise<Certificate> {
  const curve = { name: "ECDSA", namedCurve: "P-256" };
  const { publicKey, privateKey } = await crypto.subtle.generateKey(curve, true, ["sign", "verify"]);
  const algorithm = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2)); // ECDSA with SHA-256
  const name = sequence(tagged(0x31, sequence(oid(0x55, 4, 3), text("chat server"))));
  const serial = crypto.getRandomValues(new Uint8Array(SERIAL_BYTES));
  serial[0] = serial[0]! & 0x7f | 1;
  const names = sequence(oid(0x55, 0x1d, 0x11), tagged(0x04, sequence(text(NAME, 0x82))));
  const body = sequence(
    tagged(0xa0, tagged(0x02, [2])),
    integer(serial),
    algorithm,
    name,
    sequence(time(new Date(Date.now() - HOUR_MS)), time(UNTIL)), // clocks differ
    name,
    new Uint8Array(await crypto.subtle.exportKey("spki", publicKey)),
    tagged(0xa3, sequence(names)),
  );
  const raw = new Uint8Array(
    await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, privateKey, body),
  );
  const [r, s] = [raw.subarray(0, COORDINATE_BYTES), raw.subarray(COORDINATE_BYTES)];
  const cert = sequence(body, algorithm, bits(sequence(integer(r), integer(s))));
  const key = new Uint8Array(await crypto.subtle.exportKey("pkcs8", privateKey));
  return { cert: pem("CERTIFICATE", cert), key: pem("PRIVATE KEY", key) };
}
