import { shut } from "../../server/shut.ts";
import { type Certificate, NAME } from "../../server/tls/self_signed.ts";
import type { Terminator, Unwrapped } from "../../server/tls/terminator.ts";

const HOST = "127.0.0.1";

/** Somebody who accepts connections, and speaks TLS over them. */
export class TlsRig implements AsyncDisposable {
  readonly #certificate: Certificate;
  readonly terminator: Terminator;
  readonly #listener = Deno.listen({ hostname: HOST, port: 0 });
  readonly #after = new DisposableStack();

  constructor(certificate: Certificate, way: (certificate: Certificate) => Terminator) {
    this.#certificate = certificate;
    this.terminator = way(certificate);
  }

  /** Both ends of a socket. */
  async sockets(): Promise<{ readonly near: Deno.TcpConn; readonly far: Deno.TcpConn }> {
    const [near, far] = await Promise.all([
      this.#listener.accept(),
      Deno.connect({ hostname: HOST, port: this.#listener.addr.port }),
    ]);
    for (const each of [near, far]) this.#after.defer(() => shut(each));
    return { near, far };
  }

  /** Begins with what has come first. */
  async unwrap(near: Deno.TcpConn): Promise<Unwrapped> {
    const first = new Uint8Array(2_048);
    const count = await near.read(first);
    const unwrapped = await this.terminator.unwrap(near, first.slice(0, count ?? 0));
    this.#after.defer(() => unwrapped.close());
    return unwrapped;
  }

  /** A server's end and a client's, after the handshake. */
  async meet(caCerts = [this.#certificate.cert]): Promise<{ server: Unwrapped; client: Deno.TlsConn }> {
    const { near, far } = await this.sockets();
    const client = await Deno.startTls(far, { hostname: NAME, caCerts });
    this.#after.defer(() => shut(client));
    const [server] = await Promise.all([this.unwrap(near), client.handshake()]);
    await server.handshake();
    return { server, client };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#after.dispose();
    this.#listener.close();
    await this.terminator[Symbol.asyncDispose]();
  }
}
