import { encode } from "../protocol/codec.ts";
import type { ErrorCode } from "../protocol/errors.ts";
import type { Event } from "../protocol/schema.ts";
import { namesPage, roomsPage, viewOf } from "./answers.ts";
import { historyPage } from "./history_page.ts";
import type { Limits } from "./limits.ts";
import type { Ask } from "./link.ts";
import type { Room } from "./room.ts";
import type { Rooms } from "./rooms.ts";
import type { Peer, Seat, Seats } from "./seats.ts";
import { pairKey, type Store } from "./store/store.ts";
import type { Whispers } from "./whispers.ts";

/** Why a hello or a request is not granted. */
export interface Denial {
  readonly code: ErrorCode;
  readonly message: string;
  readonly retry_ms?: number;
  readonly min?: number;
  readonly max?: number;
}

/** Requests that are answered rather than stored. */
export type Question = Exclude<Ask, { type: "message" | "whisper" | "bye" }>;

interface Options {
  readonly store: Store;
  readonly seats: Seats;
  readonly rooms: Rooms;
  readonly whispers: Whispers;
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
        return send(peer, roomsPage(this.#at.rooms, asked));
      case "history":
        return await this.#history(seat, peer, asked);
      case "ping":
        return send(peer, { type: "pong", ...ref(asked) });
      case "pong":
        return undefined;
      default:
        return asked satisfies never;
    }
  }

  async #join(seat: Seat, peer: Peer, asked: Extract<Ask, { type: "join" }>): Promise<Denial | undefined> {
    const { rooms, limits, clock } = this.#at;
    if (!seat.rooms.has(asked.room) && seat.rooms.size >= limits.roomsPerUser) {
      return {
        code: "rate",
        message: `Nobody may be in more than ${limits.roomsPerUser} rooms: leave one first`,
      };
    }
    const room = await rooms.open(asked.room);
    if (seat.peer !== peer) return undefined; // gone while the room was opened
    if (!room.has(seat)) {
      seat.rooms.add(room.name);
      room.enter(seat, clock());
      peer.outbox.follow(room.log);
    }
    const [view] = viewOf([room]);
    return send(peer, { type: "joined", user: seat.name, ...view!, ...ref(asked) });
  }

  #leave(seat: Seat, peer: Peer, asked: Extract<Ask, { type: "leave" }>): Denial | undefined {
    const { rooms, clock } = this.#at;
    const room = rooms.get(asked.room);
    if (!room?.has(seat)) return notIn(asked.room, room);
    peer.outbox.unfollow(room.log);
    seat.rooms.delete(room.name);
    room.leave(seat, clock());
    rooms.drop(room);
    return send(peer, { type: "left", room: room.name, user: seat.name, ...ref(asked) });
  }

  #users(seat: Seat, peer: Peer, asked: Extract<Ask, { type: "users" }>): Denial | undefined {
    const { rooms, seats } = this.#at;
    const room = asked.room === undefined ? undefined : rooms.get(asked.room);
    if (asked.room !== undefined && !room?.has(seat)) return notIn(asked.room, room);
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
      const pair = whispers.of(seat, name);
      const bounds = { asked, head: pair?.head ?? 0, floor: pair?.side(seat).floor ?? 0 };
      peer.outbox.push(await historyPage(store, pairKey(seat.name, name), bounds));
      return undefined;
    }
    const room = rooms.get(asked.room);
    if (!room?.has(seat)) return notIn(asked.room, room);
    peer.outbox.push(await historyPage(store, `#${room.name}`, { asked, head: room.head, floor: 0 }));
    return undefined;
  }
}

/** Why somebody may not speak or read there. */
export function notIn(name: string, room: Room | undefined): Denial {
  if (room) return { code: "not_member", message: `You are not in the room ${name}: join it first` };
  return { code: "room", message: `There is no room named ${name}: joining makes it` };
}

/** The `ref` of what is answered, to be spread into the answer. */
export function ref({ ref }: { readonly ref?: string | undefined }): { ref?: string } {
  return ref === undefined ? {} : { ref };
}

function send(peer: Peer, event: Event): undefined {
  peer.outbox.push(encode(event));
}
