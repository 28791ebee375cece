import type { Socket } from "../socket.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** What is gathered at the most, in each of two buffers; what does not fit waits in the network. */
const BUFFER_BYTES = 512 * 1024;

/**
 * Reads on while what came before is dealt with: small pieces, as they come over TLS, become few large ones, and nobody
 * waits for that.
 */
export class Gather implements Disposable {
  readonly #socket: Pick<Socket, "read">;
  /** Bytes that are still to come. */
  #due: number;
  /** The one that is filled, how far, and from where on nobody has it; nothing while both are in use. */
  #buffer: Bytes | undefined = new Uint8Array(BUFFER_BYTES);
  #filled = 0;
  #from = 0;
  readonly #spare: Bytes[] = [new Uint8Array(BUFFER_BYTES)];
  #reading = false;
  #over = false;
  /** Whoever waits for something to have come, or for nothing more to come. */
  #wanted: PromiseWithResolvers<void> | undefined;

  /** Reads `due` bytes, and no more than come with them. */
  constructor(socket: Pick<Socket, "read">, due: number) {
    this.#socket = socket;
    this.#due = due;
    void this.#read();
  }

  /** All that was due has come. */
  get complete(): boolean {
    return this.#due <= 0;
  }

  /** What has come since the last time, and may be given back; nothing where no more comes, or `late` resolves. */
  async next(late: Promise<void>): Promise<Bytes | undefined> {
    if (this.#filled === this.#from && !this.#over) {
      this.#wanted = Promise.withResolvers();
      await Promise.race([this.#wanted.promise, late]);
      this.#wanted = undefined;
    }
    const buffer = this.#buffer;
    if (buffer === undefined || this.#filled === this.#from) return undefined; // gone, or as good as gone
    if (this.#reading) { // into the same buffer, behind this: nobody knows for how long
      const bytes = buffer.slice(this.#from, this.#filled);
      this.#from = this.#filled;
      return bytes;
    }
    const bytes = buffer.subarray(this.#from, this.#filled);
    this.#buffer = this.#spare.pop();
    this.#filled = this.#from = 0;
    void this.#read();
    return bytes;
  }

  /** Takes back what {@linkcode next} gave. */
  giveBack({ buffer }: Bytes): void {
    if (buffer.byteLength < BUFFER_BYTES) return void buffer.transfer(0); // only a copy: freed at once
    this.#spare.push(new Uint8Array(buffer));
    this.#buffer ??= this.#spare.pop();
    void this.#read();
  }

  /** Reads no more. */
  [Symbol.dispose](): void {
    this.#over = true;
  }

  /** Reads until the buffer is full. Never rejects. */
  async #read(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    try {
      while (!this.#over && this.#buffer !== undefined && this.#filled < this.#buffer.length) {
        const count = await this.#socket.read(this.#buffer.subarray(this.#filled));
        this.#filled += count ?? 0;
        this.#due -= count ?? 0;
        this.#over ||= !count || this.#due <= 0;
        this.#wanted?.resolve();
      }
    } catch {
      this.#over = true;
      this.#wanted?.resolve();
    }
    this.#reading = false;
  }
}
