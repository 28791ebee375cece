import type { Stored } from "./store.ts";

/** The newest entries of one conversation, found by seq. */
export class MemoryLog {
  readonly #keep: number;
  readonly #entries: Stored[] = [];
  head = 0;
  latest = 0;
  /** Up to here everything has expired. */
  #expired = 0;

  constructor(keep: number) {
    this.#keep = keep;
  }

  get floor(): number {
    return Math.max(this.#expired, this.head - this.#entries.length) + 1;
  }

  /** Removes what is older than `time`, from the start. */
  expire(time: number): void {
    while (this.floor <= this.head && this.at(this.floor).at < time) this.#expired = this.floor;
  }

  at(seq: number): Stored {
    return this.#entries[(seq - 1) % this.#keep]!;
  }

  /** Returns the entry that had to go. */
  push(entry: Stored): Stored | undefined {
    const place = this.head % this.#keep;
    const old = this.#entries[place];
    this.#entries[place] = entry;
    this.head = entry.seq;
    this.latest = entry.at;
    return old;
  }
}
