import { TLSSocket } from "node:tls";
import type { Socket } from "../socket.ts";
import { InPlace } from "./in_place.ts";
import { LedThrough } from "./led_through.ts";
import type { Certificate } from "./self_signed.ts";

/** A connection without the encryption around it. `closeWrite` and `close` are for what is around it, too. */
export interface Unwrapped extends Omit<Socket, "remoteAddr"> {
  /** Resolves when the peer has agreed on how to encrypt; rejects when it does not. To be awaited before anything else. */
  handshake(): Promise<unknown>;
}

/** Speaks a server's TLS over sockets that were accepted as plain ones. */
export interface Terminator extends AsyncDisposable {
  /** Others get another certificate from now on; throws where it cannot be used, and nothing has changed then. */
  renew(certificate: Certificate): void;
  /** Begins on a socket from which `first` was read already; rejects when nothing comes of it. */
  unwrap(raw: Deno.TcpConn, first: Uint8Array<ArrayBuffer>): Promise<Unwrapped>;
}

/** Throws where the certificate cannot be used. */
export function terminatorOf(certificate: Certificate): Terminator {
  return hasServersTls() ? new InPlace(certificate) : new LedThrough(certificate);
}

/** Deno had only the client's part of `node:tls` before 2.8, and could not tell by then what was spoken. */
function hasServersTls(): boolean {
  return "getProtocol" in TLSSocket.prototype;
}
