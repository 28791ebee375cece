import { Bucket } from "../bucket.ts";

/** People talk while the last thing that was said is no older than this. */
const LIVELY_MS = 2_000;
/** Bytes a second of all files together while people talk. */
const POLITE_BYTES = 20 * 1024 * 1024;

/** Chat goes first: while people talk, files go slowly, all of them together. */
export class Courtesy {
  readonly #clock: () => number;
  readonly #bucket = new Bucket(POLITE_BYTES / 4, POLITE_BYTES);
  #saidAt = -Infinity;

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** Somebody says something. */
  readonly said = (): void => {
    this.#saidAt = this.#clock();
  };

  /** So many bytes have gone: resolves when the next ones may. */
  readonly pace = async (bytes: number): Promise<void> => {
    const now = this.#clock();
    if (now - this.#saidAt > LIVELY_MS) return;
    const wait = this.#bucket.wait(now, bytes);
    this.#bucket.take(bytes);
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
  };
}
