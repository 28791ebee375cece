import { encode } from "../protocol/codec.ts";
import { PROTOCOL } from "../protocol/limits.ts";
import type { Hello } from "../protocol/schema.ts";
import { viewOf } from "./answers.ts";
import { placeFor } from "./entry.ts";
import { type Limits, shown } from "./limits.ts";
import type { Claim } from "./link.ts";
import type { Peer, Person, Seat } from "./person.ts";
import type { Denial } from "./denial.ts";
import { ref } from "./requests.ts";
import type { Room } from "./room.ts";
import type { Rooms } from "./rooms.ts";
import type { Roster } from "./roster.ts";
import { skeletonsOf } from "./seats.ts";
import type { Account, Store } from "./store/store.ts";
import { hashToken } from "./token.ts";
import { isOtherLog, resumeRoom, roomsToEnter } from "./welcome.ts";
import type { Whispers } from "./whispers.ts";

/** The room that everybody enters. */
const LOBBY = "lobby";
/** Read marks shown in a `welcome`. */
const MOST_READ = 500;

/** Who says a hello: a guest, or a device of an account that has proved itself. */
export type Who = { readonly kind: "guest" } | {
  readonly kind: "account";
  readonly account: Account;
  readonly device: number;
  readonly token: string;
  /** Logins that did not end well since the last one that did. */
  readonly failures?: number;
};

/** Whose name is whose for good. */
export interface Accounts {
  byName(name: string): Account | undefined;
  /** An account whose name could be mistaken for one that looks like these. */
  resembling(skeletons: readonly string[]): Account | undefined;
}

/** For a server without accounts. */
export const NO_ACCOUNTS: Accounts = { byName: () => undefined, resembling: () => undefined };

interface Options {
  readonly store: Store;
  readonly roster: Roster;
  readonly rooms: Rooms;
  readonly whispers: Whispers;
  readonly accounts: Accounts;
  readonly limits: Limits;
  readonly version: string;
  readonly clock: () => number;
  readonly wall: () => number;
}

/** How a hello becomes a seat, and a seat somebody who is there. */
export class SignIn {
  readonly #at: Options;

  constructor(options: Options) {
    this.#at = options;
  }

  accountNamed(name: string): Account | undefined {
    return this.#at.accounts.byName(name);
  }

  /** A seat for whoever says this hello: the one it had, or a new one. */
  claim({ hello, raw, problem }: Claim, peer: Peer, who: Who): Seat | Denial {
    const { roster: { seats }, limits } = this.#at;
    const { name, instance } = hello;
    const held = seats.held(who.kind === "account" ? who.token : hello.session, name, instance);
    if (held) {
      const before = held.peer;
      seats.arrive(held, peer);
      before?.end("replaced", "Another connection has taken this session");
      return held;
    }
    const taken = who.kind === "guest" ? this.#taken(name, raw) ?? problem : undefined;
    if (taken) return taken;
    if (seats.here >= limits.clients) {
      return { code: "server_full", message: "The server is full, try again later" };
    }
    const person = seats.named(name) ?? seats.take(name, who.kind === "guest" ? raw : name);
    const { token, device } = who.kind === "account" ? who : {};
    if (who.kind === "account") this.#makeRoom(person);
    else person.unknown();
    const seat = seats.seat(person, {
      instance,
      ...token === undefined ? {} : { token },
      ...device === undefined ? {} : { device },
    });
    seats.arrive(seat, peer);
    if (who.kind === "account") {
      person.account = who.account;
      seat.failures = who.failures ?? 0;
    }
    return seat;
  }

