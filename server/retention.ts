import type { Store } from "./store/store.ts";

/** How long messages of rooms are kept, in milliseconds; `undefined`: for ever. Whispers are kept. */
export interface Retention {
  readonly all: number | undefined;
  /** Rooms that differ, without `#`. */
  readonly rooms: ReadonlyMap<string, number | undefined>;
}

interface Clocks {
  /** Milliseconds of a clock that never goes back. */
  readonly clock: () => number;
  /** Milliseconds since 1970. */
  readonly wall: () => number;
}

/**
 * The time by which messages expire: what the wall said at first and what has gone by since, or the wall, whichever is
 * earlier. However the wall jumps meanwhile, nothing expires too early.
 */
export function steadyTime({ clock, wall }: Clocks): () => number {
  const offset = wall() - clock();
  return () => Math.min(offset + clock(), wall());
}

/** Since when a room's messages are kept, at a time. */
export function keptSince({ all, rooms }: Retention, now: number): (room: string) => number | undefined {
  return (room) => {
    const age = rooms.has(room) ? rooms.get(room) : all;
    return age === undefined ? undefined : now - age;
  };
}

/** Removes what has expired: at once, and again each time that {@linkcode due} is called at least `everyMs` later. */
export class Expiry {
  readonly #store: Store;
  readonly #retention: Retention;
  readonly #time: () => number;
  readonly #clock: () => number;
  readonly #everyMs: number;
  #last = -Infinity;
  #running: Promise<void> | undefined;

  constructor(
    store: Store,
    retention: Retention,
    { clock, wall, everyMs = 5 * 60_000 }: Clocks & { readonly everyMs?: number },
  ) {
    this.#store = store;
    this.#retention = retention;
    this.#time = steadyTime({ clock, wall });
    this.#clock = clock;
    this.#everyMs = everyMs;
  }

  /** Removes what has expired if it is time to; resolves when that is done. One at a time. */
  due(): Promise<void> {
    const now = this.#clock();
    if (this.#running || now - this.#last < this.#everyMs) return this.#running ?? Promise.resolve();
    this.#last = now;
    this.#running = this.#expire().finally(() => this.#running = undefined);
    return this.#running;
  }

  async #expire(): Promise<void> {
    const { all, rooms } = this.#retention;
    if (all === undefined && [...rooms.values()].every((age) => age === undefined)) return;
    await this.#store.expire(keptSince(this.#retention, this.#time()));
  }
}
