import { encode } from "../protocol/codec.ts";
import type { ErrorCode } from "../protocol/errors.ts";
import { frame } from "../protocol/frames.ts";
import { PROTOCOL } from "../protocol/limits.ts";
import type { Hello } from "../protocol/schema.ts";
import { viewOf } from "./answers.ts";
import { entryJson } from "./entry.ts";
import { Ledger } from "./ledger.ts";
import { type Limits, shown } from "./limits.ts";
import type { Ask, Claim } from "./link.ts";
import { type Denial, notIn, type Question, ref, Requests } from "./requests.ts";
import { Rooms } from "./rooms.ts";
import { type Peer, type Seat, Seats } from "./seats.ts";
import { type Appended, pairKey, type Store } from "./store/store.ts";
import type { Turn } from "./turn.ts";
import { isOtherLog, resumeRoom, roomsToEnter } from "./welcome.ts";
import { Whispers } from "./whispers.ts";

/** The room that everybody enters. */
const LOBBY = "lobby";

/** Closed for what it sent: no guest that vanished, and nobody a name is held for. */
const DISTRUSTED: ReadonlySet<ErrorCode | undefined> = new Set<ErrorCode>(
  ["frame_zero", "frame_size", "utf8", "json", "depth", "key", "flood"],
);

const encoder = new TextEncoder();

interface Options {
  readonly limits: Limits;
  readonly version: string;
  /** Milliseconds of a clock that never goes back. */
  readonly clock: () => number;
  /** Milliseconds since 1970. */
  readonly wall: () => number;
}

/** Names, rooms, membership, routing. Knows no socket, no Worker, no SQL, and no clock but the one it is handed. */
export class Hub {
  readonly #store: Store;
  readonly #options: Options;
  readonly #seats = new Seats();
  readonly #rooms: Rooms;
  readonly #whispers: Whispers;
  readonly #ledger: Ledger;
  readonly #requests: Requests;

