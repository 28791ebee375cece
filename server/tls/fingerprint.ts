import type { Certificate } from "./self_signed.ts";

/** What a certificate is known by: the SHA-256 of its DER. */
export async function fingerprintOf({ cert }: Pick<Certificate, "cert">): Promise<Uint8Array<ArrayBuffer>> {
  const [, body = ""] = /-----BEGIN CERTIFICATE-----([^-]*)-----END/.exec(cert) ?? [];
  const der = Uint8Array.fromBase64(body.replace(/\s/g, ""));
  return new Uint8Array(await crypto.subtle.digest("SHA-256", der));
}
