import { skeletons } from "../protocol/names.ts";
import { type Peer, Person, Seat } from "./person.ts";
import { newToken } from "./token.ts";

/** Every name taken, found by name, by look-alikes and by session. */
export class Seats {
  readonly #byName = new Map<string, Person>();
  readonly #bySession = new Map<string, Seat>();
  readonly #bySkeleton = new Map<string, Person>();
  readonly #gone = new Set<Seat>();
  readonly #away = new Set<Person>();
  #here = 0;

  /** How many connections have a name. */
  get here(): number {
    return this.#here;
  }

  /** Names of those who are connected, or were a moment ago. */
  *present(): Generator<string> {
    for (const { name, told, seats } of this.#byName.values()) if (!told && seats.size > 0) yield name;
  }

  /** Whether anybody here or held came from `address`. */
  from(address: string): boolean {
    return this.#bySession.values().some((seat) => seat.address === address && seat.welcomes > 0);
  }

  named(name: string): Person | undefined {
    return this.#byName.get(name);
  }

  /** The seat of a connection. */
  of(peer: object): Seat | undefined {
    return this.#bySession.values().find((seat) => seat.peer === peer);
  }

  /** The seat that a session stands for, where `name` has it. */
  held(session: string | undefined, name: string, instance = ""): Seat | undefined {
    const guest = this.#bySession.get(`${session} `);
    const seat = guest && guest.device === undefined ? guest : this.#bySession.get(`${session} ${instance}`);
    return seat?.person.name === name ? seat : undefined;
  }

  /** Somebody here whose name looks like this. */
  wearing(skeleton: string): Person | undefined {
    return this.#bySkeleton.get(skeleton);
  }

  /** Somebody here whose name could be mistaken for this one. */
  resembling(name: string, raw: string): Person | undefined {
    for (const skeleton of skeletonsOf(name, raw)) {
      const person = this.#bySkeleton.get(skeleton);
      if (person) return person;
    }
    return undefined;
  }

  /** Takes a free name. */
  take(name: string, raw: string): Person {
    const person = new Person(name, skeletonsOf(name, raw));
    this.#byName.set(name, person);
    for (const skeleton of person.skeletons) this.#bySkeleton.set(skeleton, person);
    return person;
  }

  /** A seat for a connection of `person`; a guest's proves itself with a token of its own. */
  seat(
    person: Person,
    { token = newToken(), instance, device }: {
      token?: string;
      instance?: string | undefined;
      device?: number;
    } = {},
  ): Seat {
    const seat = new Seat(person, { session: token, instance, device });
    this.#bySession.set(keyOf(seat), seat);
    this.#away.delete(person);
    person.awaySince = undefined;
    return seat;
  }

  /** The guest in `seat` has become the owner of an account, whose device has that token. */
  proves(seat: Seat, token: string, device: number): void {
    this.#bySession.delete(keyOf(seat));
    seat.session = token;
    seat.device = device;
    this.#bySession.set(keyOf(seat), seat);
  }

  arrive(seat: Seat, peer: Peer): void {
    if (!seat.peer) this.#here++;
    seat.peer = peer;
    seat.address = peer.address;
    seat.welcomed = false;
    seat.goneAt = undefined;
    this.#gone.delete(seat);
  }

  vanish(seat: Seat, now: number): void {
    if (!seat.peer) return;
    this.#here--;
    seat.peer = undefined;
    seat.goneAt = now;
    this.#gone.add(seat);
  }

  /** The seat is no more; says whether its person has another one. */
  rise(seat: Seat): boolean {
    if (seat.peer) this.#here--;
    seat.peer = undefined;
    this.#gone.delete(seat);
    if (this.#bySession.get(keyOf(seat)) === seat) this.#bySession.delete(keyOf(seat));
    seat.person.seats.delete(seat);
    return seat.person.seats.size > 0;
  }

  /** An account whose owner is not here is remembered for a while. */
  away(person: Person, now: number): void {
    person.awaySince = now;
    this.#away.add(person);
  }

  /** The name is free again, or its owner forgotten until it comes. */
  free(person: Person): void {
    this.#away.delete(person);
    if (this.#byName.get(person.name) !== person) return;
    this.#byName.delete(person.name);
    for (const skeleton of person.skeletons) this.#bySkeleton.delete(skeleton);
  }

  /** Seats that are held but not connected. */
  get gone(): ReadonlySet<Seat> {
    return this.#gone;
  }

  /** Accounts that are remembered without a seat. */
  get aways(): ReadonlySet<Person> {
    return this.#away;
  }
}

/** Programs may share a device, but not a guest's session. */
function keyOf({ session, instance, device }: Seat): string {
  return `${session} ${device === undefined ? "" : instance}`;
}

/** What a name looks like, as it is kept and as it was typed. */
export function skeletonsOf(name: string, raw: string): readonly string[] {
  return raw === name ? skeletons(name) : [...skeletons(name), ...skeletons(raw)];
}
