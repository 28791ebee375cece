import { type Certificate, selfSigned } from "../../server/tls/self_signed.ts";
import { type Forge, keyFor } from "./forge.ts";

/** Where the servers of these certificates are. */
export const HOST = "127.0.0.1";
const RSA = ["-algorithm", "RSA", "-pkeyopt"];

/** What a client makes of a certificate when it is told to accept it, or has never been there. */
type Acceptable = "can be accepted" | "never";
type Made = (forge: Forge, right: Certificate, authority: Certificate) => Promise<Certificate>;

/** What somebody may show in the place of the certificate that a server has made for itself. */
export const WRONG: readonly (readonly [what: string, acceptable: Acceptable, made: Made])[] = [
  ["one like it that somebody else has made", "can be accepted", () => selfSigned()],
  [
    "one with an RSA key",
    "can be accepted",
    (forge) => forge.make({ algorithm: [...RSA, "rsa_keygen_bits:2048"] }),
  ],
  ["one for the address", "can be accepted", (forge) => forge.make({ names: `IP:${HOST}` })],
  ["itself, without its key", "never", async (_, right) => ({ cert: right.cert, key: await keyFor(right) })],
  ["one for another host", "never", (forge) => forge.make({ names: "DNS:other.example" })],
  ["one for another address", "never", (forge) => forge.make({ names: "IP:127.0.0.2" })],
  ["one for a name of the address", "never", (forge) => forge.make({ names: "DNS:localhost" })],
  ["one for every name", "never", (forge) => forge.make({ names: "DNS:*.invalid" })],
  [
    "one that names itself in its subject",
    "never",
    (forge) => forge.make({ subject: "chat.invalid", names: "" }),
  ],
  ["one that is over", "never", (forge) => forge.make({ until: "20210101000000Z" })],
  ["one that is not valid yet", "never", (forge) => forge.make({ from: "20480101000000Z" })],
  ["one that an unknown authority signed", "never", (forge, _, by) => chained(forge, by)],
  ["one that it signed for another host", "never", (forge, _, by) => chained(forge, by, "DNS:other.example")],
  ["one signed with SHA-1", "never", (forge) => forge.make({ digest: "sha1" })],
  ["one with a small key", "never", (forge) => forge.make({ algorithm: [...RSA, "rsa_keygen_bits:1024"] })],
  ["one of an authority", "never", (forge) => forge.make({ more: "basicConstraints=critical,CA:TRUE" })],
  ["one for clients", "never", (forge) => forge.make({ more: "extendedKeyUsage=clientAuth" })],
  [
    "one that demands what nobody knows",
    "never",
    (forge) => forge.make({ more: "1.2.3.4=critical,ASN1:NULL" }),
  ],
];

async function chained(forge: Forge, by: Certificate, names?: string): Promise<Certificate> {
  const { cert, key } = await forge.make({ by, ...names === undefined ? {} : { names } });
  return { cert: cert + by.cert, key };
}
