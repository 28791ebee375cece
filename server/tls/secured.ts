import { type SecureContext, TLSSocket } from "node:tls";
import { RawStream } from "./raw_stream.ts";
import type { Unwrapped } from "./terminator.ts";

/** What one write takes, and how much may wait on its way out: whoever reads slowly shall be seen to read. */
const PART_BYTES = 64 * 1024;
const AHEAD_BYTES = 128 * 1024;

/** TLS, as a server speaks it, over a socket that was accepted as a plain one. */
export class Secured implements Unwrapped {
  readonly #stream: RawStream;
  readonly #tls: TLSSocket;
  #state: "greeting" | "secure" | "ended" | "gone" = "greeting";
  #why: Error = new Deno.errors.ConnectionReset("The peer is gone");
  /** Somebody waits for what the peer says; to be resolved when somebody does. */
  #waits = false;
  #wanted: PromiseWithResolvers<void> | undefined;
  /** Resolves when something has changed. */
  #news = Promise.withResolvers<void>();

  private constructor(raw: Deno.TcpConn, first: Promise<Uint8Array>, secureContext: SecureContext) {
    this.#stream = new RawStream(raw, {
      first,
      wanted: () => this.#waits ? undefined : (this.#wanted ??= Promise.withResolvers()).promise,
    });
    this.#tls = new TLSSocket(this.#stream as never, { isServer: true, secureContext });
    this.#tls.on("secure", () => this.#become("secure"));
    this.#tls.on("readable", () => this.#tell());
    this.#tls.on("end", () => this.#become("ended"));
    this.#tls.on("error", (error: Error) => this.#why = error);
    this.#tls.on("close", () => this.#become("gone"));
  }

  /** `first` was read from the socket already. */
  static async begin(
    raw: Deno.TcpConn,
    first: Uint8Array<ArrayBuffer>,
    context: SecureContext,
  ): Promise<Secured> {
    const begun = new Promise((resolve) => setTimeout(resolve)); // a TLSSocket that fails before that takes all with it
    const secured = new Secured(raw, begun.then(() => first), context);
    await begun;
    return secured;
  }

  async handshake(): Promise<void> {
    while (this.#state === "greeting") await this.#hear();
    if (this.#state !== "secure") throw this.#why;
  }

  async read(into: Uint8Array<ArrayBuffer>): Promise<number | null> {
    while (true) {
      const count = Math.min(into.length, this.#tls.readableLength);
      const bytes: Uint8Array | null = this.#tls.read(count || undefined);
      if (bytes !== null) {
        into.set(bytes);
        return bytes.length;
      }
      if (this.#state === "ended") return null;
      if (this.#state === "gone") throw this.#why;
      await this.#hear();
    }
  }

  async write(bytes: Uint8Array<ArrayBuffer>): Promise<number> {
    while (this.#isUp && this.#tls.writableLength >= AHEAD_BYTES) await this.#news.promise;
    if (!this.#isUp) throw this.#why;
    const part = bytes.slice(0, PART_BYTES); // the caller may do with its own what it likes by the time this is sent
    this.#tls.write(part, () => this.#tell());
    return part.length;
  }

  async closeWrite(): Promise<void> {
    let done = false;
    this.#tls.end(() => {
      done = true;
      this.#tell();
    });
    while (!done && this.#state !== "gone") await this.#news.promise;
    if (!done) throw this.#why;
  }

  close(): void {
    this.#tls.destroy();
    this.#stream.destroy(); // which would be read on for a while
  }

  /** Waits until something has changed, and lets more be read meanwhile. */
  async #hear(): Promise<void> {
    this.#waits = true;
    this.#wanted?.resolve();
    this.#wanted = undefined;
    await this.#news.promise;
    this.#waits = false;
  }

  /** What is under it is gone a while before it hears of that. */
  get #isUp(): boolean {
    return this.#tls.writable && !this.#stream.destroyed;
  }

  #become(state: "secure" | "ended" | "gone"): void {
    this.#state = state;
    this.#tell();
  }

  #tell(): void {
    this.#news.resolve();
    this.#news = Promise.withResolvers();
  }
}
