import { skeletons } from "../protocol/names.ts";
import type { ErrorCode } from "../protocol/errors.ts";
import { Bucket } from "./bucket.ts";
import { Identities } from "./identities.ts";
import type { Outbox } from "./outbox.ts";

/** How the hub reaches one connected user. */
export interface Peer {
  readonly outbox: Outbox;
  /** Where it comes from. */
  readonly address: string;
  /** Ends the connection with a fatal error. */
  end(code: ErrorCode, message: string, ref?: string): void;
}

/** A name that somebody has, connected or not: held for a while for the one who knows its session. */
export class Seat {
  readonly name: string;
  readonly skeletons: readonly string[];
  /** Whose ids its ids are. */
  identity = "";
  readonly session = crypto.randomUUID().replaceAll("-", "");
  /** Names of the rooms entered, to be entered again when a vanished guest comes back. */
  readonly rooms = new Set<string>();
  /** How often the others are told of its comings and goings. */
  readonly notices = new Bucket(4, 2);
  /** Whom it has whispered with. */
  readonly pairs = new Set<string>();
  peer: Peer | undefined;
  /** How often it was welcomed, and whether its present connection has been. */
  welcomes = 0;
  welcomed = false;
  /** Where its last connection came from. */
  address = "";
  /** When its connection was lost, by the hub's clock; `undefined` while there is one. */
  goneAt: number | undefined;
  /** Whether the others have been told that it left. */
  told = false;
  /** Why the server closed its last connection, if it did. */
  closed: ErrorCode | undefined;

  /** Its connection, once it may be sent something. */
  get reachable(): Peer | undefined {
    return this.welcomed ? this.peer : undefined;
  }

  constructor(name: string, skeletons: readonly string[]) {
    this.name = name;
    this.skeletons = skeletons;
  }
}

/** Every name taken, found by name, by look-alikes and by session. */
export class Seats {
  readonly #byName = new Map<string, Seat>();
  readonly #bySession = new Map<string, Seat>();
  readonly #bySkeleton = new Map<string, Seat>();
  readonly #gone = new Set<Seat>();
  readonly #identities = new Identities();
  #here = 0;

  /** How many are connected. */
  get here(): number {
    return this.#here;
  }

  /** Names of those who are connected, or were a moment ago. */
  *present(): Generator<string> {
    for (const { name, told } of this.#byName.values()) if (!told) yield name;
  }

  /** Whether anybody here or held came from `address`. */
  from(address: string): boolean {
    return this.#byName.values().some((seat) => seat.address === address && seat.welcomes > 0);
  }

  named(name: string): Seat | undefined {
    return this.#byName.get(name);
  }

  held(session: string | undefined, name: string): Seat | undefined {
    const seat = session === undefined ? undefined : this.#bySession.get(session);
    return seat?.name === name ? seat : undefined;
  }

  /** Somebody whose name could be mistaken for this one. */
  resembling(name: string, raw: string): Seat | undefined {
    for (const skeleton of skeletonsOf(name, raw)) {
      const seat = this.#bySkeleton.get(skeleton);
      if (seat) return seat;
    }
    return undefined;
  }

  /** Takes a free name; `session` is one of the past that the client has shown, if any. */
  take(name: string, raw: string, session: string | undefined): Seat {
    const seat = new Seat(name, skeletonsOf(name, raw));
    seat.identity = this.#identities.of(name, session, seat.session);
    this.#byName.set(name, seat);
    this.#bySession.set(seat.session, seat);
    for (const skeleton of seat.skeletons) this.#bySkeleton.set(skeleton, seat);
    return seat;
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

  /** It said bye. Whispers are not for later guests, so nobody is to have them by repeating their ids. */
  leave(seat: Seat): void {
    if (seat.pairs.size === 0) this.#identities.left(seat.name, seat.identity);
  }

  /** Its hold ran out. */
  expire(seat: Seat): void {
    this.#identities.expired(seat.session, seat.name, seat.identity);
  }

  /** The name is free again. */
  free(seat: Seat): void {
    if (seat.peer) this.#here--;
    seat.peer = undefined;
    this.#gone.delete(seat);
    this.#byName.delete(seat.name);
    this.#bySession.delete(seat.session);
    for (const skeleton of seat.skeletons) this.#bySkeleton.delete(skeleton);
  }

  /** Those who are held but not connected. */
  get gone(): ReadonlySet<Seat> {
    return this.#gone;
  }
}

function skeletonsOf(name: string, raw: string): readonly string[] {
  return raw === name ? skeletons(name) : [...skeletons(name), ...skeletons(raw)];
}
