import type { Seat } from "./seats.ts";

/** One of the two ends of a whisper conversation. */
export interface Side {
  /** Whoever has the name now; a later guest of the same name is somebody else. */
  readonly seat: Seat;
  /** Seqs up to here were before its time and are not its own to read. */
  readonly floor: number;
  /** The last seq that its connection has taken. */
  taken: number;
  /** It is being sent what it missed: what is new comes after that. */
  catchingUp: boolean;
}

/** The whispers between two people: one log, and how far each of them is. */
export class Pair {
  readonly key: string;
  readonly #sides = new Map<string, Side>();
  /** The seq told last. */
  head: number;

  constructor(key: string, head: number) {
    this.key = key;
    this.head = head;
  }

  /** `seat`'s end of it, which begins now if somebody else had the name before. */
  side(seat: Seat): Side {
    const known = this.#sides.get(seat.name);
    if (known?.seat === seat) return known;
    const side = { seat, floor: this.head, taken: this.head, catchingUp: false };
    this.#sides.set(seat.name, side);
    seat.pairs.add(this.key);
    return side;
  }

  /** Both ends; one, when somebody whispers to itself. */
  sides(): Iterable<Side> {
    return this.#sides.values();
  }

  /** Nobody who took part is left. */
  drop(seat: Seat): boolean {
    if (this.#sides.get(seat.name)?.seat === seat) this.#sides.delete(seat.name);
    return this.#sides.size === 0;
  }
}