  /** Lets a claimed seat in: its rooms, its welcome. What it resolves with waits for what was missed to be sent. */
  async welcome(seat: Seat, peer: Peer, hello: Hello): Promise<() => Promise<void>> {
    const { store, roster, rooms: all, whispers, limits, clock, accounts } = this.#at;
    const { person } = seat;
    const resumed = seat.welcomes > 0;
    await this.#recognise(seat, hello);
    const before = person.rooms.size > 0 && resumed ? person.rooms : [LOBBY, ...person.rooms];
    // An account's rooms are known here; what one of its devices remembers may have been left on another.
    const wanted = person.account ? new Set(before) : roomsToEnter(before, hello, limits.roomsPerUser);
    const names = await this.#allowed(wanted, person, peer.address);
    const [rooms] = await Promise.all([
      Promise.all(Array.from(names, (name) => all.open(name))),
      whispers.prepare(seat, hello.resume, { back: hello.log === store.incarnation }),
      this.#keepRooms(person, names),
    ]);
    if (seat.peer !== peer) return () => Promise.resolve(); // gone, or taken over, while the rooms were opened
    const news = rooms.filter((room) => !room.has(person));
    for (const room of rooms) {
      person.rooms.add(room.name);
      room.enter(person, clock());
    }
    peer.outbox.push(this.#welcome(seat, hello, { rooms, resumed }));
    seat.welcomes++;
    seat.welcomed = true;
    person.told = false;
    seat.closed = undefined;
    roster.bring(person, news, seat);
    const missed = [
      ...rooms.map((room) => resumeRoom(store, peer.outbox, room, hello)),
      whispers.catchUp(seat, isOtherLog(store, hello.log) ? undefined : hello.resume),
    ];
    if (person.account && !resumed) {
      missed.push(whispers.tellDelivered(seat, (name) => accounts.byName(name)?.id));
    }
    return async () => void await Promise.all(missed);
  }

  /** Why a guest cannot have this name. */
  #taken(name: string, raw: string): Denial | undefined {
    const { roster: { seats }, accounts } = this.#at;
    if (accounts.byName(name)) {
      return {
        code: "auth_required",
        message: `${name} belongs to an account: sign in to it, or choose another name`,
      };
    }
    if (seats.named(name)) {
      return { code: "name_taken", message: `The name ${name} is taken, choose another` };
    }
    const like = seats.resembling(name, raw) ?? accounts.resembling(skeletonsOf(name, raw));
    return like && {
      code: "name_confusable",
      message: `${name} could be mistaken for ${like.name}, choose another`,
    };
  }

  /** Of more connections than an account may have, the oldest has to go. */
  #makeRoom(person: Person): void {
    const { roster, limits } = this.#at;
    while (person.seats.size >= limits.sessionsPerAccount) {
      const [oldest] = [...person.seats].sort((a, b) =>
        Number(a.goneAt === undefined) - Number(b.goneAt === undefined)
      );
      const { peer } = oldest!;
      roster.free(oldest!);
      peer?.end("replaced", "Your account has too many connections: this one was the oldest");
    }
  }

  /** Learns under which identity the seat writes, and all that is kept of an account. */
  async #recognise(seat: Seat, hello: Hello): Promise<void> {
    const { person } = seat;
    if (person.account) return void await this.#at.roster.load(person.account);
    if (person.identity !== "") return;
    await this.#recogniseGuest(seat, hello);
    person.recognise();
  }

  async #recogniseGuest({ person, session: token }: Seat, hello: Hello): Promise<void> {
    const { store, wall } = this.#at;
    const shown = hello.session === undefined ? undefined : hashToken(hello.session);
    const session = hashToken(token);
    const fresh = crypto.randomUUID();
    const { name } = person;
    person.session = session;
    const [identity, floors] = await Promise.all([
      store.people.identify({ name, shown, session, fresh, at: wall() }),
      shown === undefined ? new Map<string, number>() : store.people.inherit(shown, session, name),
    ]);
    person.identity = identity;
    for (const [key, at] of floors) {
      person.marks.set(key, { floor: at, delivered: at, read: at, told: at });
    }
  }

  /** Those of the rooms that are there, or may be made: nobody makes many by coming back to what never was. */
  async #allowed(wanted: Iterable<string>, { rooms }: Person, address: string): Promise<string[]> {
    const waits = await Promise.all(Array.from(wanted, async (name) => {
      const own = name === LOBBY || rooms.has(name);
      return [name, own ? 0 : await this.#at.rooms.wait(name, address)] as const;
    }));
    return waits.filter(([, wait]) => wait === 0).map(([name]) => name);
  }

  /** An account's rooms are known for good before anybody is told of them. */
  async #keepRooms(person: Person, names: Iterable<string>): Promise<void> {
    const { people } = this.#at.store;
    const { account } = person;
    if (!account) return;
    const news = [...names].filter((name) => !person.rooms.has(name));
    await Promise.all(news.map((name) => people.setRoom(account.id, name, true)));
  }

  #welcome(
    seat: Seat,
    hello: Hello,
    { rooms, resumed }: { readonly rooms: readonly Room[]; readonly resumed: boolean },
  ): Uint8Array<ArrayBuffer> {
    const { version, store, limits } = this.#at;
    const { account } = seat.person;
    return encode({
      type: "welcome",
      protocol: PROTOCOL,
      name: seat.name,
      session: seat.session,
      resumed,
      ...seat.closed === undefined ? {} : { closed: seat.closed },
      server: { version, log: store.incarnation },
      limits: shown(limits),
      rooms: viewOf(rooms),
      ...account ? { account: account.role, read: readMarks(seat.person) } : {},
      ...seat.failures > 0 ? { failures: seat.failures } : {},
      ...ref(hello),
    });
  }
}

/** How far somebody has read, as the wire names conversations. */
function readMarks({ name, marks }: Person): { room: string; seq: number }[] {
  return Array.from(marks, ([key, { read }]) => ({ room: placeFor(key, name), seq: read }))
    .filter(({ seq }) => seq > 0).slice(-MOST_READ);
}
