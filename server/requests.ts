import { encode } from "../protocol/codec.ts";
import type { Event } from "../protocol/schema.ts";
import { namesPage, roomsPage, viewOf } from "./answers.ts";
import { type Denial, notIn } from "./denial.ts";
import { historyPage } from "./history_page.ts";
import type { Limits } from "./limits.ts";
import type { Ask, FileAsk, KeyAsk } from "./link.ts";
import type { Rooms } from "./rooms.ts";
import type { Marker } from "./marker.ts";
import type { LiveMarks, Peer, Person, Seat } from "./person.ts";
import type { Roster } from "./roster.ts";
import { search } from "./search.ts";
import { pairKey, type Store } from "./store/store.ts";
import type { Whispers } from "./whispers.ts";

export type { Denial } from "./denial.ts";

/** Requests that are answered rather than stored. */
export type Question = Exclude<Ask, { type: "message" | "whisper" | "bye" } | AccountAsk | KeyAsk | FileAsk>;

/** Requests about accounts, their passwords and devices. */
export type AccountAsk = Extract<
  Ask,
  { type: "login" | "register" | "enrol" | "unregister" | "devices" | "revoke" }
>;

interface Options {
  readonly store: Store;
  readonly roster: Roster;
  readonly rooms: Rooms;
  readonly whispers: Whispers;
  readonly marker: Marker;
  readonly limits: Limits;
  readonly clock: () => number;
}

/** Answers what members ask about and of their rooms. */
export class Requests {
  readonly #at: Options;

  constructor(options: Options) {
    this.#at = options;
  }

  /** Sends `peer` the answer, or says why there is none. */
  async answer(seat: Seat, peer: Peer, asked: Question): Promise<Denial | undefined> {
    switch (asked.type) {
      case "join":
        return await this.#join(seat, peer, asked);
      case "leave":
        return this.#leave(seat, peer, asked);
      case "users":
        return this.#users(seat, peer, asked);
      case "rooms":
        return send(peer, await roomsPage(this.#at.rooms, this.#at.store, asked));
      case "history":
        return await this.#history(seat, peer, asked);
      case "read":
        return this.#read(seat, asked);
      case "search":
        return await search(this.#at.store, { seat, peer, asked, rooms: this.#at.rooms });
      case "ping":
        return send(peer, { type: "pong", ...ref(asked) });
      case "pong":
        return undefined;
      default:
        return asked satisfies never;
    }
  }

  async #join(seat: Seat, peer: Peer, asked: Extract<Ask, { type: "join" }>): Promise<Denial | undefined> {
    const { rooms, roster, store, limits, clock } = this.#at;
    const { person } = seat;
    if (!person.rooms.has(asked.room) && person.rooms.size >= limits.roomsPerUser) {
      return {
        code: "rate",
        message: `Nobody may be in more than ${limits.roomsPerUser} rooms: leave one first`,
      };
    }
    const retry_ms = await rooms.wait(asked.room, peer.address);
    if (retry_ms > 0) return { code: "rate", message: "Too many new rooms: wait a while", retry_ms };
    const room = await rooms.open(asked.room);
    if (person.account && !person.rooms.has(room.name)) {
      await store.people.setRoom(person.account.id, room.name, true);
    }
    if (seat.peer !== peer) return undefined; // gone while the room was opened
    if (!room.has(person)) {
      person.rooms.add(room.name);
      room.enter(person, clock());
      peer.outbox.follow(room.log);
      roster.bring(person, [room], seat);
    }
    const [view] = viewOf([room]);
    return send(peer, { type: "joined", user: seat.name, ...view!, ...ref(asked) });
  }

  async #leave(seat: Seat, peer: Peer, asked: Extract<Ask, { type: "leave" }>): Promise<Denial | undefined> {
    const { rooms, roster, store, clock } = this.#at;
    const { person } = seat;
    const room = rooms.get(asked.room);
    if (!room?.has(person)) return notIn(asked.room, room);
    if (person.account) await store.people.setRoom(person.account.id, room.name, false);
    peer.outbox.unfollow(room.log);
    person.rooms.delete(room.name);
    roster.take(person, room, seat);
    room.leave(person, clock());
    rooms.drop(room);
    return send(peer, { type: "left", room: room.name, user: seat.name, ...ref(asked) });
  }

  /** Its owner has seen a conversation up to there; its other connections are told. */
  async #read(seat: Seat, { room, seq }: Extract<Ask, { type: "read" }>): Promise<undefined> {
    const { person } = seat;
    const { account, marks } = person;
    if (!account) return;
    const key = room.startsWith("@") ? pairKey(person.name, room.slice(1)) : `#${room}`;
    const mark = this.#marks(person, key);
    const { head } = await this.#at.store.extent(key);
    if (!mark || Math.min(seq, head) <= mark.read) return;
    mark.read = Math.min(seq, head); // nobody has seen what is not there yet
    marks.set(key, mark);
    this.#at.marker.raised(account.id, key, mark);
    const bytes = encode({ type: "read", room, seq: mark.read });
    for (const peer of person.reachable()) if (peer !== seat.peer) peer.outbox.push(bytes);
  }

  /** Marks that may be raised in a conversation, as far as there is one and it reaches. */
  #marks(person: Person, key: string): LiveMarks | undefined {
    const known = person.marks.get(key);
    if (known || key.startsWith("@")) return known;
    return person.rooms.has(key.slice(1)) ? { floor: 0, delivered: 0, read: 0, told: 0 } : undefined;
  }

  #users(seat: Seat, peer: Peer, asked: Extract<Ask, { type: "users" }>): Denial | undefined {
    const { rooms, roster: { seats } } = this.#at;
    const room = asked.room === undefined ? undefined : rooms.get(asked.room);
    if (asked.room !== undefined && !room?.has(seat.person)) return notIn(asked.room, room);
    return send(peer, namesPage(room ? room.members() : seats.present(), asked));
  }

  async #history(
    seat: Seat,
    peer: Peer,
    asked: Extract<Ask, { type: "history" }>,
  ): Promise<Denial | undefined> {
    const { rooms, whispers, store } = this.#at;
    if (asked.room.startsWith("@")) {
      const name = asked.room.slice(1);
      const pair = await whispers.of(seat.person, name);
      const bounds = { asked, head: pair?.head ?? 0, floor: pair?.side(seat.person)?.marks.floor ?? 0 };
      peer.outbox.push(await historyPage(store, pairKey(seat.name, name), bounds));
      return undefined;
    }
    const room = rooms.get(asked.room);
    if (!room?.has(seat.person)) return notIn(asked.room, room);
    peer.outbox.push(await historyPage(store, `#${room.name}`, { asked, head: room.head, floor: 0 }));
    return undefined;
  }
}

/** The `ref` of what is answered, to be spread into the answer. */
export function ref({ ref }: { readonly ref?: string | undefined }): { ref?: string } {
  return ref === undefined ? {} : { ref };
}

function send(peer: Peer, event: Event): undefined {
  peer.outbox.push(encode(event));
}
