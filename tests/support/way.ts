import { KnownServer } from "../../client/trust/known_server.ts";
import { SecureDial } from "../../client/trust/secure_dial.ts";
import { HOST } from "./wrong_certificates.ts";

/** A way to a server, of somebody who remembers it in a folder, if anywhere. */
export async function way(port: number, folder: string | undefined, more: object = {}): Promise<SecureDial> {
  const server = await KnownServer.open(folder);
  return new SecureDial({
    host: HOST,
    port,
    server,
    plain: false,
    accept: false,
    fingerprint: undefined,
    ...more,
  });
}
