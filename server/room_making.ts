import { Bucket } from "./bucket.ts";

/** New rooms at once from an address that has made none for long. */
const AT_ONCE = 20;
/** No address is remembered for longer after its last room, however few may be made. */
const DAY_MS = 24 * 3_600_000;

/** How many rooms come into being: names are cheap to take, and each is kept for everybody. */
export class RoomMaking {
  readonly #perHour: number;
  readonly #clock: () => number;
  readonly #made = new Map<string, { readonly bucket: Bucket; at: number }>();

  constructor(perHour: number, clock: () => number) {
    this.#perHour = perHour;
    this.#clock = clock;
  }

  /** Addresses that are remembered now. */
  get size(): number {
    return this.#made.size;
  }

  /** Takes note of a new room made from `address`; or says how long it has to wait for that, in milliseconds. */
  make(address: string): number {
    const now = this.#clock();
    const made = this.#made.getOrInsertComputed(
      address,
      () => ({ bucket: new Bucket(Math.max(AT_ONCE, this.#perHour), this.#perHour / 3600), at: now }),
    );
    const wait = made.bucket.wait(now);
    if (wait > 0) return wait;
    made.bucket.take();
    made.at = now;
    return 0;
  }

  /** Forgets addresses of which there is nothing to know any more. */
  sweep(now: number): void {
    for (const [address, { bucket, at }] of this.#made) {
      if (bucket.wait(now, AT_ONCE) === 0 || now - at >= DAY_MS) this.#made.delete(address);
    }
  }
}
