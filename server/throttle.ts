import { Bucket } from "./bucket.ts";

/** How long a client that is too fast is made to wait before it is refused. */
const LONGEST_PAUSE_MS = 5_000;
/** A client that goes on at this many times its rate while it is refused … */
const FLOOD_FACTOR = 10;
/** … for this long is a flood. */
const FLOOD_MS = 10_000;

/** What to do with a message: let it pass, look again after a pause, refuse it for a while, or end the connection. */
export type Admission =
  | { readonly kind: "pass" }
  | { readonly kind: "pause"; readonly ms: number }
  | { readonly kind: "refuse"; readonly retryMs: number }
  | { readonly kind: "flood" };

export const PASS: Admission = { kind: "pass" };

/**
 * One client's rate of messages. Too fast is first slowed by not reading on; after 5 s of that everything is refused
 * until the bucket is half full again. Refusing all of it, and not what happens to find a token, keeps a sender's order:
 * it starts again at the first one refused.
 */
export class Throttle {
  readonly #bucket: Bucket;
  readonly #rate: number;
  readonly #burst: number;
  #slowSince: number | undefined;
  #closedUntil = 0;
  #refused = 0;
  #refusedSince = 0;

  constructor(burst: number, rate: number) {
    this.#bucket = new Bucket(burst, rate);
    this.#burst = burst;
    this.#rate = rate;
  }

  /** Judges one message; `elsewhere` is how long something else, as its room, has to be waited for. */
  admit(now: number, elsewhere = 0): Admission {
    if (now < this.#closedUntil) return this.#refuse(now);
    const wait = Math.max(this.#bucket.wait(now), elsewhere);
    if (wait === 0) {
      if (this.#slowSince !== undefined && this.#bucket.rested(now)) this.#slowSince = undefined;
      this.#bucket.take();
      return PASS;
    }
    this.#slowSince ??= now;
    if (now + wait - this.#slowSince <= LONGEST_PAUSE_MS) return { kind: "pause", ms: wait };
    this.#slowSince = undefined;
    this.#closedUntil = now + Math.max(wait, Math.ceil(this.#burst / 2 / this.#rate * 1000));
    return this.#refuse(now);
  }

  #refuse(now: number): Admission {
    if (now - this.#refusedSince > FLOOD_MS) {
      this.#refusedSince = now;
      this.#refused = 0;
    }
    if (++this.#refused > FLOOD_FACTOR * this.#rate * FLOOD_MS / 1000) return { kind: "flood" };
    return { kind: "refuse", retryMs: Math.max(1, Math.ceil(this.#closedUntil - now)) };
  }
}
