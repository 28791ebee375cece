import { Bucket } from "./bucket.ts";

/** New rooms at once from an address that has made none for long. */
const AT_ONCE = 20;
/** Addresses remembered before those are dropped that have not made a room for long. */
const MANY = 1_000;

/** How many rooms come into being: names are cheap to take, and each is kept for everybody. */
export class RoomMaking {
  readonly #perHour: number;
  readonly #clock: () => number;
  readonly #made = new Map<string, Bucket>();

  constructor(perHour: number, clock: () => number) {
    this.#perHour = perHour;
    this.#clock = clock;
  }

  /** Takes note of a new room made from `address`; or says how long it has to wait for that, in milliseconds. */
  make(address: string): number {
    const now = this.#clock();
    if (this.#made.size > MANY) this.#sweep(now);
    const bucket = this.#made.getOrInsertComputed(
      address,
      () => new Bucket(Math.max(AT_ONCE, this.#perHour), this.#perHour / 3600),
    );
    const wait = bucket.wait(now);
    if (wait === 0) bucket.take();
    return wait;
  }

  #sweep(now: number): void {
    for (const [address, bucket] of this.#made) {
      if (bucket.wait(now, AT_ONCE) === 0) this.#made.delete(address);
    }
  }
}
