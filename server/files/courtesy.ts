import { Bucket } from "../bucket.ts";

/** Somebody talks as long as the last thing that was said is no older than this. */
const TALK_MS = 1_000;
/** Bytes a second of all files together while people talk. */
const POLITE_BYTES = 20 * 1024 * 1024;

/** Something that was said. */
interface Said {
  /** As `Person.identity`. */
  readonly by: string;
  readonly at: number;
}

const NOTHING: Said = { by: "", at: -Infinity };

/**
 * Chat goes first: while somebody talks, the files of all others go slowly, all of them together. One's own do not, for
 * who sends a file says so.
 */
export class Courtesy {
  readonly #clock: () => number;
  readonly #bucket = new Bucket(POLITE_BYTES / 4, POLITE_BYTES);
  /** What was said last, and what was said last by somebody else. */
  #last = NOTHING;
  #other = NOTHING;

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** Somebody says something. */
  readonly said = (by: string): void => {
    if (by !== this.#last.by) this.#other = this.#last;
    this.#last = { by, at: this.#clock() };
  };

  /** So many bytes of a file have gone: resolves when its next ones may. */
  async pace(owner: string, bytes: number): Promise<void> {
    const now = this.#clock();
    const { at } = this.#last.by === owner ? this.#other : this.#last;
    if (now - at > TALK_MS) return;
    const wait = this.#bucket.wait(now, bytes);
    this.#bucket.take(bytes);
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
  }
}
