import { createSecureContext, type SecureContext } from "node:tls";
import { Secured } from "./secured.ts";
import type { Certificate } from "./self_signed.ts";
import type { Terminator } from "./terminator.ts";

/** Speaks TLS on the very socket that was accepted. */
export class InPlace implements Terminator {
  #context: SecureContext;

  /** Throws where the certificate cannot be used. */
  constructor(certificate: Certificate) {
    this.#context = contextOf(certificate);
  }

  renew(certificate: Certificate): void {
    this.#context = contextOf(certificate);
  }

  unwrap(raw: Deno.TcpConn, first: Uint8Array<ArrayBuffer>): Promise<Secured> {
    return Secured.begin(raw, first, this.#context);
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

/** A context takes whatever it is given, and fails at the first handshake: only a listener looks at once. */
function contextOf(certificate: Certificate): SecureContext {
  Deno.listenTls({ hostname: "127.0.0.1", port: 0, ...certificate }).close();
  return createSecureContext({ ...certificate, minVersion: "TLSv1.2" });
}
