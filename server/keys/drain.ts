import { Bucket } from "../bucket.ts";

/** Single-use packages of one account that one requester may take at once, and a minute. */
const TAKES = 10;
const A_MINUTE = 60;
/** Pairs that are remembered; of more, those looked at first are forgotten. */
const MOST = 10_000;

/** Keeps anybody from using up somebody's key packages. */
export class Drain {
  readonly #buckets = new Map<string, Bucket>();

  /** Whether `from` may take packages of `of` now; it is counted. */
  admits(from: string, of: string, now: number): boolean {
    const key = `${from} ${of}`;
    const bucket = this.#buckets.get(key) ?? new Bucket(TAKES, TAKES / A_MINUTE);
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    if (this.#buckets.size > MOST) this.#buckets.delete(this.#buckets.keys().next().value!);
    if (bucket.wait(now) > 0) return false;
    bucket.take();
    return true;
  }
}
