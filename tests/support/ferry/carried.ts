import { FRAMING_BYTES } from "../../../protocol/chunk_frames.ts";
import { FrameReader } from "../../../protocol/frames.ts";
import { FILE_CHUNK } from "../../../protocol/limits.ts";
import type { Way } from "./plan.ts";

const decoder = new TextDecoder();

/** What is heard of one connection on which, perhaps, a file is carried: how much there is of it, and has passed. */
export class Carried {
  readonly #way: Way;
  readonly #frames: Readonly<Record<Way, FrameReader>> = {
    up: new FrameReader({ welcomed: true }),
    down: new FrameReader({ welcomed: true }),
  };
  /** Bytes of the way of interest: of its first frame, and all that have passed. */
  #head: number | undefined;
  #passed = 0;
  #freight: boolean | undefined;
  /** What the server said of the file, once it has. */
  about: { readonly size: number; readonly have: number } | undefined;
  /** The last that the server said is on its disk. */
  stored: number | undefined;

  /** `way`: in which the file goes. */
  constructor(way: Way) {
    this.#way = way;
  }

  /** Bytes that are about to pass. */
  hear(way: Way, bytes: Uint8Array): void {
    if (this.#freight === false) return;
    for (const { kind, payload } of this.#frames[way].push(bytes.slice())) {
      if (way === this.#way) this.#head ??= 4 + payload.length;
      if (kind === "binary") continue;
      const { type, size, have } = JSON.parse(decoder.decode(payload));
      if (way === "up") this.#freight ??= type === "transfer";
      else if (type === "transfer") this.about = { size, have };
      else if (type === "stored") this.stored = have;
    }
  }

  pass(way: Way, count: number): void {
    if (way === this.#way) this.#passed += count;
  }

  /** Bytes of the file that have passed here, chunks and their framing. */
  get passed(): number {
    return Math.max(0, this.#passed - (this.#head ?? Infinity));
  }

  /** All that will pass here, chunks and their framing. */
  get total(): number {
    const { size, have } = this.about!;
    return size - have + FRAMING_BYTES * Math.ceil((size - have) / FILE_CHUNK);
  }

  /** How many more bytes pass until so many of the file have. */
  until(target: number): number {
    return target + this.#head! - this.#passed;
  }
}
