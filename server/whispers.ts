import { encode } from "../protocol/codec.ts";
import { frame } from "../protocol/frames.ts";
import { catchUp } from "./catch_up.ts";
import { entryJson, otherOf } from "./entry.ts";
import { Pair, type Side } from "./pair.ts";
import type { Seat } from "./seats.ts";
import { pairKey, type Store, type Stored } from "./store/store.ts";

const encoder = new TextEncoder();

/** The conversations of two, and who of them has what. */
export class Whispers {
  readonly #store: Store;
  readonly #pairs = new Map<string, Pair>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** The conversation of two seats, ready to be appended to. */
  async between(one: Seat, other: Seat): Promise<Pair> {
    const key = pairKey(one.name, other.name);
    let pair = this.#pairs.get(key);
    if (!pair) {
      const { head } = await this.#store.extent(key);
      pair = this.#pairs.getOrInsertComputed(key, () => new Pair(key, head));
    }
    pair.side(one);
    pair.side(other);
    return pair;
  }

  /** The conversation that `seat` has had with whoever has that name, if any. */
  of(seat: Seat, other: string): Pair | undefined {
    const key = pairKey(seat.name, other);
    return seat.pairs.has(key) ? this.#pairs.get(key) : undefined;
  }

  /** Hands a committed entry to both, and to its sender the news that it arrived. */
  tell(entry: Stored): void {
    const pair = this.#pairs.get(entry.conversation);
    if (!pair) return; // both have gone meanwhile
    pair.head = entry.seq;
    const bytes = frame(encoder.encode(entryJson(entry)));
    for (const side of pair.sides()) if (!side.catchingUp) this.#hand(pair, side, entry, bytes);
  }

  /** Sends `seat` what it missed: after the seq it says it has, or else after what its last connection took. */
  async catchUp(seat: Seat, resume: Readonly<Record<string, number>> | undefined): Promise<void> {
    const outbox = seat.peer?.outbox;
    if (!outbox) return;
    await Promise.all(Array.from(seat.pairs, async (key) => {
      const pair = this.#pairs.get(key);
      if (!pair) return;
      const side = pair.side(seat);
      const room = `@${otherOf(key, seat.name)}`;
      const has = resume ? named(resume, room) ?? side.floor : side.taken;
      side.catchingUp = true;
      if (has < side.floor) {
        outbox.push(encode({ type: "gap", room, from: has + 1, to: side.floor, why: "not_yours" }));
      }
      await catchUp(this.#store, outbox, {
        conversation: key,
        after: Math.max(has, side.floor),
        through: () => pair.head,
        send: (entry) => this.#hand(pair, side, entry, frame(encoder.encode(entryJson(entry)))),
        gap: (from, to) => outbox.push(encode({ type: "gap", room, from, to, why: "expired" })),
      });
      if (seat.peer?.outbox === outbox) side.catchingUp = false;
    }));
  }

  /** `seat`'s name is free again. */
  forget(seat: Seat): void {
    for (const key of seat.pairs) if (this.#pairs.get(key)?.drop(seat)) this.#pairs.delete(key);
  }

  #hand(pair: Pair, side: Side, entry: Stored, bytes: Uint8Array<ArrayBuffer>): void {
    const { seat } = side;
    seat.reachable?.outbox.push(bytes, () => {
      if (side.taken >= entry.seq) return;
      side.taken = entry.seq;
      if (entry.from !== seat.name) this.#receipt(pair, entry, seat.name);
    });
  }

  #receipt(pair: Pair, { from, seq }: Stored, reader: string): void {
    for (const { seat, floor } of pair.sides()) {
      if (seat.name === from && seq > floor) {
        seat.reachable?.outbox.push(encode({ type: "receipt", with: reader, seq, status: "delivered" }));
      }
    }
  }
}

function named(resume: Readonly<Record<string, number>>, key: string): number | undefined {
  return Object.hasOwn(resume, key) ? resume[key] : undefined;
}
