import { encode } from "../protocol/codec.ts";
import { viewOf } from "./answers.ts";
import type { Limits } from "./limits.ts";
import { Mailbox } from "./mailbox.ts";
import type { Marker } from "./marker.ts";
import type { Person, Seat } from "./person.ts";
import type { Room } from "./room.ts";
import type { Rooms } from "./rooms.ts";
import { Seats } from "./seats.ts";
import type { Account, PeopleStore } from "./store/store.ts";
import type { Whispers } from "./whispers.ts";

/** How long an account is remembered that somebody has whispered to while its owner was away. */
const AWAY_MS = 60_000;

interface Options {
  readonly people: PeopleStore;
  readonly rooms: Rooms;
  readonly whispers: Whispers;
  readonly marker: Marker;
  readonly limits: Limits;
  readonly clock: () => number;
}

/** Who is here, who is held, who was whispered to: how people come to be known, and how they go. */
export class Roster {
  readonly seats = new Seats();
  readonly #at: Options;
  readonly #loading = new Map<number, Promise<Person>>();

  constructor(options: Options) {
    this.#at = options;
  }

  /** The owner of `account`, with its rooms, marks and mailbox, here or not. */
  async load(account: Account): Promise<Person> {
    const person = this.seats.named(account.name);
    if (person?.mailbox) return person;
    const loading = this.#loading.getOrInsertComputed(account.id, () => this.#load(account));
    return await loading.finally(() => this.#loading.delete(account.id));
  }

  /** The guest in `seat` has made `account` its own. */
  async enrolled(seat: Seat, account: Account, device: number, token: string): Promise<void> {
    const { people, whispers } = this.#at;
    const { person } = seat;
    person.account = account;
    this.seats.proves(seat, token, device);
    const rooms = Array.from(person.rooms, (room) => people.setRoom(account.id, room, true));
    await Promise.all([whispers.adopt(person, account.id), people.release(account.name), ...rooms]);
    await this.load(account);
  }

  /** `person` is in these rooms from now on: its other connections are told, and follow. */
  bring(person: Person, rooms: readonly Room[], but: Seat): void {
    for (const seat of person.seats) {
      if (seat === but || !seat.reachable) continue;
      for (const room of rooms) {
        const [view] = viewOf([room]);
        seat.reachable.outbox.follow(room.log);
        seat.reachable.outbox.push(encode({ type: "joined", user: person.name, ...view! }));
      }
    }
  }

  /** `person` is not in `room` any more: its other connections are told, and follow it no longer. */
  take(person: Person, room: Room, but: Seat): void {
    for (const seat of person.seats) {
      if (seat === but || !seat.reachable) continue;
      seat.reachable.outbox.unfollow(room.log);
      seat.reachable.outbox.push(encode({ type: "left", room: room.name, user: person.name }));
    }
  }

  /** `seat` says bye. */
  leave(seat: Seat): void {
    const { person } = seat;
    // Whispers are not for later guests, so nobody is to have them by repeating their ids.
    if (!person.account && person.pairs.size > 0) this.#release(person.name);
    this.free(seat);
  }

  /** The connection of `seat` is gone. */
  vanish(seat: Seat, why: string | undefined): void {
    this.seats.vanish(seat, this.#at.clock());
    if (why === "idle" && !seat.person.here) this.depart(seat.person, why);
  }

  /** Tells who has left, frees names held long enough, forgets accounts that were away for long. */
  tick(): void {
    const now = this.#at.clock();
    const { graceSeconds, holdSeconds } = this.#at.limits;
    for (const seat of this.seats.gone) {
      const { person } = seat;
      const gone = (now - seat.goneAt!) / 1000;
      if (gone >= graceSeconds && !person.here) this.depart(person);
      if (gone < holdSeconds) continue;
      if (!person.account) this.#release(person.name);
      this.free(seat);
    }
    for (const person of this.seats.aways) {
      if (now - person.awaySince! >= AWAY_MS) this.#forget(person);
    }
  }

  /** Tells the rooms of `person` that it is not here; it may still come back to them. */
  depart(person: Person, reason?: string): void {
    if (person.told) return;
    person.told = true;
    for (const name of person.rooms) this.#at.rooms.get(name)?.leave(person, this.#at.clock(), reason);
  }

  /** `seat` is no more; without another one, its person is gone. */
  free(seat: Seat): void {
    const { person } = seat;
    if (this.seats.rise(seat)) return; // should the others be gone as well, their time comes
    this.depart(person);
    for (const name of person.rooms) {
      const room = this.#at.rooms.get(name);
      if (room) this.#at.rooms.drop(room);
    }
    this.#forget(person);
  }

  /** The account of `person` is no more. */
  unregister(person: Person): void {
    for (const seat of [...person.seats]) this.free(seat);
    this.#forget(person);
  }

  async #load(account: Account): Promise<Person> {
    const { people, clock } = this.#at;
    const [rooms, marks, waiting] = await Promise.all([
      people.roomsOf(account.id),
      people.marksOf(account.id),
      people.waiting(account.id, account.name),
    ]);
    let person = this.seats.named(account.name);
    if (!person) {
      person = this.seats.take(account.name, account.name);
      this.seats.away(person, clock());
    }
    person.account = account;
    person.identity = account.identity;
    for (const room of rooms) person.rooms.add(room);
    for (const [key, mark] of marks) person.marks.getOrInsertComputed(key, () => ({ ...mark }));
    person.mailbox ??= new Mailbox(waiting);
    return person;
  }

  #forget(person: Person): void {
    if (person.account) this.#at.marker.write(); // before they are read again
    this.#at.whispers.forget(person);
    this.seats.free(person);
    person.recognise(); // there is nothing to wait for any more
  }

  #release(name: string): void {
    this.#at.people.release(name).catch(() => {}); // a store that fails says so where something is to be told
  }
}
