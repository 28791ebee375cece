import { FRAMING_BYTES, putFraming } from "../../protocol/chunk_frames.ts";
import { FILE_CHUNK } from "../../protocol/limits.ts";
import type { Bytes } from "../keys/encoding.ts";
import type { Outflow } from "./outflow.ts";
import { PIECE_BYTES, type Sealer } from "./pieces.ts";

/** Pieces that are sealed and sent together: half a MiB. */
const AT_ONCE = 8;

/** A file in batches of pieces, sealed and framed. */
export class Batches {
  readonly #outflow: Outflow;
  readonly #sealer: Sealer;
  /** The number of the next piece. */
  #number: number;
  readonly #plain = new Uint8Array(AT_ONCE * PIECE_BYTES);
  /** One is on its way while the other one is filled. */
  #out = new Uint8Array(AT_ONCE * (FRAMING_BYTES + FILE_CHUNK));
  #spare = new Uint8Array(this.#out.length);

  /** `number`: of the piece that the outflow is at. */
  constructor(outflow: Outflow, sealer: Sealer, number: number) {
    this.#outflow = outflow;
    this.#sealer = sealer;
    this.#number = number;
  }

  /** The number of the piece that comes next. */
  get number(): number {
    return this.#number;
  }

  /** The next one, empty at the end: good until the one after the next is asked for. */
  async next(): Promise<Bytes> {
    const count = await this.#outflow.fill(this.#plain);
    [this.#out, this.#spare] = [this.#spare, this.#out];
    const view = new DataView(this.#out.buffer);
    let at = 0;
    for (let from = 0; from < count; from += PIECE_BYTES) {
      const piece = this.#plain.subarray(from, Math.min(from + PIECE_BYTES, count));
      const length = this.#sealer.seal(this.#number++, piece, this.#out.subarray(at + FRAMING_BYTES));
      putFraming(view, at, length);
      at += FRAMING_BYTES + length;
    }
    return this.#out.subarray(0, at);
  }
}
