import { writeAll } from "../../protocol/write_all.ts";
import { shut } from "../shut.ts";
import type { Certificate } from "./self_signed.ts";
import type { Terminator, Unwrapped } from "./terminator.ts";

const HOST = "127.0.0.1";
/** Bytes that are carried at a time: few at first, for most who are there say little, and more for who needs it. */
const FEWEST_BYTES = 4 * 1024;
const MOST_BYTES = 256 * 1024;

/**
 * Speaks TLS where the runtime can only begin a server's TLS with a listener of its own: there is one on the loopback,
 * which knows nobody but this, and every connection is led through it.
 */
export class LedThrough implements Terminator {
  #listener: Deno.TlsListener;
  #accepting: Promise<void>;
  /** Who is on the way to the listener, by the port it comes from. */
  readonly #coming = new Map<number, PromiseWithResolvers<Deno.TlsConn>>();
  /** Who came before it was known from which port: only while somebody is being led here. */
  readonly #early = new Map<number, Deno.TlsConn>();
  #leading = 0;
  /** All who have not come through yet. */
  readonly #underWay = new Set<Promise<Unwrapped>>();

  /** Throws where the certificate cannot be used. */
  constructor(certificate: Certificate) {
    this.#listener = Deno.listenTls({ hostname: HOST, port: 0, ...certificate });
    this.#accepting = this.#accept(this.#listener);
  }

  renew(certificate: Certificate): void {
    const next = Deno.listenTls({ hostname: HOST, port: 0, ...certificate });
    const last = this.#listener;
    this.#listener = next;
    const arrived = Promise.allSettled(this.#underWay).then(() => last.close()); // it would cut off who is on the way to it
    this.#accepting = Promise.all([this.#accepting, arrived, this.#accept(next)]).then(() => {});
  }

  async unwrap(raw: Deno.TcpConn, first: Uint8Array<ArrayBuffer>): Promise<Unwrapped> {
    const leading = this.#through(raw, first);
    this.#underWay.add(leading);
    return await leading.finally(() => this.#underWay.delete(leading));
  }

  async #through(raw: Deno.TcpConn, first: Uint8Array<ArrayBuffer>): Promise<Unwrapped> {
    const outside = await this.#lead();
    outside.setNoDelay();
    const coming = Promise.withResolvers<Deno.TlsConn>();
    const local = (outside.localAddr as Deno.NetAddr).port;
    this.#coming.set(local, coming);
    this.#settle();
    try {
      await writeAll(outside, first);
      const inside = await coming.promise;
      const close = () => {
        for (const each of [inside, outside, raw]) shut(each);
      };
      void Promise.all([carry(raw, outside), carry(outside, raw)]).then(close);
      return {
        handshake: () => inside.handshake(),
        read: (into) => inside.read(into),
        write: (bytes) => inside.write(bytes),
        closeWrite: () => inside.closeWrite(),
        close,
      };
    } catch (error) {
      shut(outside);
      throw error;
    } finally {
      this.#coming.delete(local);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    for (const { reject } of this.#coming.values()) reject(new Error("The server is stopping"));
    await this.#accepting;
  }

  /** Connects to the listener; {@linkcode #settle} is to follow. */
  async #lead(): Promise<Deno.TcpConn> {
    this.#leading++;
    try {
      return await Deno.connect({ hostname: HOST, port: this.#listener.addr.port });
    } catch (error) {
      this.#settle();
      throw error;
    }
  }

  /** One more is known by its port; when all are, whoever else has come has no business here. */
  #settle(): void {
    this.#leading--;
    for (const [port, inside] of this.#early) {
      const coming = this.#coming.get(port);
      if (coming === undefined && this.#leading > 0) continue;
      this.#early.delete(port);
      if (coming) coming.resolve(inside);
      else shut(inside);
    }
  }

  /** Never rejects. */
  async #accept(listener: Deno.TlsListener): Promise<void> {
    try {
      for await (const inside of listener) {
        const { port } = inside.remoteAddr as Deno.NetAddr;
        const coming = this.#coming.get(port);
        if (coming) coming.resolve(inside);
        else if (this.#leading > 0) this.#early.set(port, inside);
        else shut(inside); // somebody on this machine who has no business here
      }
    } catch { /* closed */ }
  }
}

/** Carries bytes until there are no more, and says so. Never rejects. */
async function carry(from: Deno.Conn, to: Deno.Conn): Promise<void> {
  let buffer = new Uint8Array(FEWEST_BYTES);
  try {
    for (let count; (count = await from.read(buffer)) !== null;) {
      await writeAll(to, buffer.subarray(0, count));
      if (count === buffer.length && count < MOST_BYTES) buffer = new Uint8Array(2 * count);
    }
    await to.closeWrite();
  } catch {
    shut(to); // what comes from a peer that is gone helps nobody
    shut(from);
  }
}
