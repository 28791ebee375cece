import { encode } from "../../protocol/codec.ts";
import type { Socket } from "../socket.ts";
import type { Terminator, Unwrapped } from "./terminator.ts";

/** The first byte of a TLS record that begins a handshake. That of a frame is 0 or 0x80 and a little. */
const HELLO = 0x16;

/** Whether these are the first bytes of somebody who speaks TLS. */
export function beginsTls(first: Uint8Array): boolean {
  return first[0] === HELLO;
}

/** Whether who speaks plainly is heard. */
export type Plain = "allowed" | "refused";

/** A socket of which the first byte tells whether it speaks TLS; from then on that makes no difference. */
export class EitherSocket implements Socket {
  readonly remoteAddr: { readonly hostname: string };
  readonly #raw: Deno.TcpConn;
  readonly #terminator: Terminator | undefined;
  readonly #plain: Plain;
  #unwrapped: Unwrapped | undefined;
  #known = false;
  /** It is TLS: nothing may be said without it any more. */
  #secure = false;
  /** The handshake is done: only then something can be said. */
  #ready = false;
  #closed = false;

  /** Without a `terminator` nobody is understood who speaks TLS. */
  constructor(raw: Deno.TcpConn, terminator: Terminator | undefined, plain: Plain) {
    this.remoteAddr = raw.remoteAddr;
    this.#raw = raw;
    this.#terminator = terminator;
    this.#plain = plain;
  }

  async read(into: Uint8Array<ArrayBuffer>): Promise<number | null> {
    if (this.#known) return await this.#way.read(into);
    const count = await this.#raw.read(into);
    if (count === null) return null;
    this.#known = true;
    if (!beginsTls(into)) return this.#plain === "allowed" ? count : await this.#refuse("tls_required");
    if (this.#terminator === undefined) return await this.#refuse("frame_size");
    this.#secure = true;
    this.#unwrapped = await this.#terminator.unwrap(this.#raw, into.slice(0, count));
    if (this.#closed) this.#unwrapped.close();
    await this.#unwrapped.handshake();
    this.#ready = true;
    return await this.#unwrapped.read(into);
  }

  async write(bytes: Uint8Array<ArrayBuffer>): Promise<number> {
    return await this.#way.write(bytes);
  }

  async closeWrite(): Promise<void> {
    await this.#way.closeWrite();
  }

  close(): void {
    this.#closed = true;
    if (this.#unwrapped) return this.#unwrapped.close();
    this.#raw.close();
  }

  get #way(): Omit<Socket, "remoteAddr" | "close"> {
    // Whoever is about to begin TLS would take a frame for an attack.
    if (!this.#known && this.#terminator) throw new Error("Nobody knows yet what is spoken here");
    if (!this.#secure) return this.#raw;
    if (this.#unwrapped === undefined || !this.#ready) throw new Error("The handshake has come to nothing");
    return this.#unwrapped;
  }

  /** Asking in the wrong language is no offence: clients find out like this what is spoken here. */
  async #refuse(code: "tls_required" | "frame_size"): Promise<null> {
    const message = code === "tls_required"
      ? "This server speaks TLS only: leave out --plain"
      : "This is no frame: this server speaks no TLS";
    await this.#raw.write(encode({ type: "error", code, message, fatal: true }));
    await this.#raw.closeWrite();
    return null;
  }
}
