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

/** Asks a server for its certificate and says nothing else; nothing where it does not speak TLS. Rejects where it cannot be reached. */
export async function look(host: string, port: number): Promise<Shown | undefined> {
  const raw = await shown(host, port);
  if (raw === undefined) return undefined;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", raw));
  const lines = raw.toBase64().replace(/.{64}(?!$)/g, "$&\n");
  const pem = `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
  return { pem, digest, own: new TextDecoder("latin1").decode(raw).includes(OWN_NAME) };
}

function shown(host: string, port: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array<ArrayBuffer> | undefined>();
  let reached = false;
  const socket = connect({ host, port, servername: OWN_NAME, rejectUnauthorized: false }, () => {
    const certificate = socket.getPeerCertificate(true) as { raw?: Uint8Array } | null;
    socket.destroy();
    resolve(certificate?.raw && new Uint8Array(certificate.raw));
  });
  socket.on("connect", () => reached = true);
  socket.on("error", (error: Error & { code?: string }) => {
    socket.destroy();
    const there = reached ||
      !/ECONNREFUSED|ENOTFOUND|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN/.test(
        `${error.code} ${error.message}`,
      );
    if (there) resolve(undefined);
    else reject(error);
  });
  socket.on("close", () => resolve(undefined));
  return promise;
}
