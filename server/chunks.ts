import type { Socket } from "./socket.ts";

/** Read buffers begin small, since most clients are silent most of the time, and grow with a client that talks. */
const SMALLEST = 2 * 1024;
const LARGEST = 64 * 1024;

/** Reads a socket, chunk by chunk. */
export class Chunks {
  readonly #socket: Pick<Socket, "read">;
  #buffer = new Uint8Array(SMALLEST);

  constructor(socket: Pick<Socket, "read">) {
    this.#socket = socket;
  }

  /** The next bytes, to keep; `undefined` when the peer has closed its side or is gone. */
  async read(): Promise<Uint8Array<ArrayBuffer> | undefined> {
    let count: number | null;
    try {
      count = await this.#socket.read(this.#buffer);
    } catch {
      return undefined; // reset by the peer, or closed by us
    }
    if (count === null) return undefined;
    const chunk = this.#buffer.slice(0, count);
    const size = this.#buffer.length;
    if (count === size && size < LARGEST) this.#buffer = new Uint8Array(2 * size);
    else if (count < size / 8 && size > SMALLEST) this.#buffer = new Uint8Array(size / 2);
    return chunk;
  }
}
