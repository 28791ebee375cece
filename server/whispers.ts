import { encode } from "../protocol/codec.ts";
import { frame } from "../protocol/frames.ts";
import { MAX_KEYS } from "../protocol/limits.ts";
import { catchUp } from "./catch_up.ts";
import { bytesOf, entryJson, otherOf } from "./entry.ts";
import type { Marker } from "./marker.ts";
import { Pair, type Side } from "./pair.ts";
import type { LiveMarks, Person, Place, Seat } from "./person.ts";
import { pairKey, type Store, type Stored } from "./store/store.ts";
import { unseenBy } from "./unseen.ts";

const encoder = new TextEncoder();

/** The conversations of two, and who of them has what. */
export class Whispers {
  readonly #store: Store;
  readonly #marker: Marker;
  readonly #here: (name: string) => Person | undefined;
  readonly #pairs = new Map<string, Pair>();

  /** `here` finds somebody by name. */
  constructor(store: Store, marker: Marker, here: (name: string) => Person | undefined) {
    this.#store = store;
    this.#here = here;
    this.#marker = marker;
  }

  /** The conversation of two people, ready to be appended to. */
  async between(one: Person, other: Person): Promise<void> {
    await other.recognised; // or it would be taken for somebody who was never whispered to
    await this.#open(pairKey(one.name, other.name), [one, other]);
  }

  /** The conversation that `person` has had with whoever has that name, if any. */
  async of(person: Person, other: string): Promise<Pair | undefined> {
    const key = pairKey(person.name, other);
    if (!person.pairs.has(key) && person.marks.has(key)) {
      const partner = this.#here(other); // who is to hear what becomes of its whispers
      await this.#open(key, partner?.marks.has(key) ? [person, partner] : [person]);
    }
    return person.pairs.has(key) ? this.#pairs.get(key) : undefined;
  }

  /** Hands a committed entry to both; `to` is whom it was meant for. */
  tell(entry: Stored, from: Person, to: Person): void {
    const pair = this.#pairs.get(entry.conversation);
    if (!pair) return; // both have gone meanwhile
    pair.head = entry.seq;
    const bytes = frame(encoder.encode(entryJson(entry)));
    for (const side of pair.sides()) {
      if (side.person === from || side.person === to) this.#handToAll(pair, side, entry, bytes);
      else side.marks.floor = entry.seq; // it was meant for somebody else of the name
    }
    if (to.account && to !== from && !to.here) this.#receipt(from, to.name, entry.seq, "kept");
  }

