import { Buffer } from "node:buffer";
import { Duplex } from "node:stream";

/** Bytes that are read at a time: few at first, for most who are there say little, and more for who needs it. */
const FEWEST_BYTES = 4 * 1024;
const MOST_BYTES = 64 * 1024;

type Done = (error?: Error | null) => void;

/** A socket as Node's modules want it. */
export class RawStream extends Duplex {
  readonly #raw: Deno.TcpConn;
  readonly #wanted: () => Promise<void> | undefined;
  #first: Promise<Uint8Array> | undefined;
  #buffer = new Uint8Array(FEWEST_BYTES);

  /**
   * `first` comes before what is read from the socket. That is read on when more is `wanted`, for whoever asks for it here
   * takes whatever is there, and never waits until somebody takes it from him.
   */
  constructor(
    raw: Deno.TcpConn,
    { first, wanted }: {
      readonly first: Promise<Uint8Array>;
      readonly wanted: () => Promise<void> | undefined;
    },
  ) {
    super({ allowHalfOpen: true });
    this.#raw = raw;
    this.#wanted = wanted;
    this.#first = first;
  }

  override _read(): void {
    this.#next().then((bytes) => this.push(bytes), (error) => this.destroy(error));
  }

  override _write(bytes: Uint8Array, _encoding: string, done: Done): void {
    this.#put(bytes).then(() => done(), done);
  }

  override _final(done: Done): void {
    this.#raw.closeWrite().then(() => done(), done);
  }

  override _destroy(error: Error | null, done: Done): void {
    try {
      this.#raw.close();
    } catch { /* closed already */ }
    done(error);
  }

  async #next(): Promise<Buffer | null> {
    const first = this.#first;
    this.#first = undefined;
    if (first) return Buffer.from(await first);
    await this.#wanted();
    const count = await this.#raw.read(this.#buffer);
    if (count === null) return null;
    const bytes = Buffer.from(this.#buffer.slice(0, count).buffer);
    if (count === this.#buffer.length && count < MOST_BYTES) this.#buffer = new Uint8Array(2 * count);
    return bytes;
  }

  async #put(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) at += await this.#raw.write(bytes.subarray(at));
  }
}
