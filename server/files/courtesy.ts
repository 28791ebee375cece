import { Bucket } from "../bucket.ts";

/** Bytes a second of all files together while people talk. */
const POLITE_BYTES = 20 * 1024 * 1024;

/** Chat goes first: while people talk, files go slowly, all of them together. */
export class Courtesy {
  readonly #lively: () => boolean;
  readonly #clock: () => number;
  readonly #bucket = new Bucket(POLITE_BYTES / 4, POLITE_BYTES);

  /** `lively`: whether people talk just now. */
  constructor(lively: () => boolean, clock: () => number) {
    this.#lively = lively;
    this.#clock = clock;
  }

  /** So many bytes have gone: resolves when the next ones may. */
  readonly pace = async (bytes: number): Promise<void> => {
    if (!this.#lively()) return;
    const wait = this.#bucket.wait(this.#clock(), bytes);
    this.#bucket.take(bytes);
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
  };
}