  /** Opens the conversations that a coming seat may have to be told of. `back`: it has been here before. */
  async prepare(
    seat: Seat,
    resume: Readonly<Record<string, number>> | undefined,
    { back }: { readonly back: boolean },
  ): Promise<void> {
    const { person } = seat;
    const named = Object.keys(resume ?? {}).filter((key) => key.startsWith("@")).map((key) => key.slice(1));
    const known = person.account ? person.mailbox?.senders ?? [] : othersIn(person);
    const names = new Set([...named, ...known]);
    if (resume && back && Object.keys(resume).length < MAX_KEYS) {
      for (const [other, before] of await unseenBy(seat, new Set(named), this.#store)) {
        const place = placeOf(seat, pairKey(person.name, other), before);
        place.taken = Math.min(place.taken, before);
        names.add(other);
      }
    }
    await Promise.all(Array.from(names, (name) => this.of(person, name)));
  }

  /**
   * Sends `seat` what it missed: after the seq it says it has, or else after what its last connection took, or else
   * after what any device of the account has taken.
   */
  async catchUp(seat: Seat, resume: Readonly<Record<string, number>> | undefined): Promise<void> {
    const { person } = seat;
    for (const [room, has] of Object.entries(resume ?? {})) {
      if (!room.startsWith("@") || person.pairs.has(pairKey(person.name, room.slice(1)))) continue;
      // Whoever had these is not known any more. How many there are in truth is nothing that this one may learn.
      if (has > 0) seat.peer?.outbox.push(gap(room, 1, has, "not_yours"));
    }
    await Promise.all(Array.from(person.pairs, async (key) => {
      const pair = this.#pairs.get(key);
      const side = pair?.side(person);
      if (pair && side) await this.#catchUpIn(pair, side, seat, resume);
    }));
  }

  async #catchUpIn(
    pair: Pair,
    side: Side,
    seat: Seat,
    resume: Readonly<Record<string, number>> | undefined,
  ): Promise<void> {
    const outbox = seat.peer?.outbox;
    if (!outbox) return;
    const { person, marks } = side;
    const other = otherOf(pair.key, person.name);
    const room = `@${other}`;
    const place = placeOf(seat, pair.key, marks.delivered);
    const unnamed = resume && !person.account ? marks.floor : place.taken;
    const has = named(resume, room) ?? unnamed;
    place.catchingUp = true;
    this.#delivered(pair, side, Math.min(has, pair.head)); // where one's own devices had more than was written down
    if (has < marks.floor) outbox.push(gap(room, has + 1, marks.floor, "not_yours"));
    else if (has > pair.head) outbox.push(gap(room, pair.head + 1, has, "lost")); // an older state of the data has come back
    await catchUp(this.#store, outbox, {
      conversation: pair.key,
      after: Math.max(has, marks.floor),
      through: () => pair.head,
      send: (entry) => this.#hand(pair, side, seat, entry, frame(encoder.encode(entryJson(entry)))),
      gap: (from, to) => outbox.push(gap(room, from, to, "expired")),
      done: () => {
        if (seat.peer?.outbox === outbox) place.catchingUp = false;
      },
    });
  }

  /** Tells a seat that comes what became of the whispers its owner left behind. */
  async tellDelivered(seat: Seat, isAccount: (name: string) => number | undefined): Promise<void> {
    const { person } = seat;
    await Promise.all(Array.from(person.marks, async ([key, { told }]) => {
      if (!key.startsWith("@")) return;
      const other = otherOf(key, person.name);
      const account = isAccount(other);
      if (account === undefined || other === person.name) return;
      const open = this.#pairs.get(key)?.sides().find((side) => side.person.name === other)?.marks;
      const { delivered } = open ?? await this.#store.people.openMarks(account, key);
      if (delivered <= told) return;
      const last = await this.#store.people.lastOf(key, person.name, delivered);
      const marks = person.marks.get(key);
      if (!marks || last <= marks.told) return;
      marks.told = last;
      this.#marker.raised(person.account!.id, key, marks);
      this.#receipt(person, other, last, "delivered");
    }));
  }

  /** The guest `person` has an account now: what it has whispered stays its own. */
  async adopt(person: Person, account: number): Promise<void> {
    await Promise.all(Array.from(person.pairs, async (key) => {
      const marks = this.#pairs.get(key)?.side(person)?.marks;
      if (!marks) return;
      person.marks.set(key, marks);
      await this.#store.people.openMarks(account, key, marks.floor);
      this.#marker.raised(account, key, marks);
    }));
  }

  /** `person` is not here any more, or gives up its name. */
  forget(person: Person): void {
    for (const key of person.pairs) if (this.#pairs.get(key)?.drop(person)) this.#pairs.delete(key);
    person.pairs.clear();
  }

  /** Opens a conversation in which each of `people` has a side. */
  async #open(key: string, people: readonly Person[]): Promise<void> {
    const head = this.#pairs.get(key)?.head ?? (await this.#store.extent(key)).head;
    const fresh = new Set(people.filter(({ account, marks }) => !account && !marks.has(key)));
    for (const person of people) await this.#openMarks(key, person);
    // From here on nothing is waited for: nobody can leave and take the conversation along.
    const pair = this.#pairs.getOrInsertComputed(key, () => new Pair(key, head));
    for (const person of people) {
      if (pair.side(person) || isGone(person)) continue;
      const marks = person.marks.get(key)!;
      if (fresh.has(person)) marks.floor = Math.max(marks.floor, pair.head); // somebody else of the name may have been here
      if (!person.account) marks.delivered = Math.max(marks.delivered, pair.head);
      pair.sit(person, marks);
    }
  }

  /** Marks are made with the first whisper, and known for good before it. */
  async #openMarks(key: string, { account, session, name, marks }: Person): Promise<void> {
    if (marks.has(key)) return;
    const { people } = this.#store;
    const opened = account
      ? await people.openMarks(account.id, key)
      : atSeq(await people.openGuest(session, name, key));
    marks.getOrInsertComputed(key, () => ({ ...opened }));
  }

  #handToAll(pair: Pair, side: Side, entry: Stored, bytes: Uint8Array<ArrayBuffer>): void {
    for (const seat of side.person.seats) {
      const place = placeOf(seat, pair.key, side.marks.delivered);
      if (!place.catchingUp) this.#hand(pair, side, seat, entry, bytes);
    }
  }

  #hand(pair: Pair, side: Side, seat: Seat, entry: Stored, bytes: Uint8Array<ArrayBuffer>): void {
    seat.reachable?.outbox.push(bytes, () => {
      const place = placeOf(seat, pair.key, side.marks.delivered);
      if (place.taken < entry.seq) place.taken = entry.seq;
      if (side.marks.delivered >= entry.seq) return;
      this.#delivered(pair, side, entry.seq);
      if (entry.from === side.person.name) return;
      side.person.mailbox?.take(entry.from, bytesOf(entry));
      for (const { person, marks } of pair.sides()) {
        if (person.name !== entry.from || entry.seq <= marks.told) continue;
        marks.told = entry.seq;
        if (person.account) this.#marker.raised(person.account.id, pair.key, marks);
        this.#receipt(person, side.person.name, entry.seq, "delivered");
      }
    });
  }

  #delivered(pair: Pair, { person, marks }: Side, seq: number): void {
    if (seq > marks.delivered) {
      marks.delivered = seq;
      if (person.account) this.#marker.raised(person.account.id, pair.key, marks);
    }
    if (seq >= pair.head) person.mailbox?.taken(otherOf(pair.key, person.name));
  }

  #receipt(to: Person, reader: string, seq: number, status: "kept" | "delivered"): void {
    const bytes = encode({ type: "receipt", with: reader, seq, status });
    for (const peer of to.reachable()) peer.outbox.push(bytes);
  }
}

/** Whether it was a guest that has left: the name may be somebody else's by now. */
export function isGone({ account, seats }: Person): boolean {
  return !account && seats.size === 0;
}

function gap(room: string, from: number, to: number, why: string): Uint8Array<ArrayBuffer> {
  return encode({ type: "gap", room, from, to, why });
}

/** Names of those with whom somebody has whispered. */
function othersIn({ name, marks }: Person): string[] {
  return [...marks.keys()].filter((key) => key.startsWith("@")).map((key) => otherOf(key, name));
}

function atSeq(seq: number): LiveMarks {
  return { floor: seq, delivered: seq, read: seq, told: seq };
}

function placeOf(seat: Seat, key: string, taken: number): Place {
  return seat.places.getOrInsertComputed(key, () => ({ taken, catchingUp: false }));
}

function named(resume: Readonly<Record<string, number>> | undefined, key: string): number | undefined {
  return resume && Object.hasOwn(resume, key) ? resume[key] : undefined;
}
