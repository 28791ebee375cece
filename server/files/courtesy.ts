import { Bucket } from "../bucket.ts";

/** People talk where others than whose file it is have said so much within so long. */
const FEW = 2;
const TALK_MS = 1_000;
/** What was said last is remembered, so much of it. */
const REMEMBERED = 16;
/** Bytes a second of all files together while people talk. */
const POLITE_BYTES = 20 * 1024 * 1024;

/** Something that was said. */
interface Said {
  /** As `Person.identity`. */
  readonly by: string;
  readonly at: number;
}

/**
 * Chat goes first: while people talk, files go slowly, all of them together. Whoever sends one says so, and does not slow
 * down his own with that.
 */
export class Courtesy {
  readonly #clock: () => number;
  readonly #bucket = new Bucket(POLITE_BYTES / 4, POLITE_BYTES);
  readonly #said: Said[] = [];

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** Somebody says something. */
  readonly said = (by: string): void => {
    this.#said.push({ by, at: this.#clock() });
    if (this.#said.length > REMEMBERED) this.#said.shift();
  };

  /** So many bytes of a file have gone: resolves when its next ones may. */
  async pace(owner: string, bytes: number): Promise<void> {
    const now = this.#clock();
    const talk = this.#said.filter(({ by, at }) => by !== owner && now - at <= TALK_MS);
    if (talk.length < FEW) return;
    const wait = this.#bucket.wait(now, bytes);
    this.#bucket.take(bytes);
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
  }
}