  constructor(store: Store, turn: Turn, options: Options) {
    const { limits, clock } = options;
    this.#store = store;
    this.#options = options;
    this.#rooms = new Rooms(store, turn, limits);
    this.#whispers = new Whispers(store);
    this.#ledger = new Ledger(store, (appended) => this.#tell(appended));
    const { seats, rooms, whispers } = { seats: this.#seats, rooms: this.#rooms, whispers: this.#whispers };
    this.#requests = new Requests({ store, seats, rooms, whispers, limits, clock });
  }

  /** How many have signed in. */
  get here(): number {
    return this.#seats.here;
  }

  /** Whether `session` holds that name. */
  holds(session: string | undefined, name: string): boolean {
    return this.#seats.held(session, name) !== undefined;
  }

  /** Whether somebody from `address` has a session to come back to. */
  knows(address: string): boolean {
    return this.#seats.from(address);
  }

  /** Takes the name for `peer`, or says why not. {@linkcode welcome} completes it. */
  claim({ hello, raw, problem }: Claim, peer: Peer): Seat | Denial {
    const { name, session, protocol } = hello;
    if (protocol !== PROTOCOL) {
      const message = `This server speaks version ${PROTOCOL} of the protocol`;
      return { code: "unsupported_protocol", message, min: PROTOCOL, max: PROTOCOL };
    }
    const held = this.#seats.held(session, name);
    if (held) {
      const before = held.peer;
      this.#seats.arrive(held, peer);
      before?.end("replaced", "Another connection has taken this session");
      return held;
    }
    if (this.#seats.named(name)) {
      return { code: "name_taken", message: `The name ${name} is taken, choose another` };
    }
    const like = this.#seats.resembling(name, raw);
    if (like) {
      return {
        code: "name_confusable",
        message: `${name} could be mistaken for ${like.name}, choose another`,
      };
    }
    if (problem) return problem;
    if (this.#seats.here >= this.#options.limits.clients) {
      return { code: "server_full", message: "The server is full, try again later" };
    }
    const seat = this.#seats.take(name, raw, session);
    this.#seats.arrive(seat, peer);
    return seat;
  }

  /** Lets a claimed seat in: its rooms, its welcome. What it resolves with waits for what was missed to be sent. */
  async welcome(seat: Seat, peer: Peer, hello: Hello): Promise<() => Promise<void>> {
    const { limits, version, clock } = this.#options;
    const resumed = seat.welcomes > 0;
    const names = roomsToEnter(resumed ? seat.rooms : [LOBBY], hello, limits.roomsPerUser);
    const rooms = await Promise.all(Array.from(names, (name) => this.#rooms.open(name)));
    if (seat.peer !== peer) return () => Promise.resolve(); // gone, or taken over, while the rooms were opened
    for (const room of rooms) {
      seat.rooms.add(room.name);
      room.enter(seat, clock());
    }
    peer.outbox.push(encode({
      type: "welcome",
      protocol: PROTOCOL,
      name: seat.name,
      session: seat.session,
      resumed,
      ...seat.closed === undefined ? {} : { closed: seat.closed },
      server: { version, log: this.#store.incarnation },
      limits: shown(limits),
      rooms: viewOf(rooms),
      ...ref(hello),
    }));
    seat.welcomes++;
    seat.welcomed = true;
    seat.told = false;
    seat.closed = undefined;
    const missed = [
      ...rooms.map((room) => resumeRoom(this.#store, peer.outbox, room, hello)),
      this.#whispers.catchUp(seat, isOtherLog(this.#store, hello.log) ? undefined : hello.resume),
    ];
    return async () => void await Promise.all(missed);
  }

  /** How long a message into this room has to wait for the room's own rate, in milliseconds. */
  roomWait(name: string): number {
    return this.#rooms.get(name)?.rate.wait(this.#options.clock()) ?? 0;
  }

  /** Takes a message for a room, or says why not; it is told once it is stored. */
  say(seat: Seat, { room: name, id, text }: Extract<Ask, { type: "message" }>): Denial | undefined {
    const room = this.#rooms.get(name);
    if (!room?.has(seat)) return notIn(name, room);
    room.rate.take();
    this.#append(seat, `#${name}`, id, text);
    return undefined;
  }

  /** Takes a whisper likewise. */
  async whisper(
    seat: Seat,
    { to, id, text }: Extract<Ask, { type: "whisper" }>,
  ): Promise<Denial | undefined> {
    const other = this.#seats.named(to);
    if (!other) return { code: "unknown_user", message: `There is no user named ${to}` };
    await this.#whispers.between(seat, other);
    this.#append(seat, pairKey(seat.name, to), id, text);
    return undefined;
  }

  /** Resolves when every message taken so far is stored and told. */
  settled(): Promise<void> {
    return this.#ledger.settled();
  }

  /** Answers what is neither message nor whisper, or says why not. */
  async answer(seat: Seat, asked: Question): Promise<Denial | undefined> {
    return seat.peer && await this.#requests.answer(seat, seat.peer, asked);
  }

  /** `seat` says bye: its name is free at once. */
  bye(seat: Seat): void {
    this.#seats.leave(seat);
    this.#free(seat);
  }

  /** The connection of `seat` is gone; as a rule its name is held. Of an idle one the others are told at once. */
  vanish(seat: Seat, peer: Peer, closed: ErrorCode | undefined): void {
    if (seat.peer !== peer) return;
    if (seat.welcomes === 0) return this.#free(seat); // nobody has seen it, nobody knows its session
    if (DISTRUSTED.has(closed)) return this.bye(seat);
    seat.closed = closed;
    this.#seats.vanish(seat, this.#options.clock());
    if (closed === "idle") this.#depart(seat, closed);
  }

  /** Tells who has left, frees names held long enough; to be called every now and then. */
  tick(): void {
    const now = this.#options.clock();
    const { graceSeconds, holdSeconds } = this.#options.limits;
    for (const seat of this.#seats.gone) {
      const gone = (now - seat.goneAt!) / 1000;
      if (gone >= graceSeconds) this.#depart(seat);
      if (gone < holdSeconds) continue;
      this.#seats.expire(seat);
      this.#free(seat);
    }
    for (const room of this.#rooms) room.settle(now);
  }

  #append(seat: Seat, conversation: string, id: string, text: string): void {
    const at = this.#options.wall();
    this.#ledger.append({ conversation, from: seat.name, sender: seat.identity, id, text, at });
  }

  /** Hands on what the store has made durable. A duplicate is answered to its sender alone. */
  #tell({ entry, duplicate }: Appended): void {
    if (duplicate) {
      this.#seats.named(entry.from)?.reachable?.outbox.push(frame(encoder.encode(entryJson(entry))));
    } else if (entry.conversation.startsWith("#")) {
      const room = this.#rooms.get(entry.conversation.slice(1));
      if (!room) return;
      room.head = entry.seq;
      room.append(entryJson(entry));
    } else this.#whispers.tell(entry);
  }

  /** Tells the rooms of `seat` that it is not here; it may still come back to them. */
  #depart(seat: Seat, reason?: string): void {
    if (seat.told) return;
    seat.told = true;
    for (const name of seat.rooms) this.#rooms.get(name)?.leave(seat, this.#options.clock(), reason);
  }

  #free(seat: Seat): void {
    this.#depart(seat);
    for (const name of seat.rooms) {
      const room = this.#rooms.get(name);
      if (room) this.#rooms.drop(room);
    }
    this.#whispers.forget(seat);
    this.#seats.free(seat);
  }
}
