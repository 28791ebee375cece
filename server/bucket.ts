/** A token bucket: `burst` at once, `rate` a second in the long run. Times are milliseconds of one clock. */
export class Bucket {
  readonly #burst: number;
  readonly #rate: number;
  #tokens: number;
  #at = 0;

  constructor(burst: number, rate: number) {
    this.#burst = burst;
    this.#rate = rate;
    this.#tokens = burst;
  }

  /** Milliseconds until `count` may pass: 0 when they may now. */
  wait(now: number, count = 1): number {
    if (this.#rate === Infinity) return 0;
    this.#tokens = Math.min(this.#burst, this.#tokens + (now - this.#at) / 1000 * this.#rate);
    this.#at = now;
    const missing = Math.min(count, this.#burst) - this.#tokens;
    return missing <= 0 ? 0 : Math.ceil(missing / this.#rate * 1000);
  }

  /** Lets `count` pass. */
  take(count = 1): void {
    this.#tokens -= count;
  }

  /** Whether somebody who waits now and then would find it as good as full. */
  rested(now: number): boolean {
    return this.wait(now, this.#burst / 2) === 0;
  }
}
