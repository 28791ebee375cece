import { joined } from "../../protocol/joined.ts";
import type { Socket } from "../socket.ts";
import { within } from "../within.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** What is read of a socket at a time. */
const READ_BYTES = 256 * 1024;
/** With so much there is no need to wait for more: handing it on costs little beside it. */
const ENOUGH_BYTES = 128 * 1024;
/** How long more is waited for once something is there. */
const SOON_MS = 1;

/** Reads a socket in large pieces, also where it comes in small ones, as over TLS. */
export class Gather {
  readonly #socket: Pick<Socket, "read">;
  readonly #stallMs: number;
  #reading: Promise<Bytes | undefined> | undefined;

  /** `stallMs`: how long the other side may say nothing before it counts as gone. */
  constructor(socket: Pick<Socket, "read">, stallMs: number) {
    this.#socket = socket;
    this.#stallMs = stallMs;
  }

  /** What comes next, to keep; nothing where no more comes. */
  async next(): Promise<Bytes | undefined> {
    const parts: Bytes[] = [];
    for (let size = 0; size < ENOUGH_BYTES;) {
      this.#reading ??= this.#read();
      const reading = this.#reading;
      let part: Bytes | undefined | "late" = "late";
      const settled = reading.then((read) => part = read);
      if (size === 0) await settled;
      else await within(SOON_MS, settled);
      if (part === "late") break;
      this.#reading = undefined;
      if (part === undefined) break;
      parts.push(part);
      size += (part as Bytes).length;
    }
    return parts.length < 2 ? parts[0] : joined(parts);
  }

  /** Never rejects. */
  async #read(): Promise<Bytes | undefined> {
    const into = new Uint8Array(READ_BYTES);
    let count: number | null | undefined;
    try {
      await within(this.#stallMs, this.#socket.read(into).then((read) => count = read));
    } catch { /* gone */ }
    return count ? into.subarray(0, count) : undefined;
  }
}
