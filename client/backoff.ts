/** How long to wait before the next attempt: full jitter under a ceiling that doubles. */
export class Backoff {
  readonly #minMs: number;
  readonly #maxMs: number;
  readonly #random: () => number;
  #attempts = 0;

  constructor({ minMs, maxMs }: { readonly minMs: number; readonly maxMs: number }, random: () => number) {
    this.#minMs = minMs;
    this.#maxMs = maxMs;
    this.#random = random;
  }

  /** The wait before the next attempt; `atLeastMs` is what the server asked for, and the jitter comes on top. */
  next(atLeastMs = 0): number {
    const ceiling = this.#ceiling();
    this.#attempts++;
    return Math.round(atLeastMs + this.#random() * ceiling);
  }

  /** The last link lived so long: the series begins again when it outlived its own ceiling, or was of use. */
  lasted(ms: number, { useful }: { readonly useful: boolean }): void {
    if (useful || ms >= this.#ceiling()) this.#attempts = 0;
  }

  #ceiling(): number {
    return Math.min(this.#maxMs, this.#minMs * 2 ** Math.min(this.#attempts, 30));
  }
}
