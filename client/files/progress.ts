import type { Transfer, TransferState } from "./transfer.ts";

/** How often people are told. */
const TELL_MS = 200;
/** Over how long the rate is measured. */
const WINDOW_MS = 3_000;

/** How one transfer gets on: tells now and then, with the rate of the last seconds. */
export class Progress {
  readonly #size: number;
  readonly #tell: () => void;
  #state: TransferState = "waiting";
  #done = 0;
  #told = -Infinity;
  /** When so much was there. */
  #marks: { readonly at: number; readonly done: number }[] = [];

  constructor(size: number, tell: () => void) {
    this.#size = size;
    this.#tell = tell;
  }

  get view(): Pick<Transfer, "state" | "done" | "rate"> {
    const [first] = this.#marks;
    const last = this.#marks.at(-1);
    const rate = first === undefined || last === undefined || last.at === first.at
      ? undefined
      : (last.done - first.done) / (last.at - first.at) * 1000;
    return { state: this.#state, done: this.#done, ...rate === undefined ? {} : { rate: Math.round(rate) } };
  }

  /** So much is done now. */
  step(state: TransferState, done = this.#done): void {
    const now = performance.now();
    const news = state !== this.#state;
    if (news) this.#marks = [];
    this.#state = state;
    this.#done = Math.min(done, this.#size);
    this.#marks.push({ at: now, done: this.#done });
    while (this.#marks[0]!.at < now - WINDOW_MS) this.#marks.shift();
    if (!news && now - this.#told < TELL_MS) return;
    this.#told = now;
    this.#tell();
  }
}
