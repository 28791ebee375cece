import { Buffer } from "node:buffer";
import { Duplex } from "node:stream";
import { writeAll } from "../../protocol/write_all.ts";
import { Chunks } from "../chunks.ts";
import { shut } from "../shut.ts";

type Done = (error?: Error | null) => void;

/** A socket as Node's modules want it. */
export class RawStream extends Duplex {
  readonly #raw: Deno.TcpConn;
  readonly #chunks: Chunks;
  readonly #wanted: () => Promise<void> | undefined;
  #first: Promise<Uint8Array> | undefined;

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
    this.#chunks = new Chunks(raw);
    this.#wanted = wanted;
    this.#first = first;
  }

  override _read(): void {
    this.#next().then((bytes) => this.push(bytes), (error) => this.destroy(error));
  }

  override _write(bytes: Uint8Array, _encoding: string, done: Done): void {
    writeAll(this.#raw, bytes).then(() => done(), done);
  }

  override _final(done: Done): void {
    this.#raw.closeWrite().then(() => done(), done);
  }

  override _destroy(error: Error | null, done: Done): void {
    shut(this.#raw);
    done(error);
  }

  async #next(): Promise<Buffer | null> {
    const first = this.#first;
    this.#first = undefined;
    if (first) return Buffer.from(await first);
    await this.#wanted();
    const bytes = await this.#chunks.read();
    return bytes === undefined ? null : Buffer.from(bytes.buffer);
  }
}
