import { connect } from "node:tls";

/** The only name of a certificate that a server has made for itself. */
export const OWN_NAME = "chat.invalid";

/** What a server shows of itself, not verified in any way: only to be told to a person, or compared. */
export interface Shown {
  readonly pem: string;
  /** The SHA-256 of the certificate. */
  readonly digest: Uint8Array<ArrayBuffer>;
  /** Whether the server has made it for itself. */
  readonly own: boolean;
}

/**
 * Asks a server for its certificate and says nothing else; nothing where the answer is not in TLS. Rejects where it cannot
 * be reached, and where TLS comes to nothing: who breaks it off is not somebody who does not speak it.
 */
export async function look(host: string, port: number): Promise<Shown | undefined> {
  const raw = await shown(host, port);
  if (raw === undefined) return undefined;
  const digest = await digestOf(raw);
  const lines = raw.toBase64().replace(/.{64}(?!$)/g, "$&\n");
  const pem = `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
  return { pem, digest, own: new TextDecoder("latin1").decode(raw).includes(OWN_NAME) };
}

/** What a certificate is known by. */
export async function digestOf(der: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", der));
}

function shown(host: string, port: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array<ArrayBuffer> | undefined>();
  const socket = connect({ host, port, servername: OWN_NAME, rejectUnauthorized: false }, () => {
    const certificate = socket.getPeerCertificate(true) as { raw?: Uint8Array } | null;
    if (!certificate?.raw) return; // older runtimes say so before they know: why there is none comes next
    socket.destroy();
    resolve(new Uint8Array(certificate.raw));
  });
  socket.on("error", (error: Error) => {
    socket.destroy();
    if (isNoTls(error.message)) resolve(undefined);
    else reject(error);
  });
  socket.on("close", () => reject(new Error("the connection was closed")));
  return promise;
}

/** Whether this is why a handshake failed: the answer was not in TLS. */
export function isNoTls(why: string): boolean {
  return /InvalidContentType/.test(why);
}
