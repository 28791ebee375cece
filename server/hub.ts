import { encode } from "../protocol/codec.ts";
import type { ErrorCode } from "../protocol/errors.ts";
import { frame } from "../protocol/frames.ts";
import { PROTOCOL } from "../protocol/limits.ts";
import type { Hello } from "../protocol/schema.ts";
import { besideText, bytesOf, entryJson } from "./entry.ts";
import { Ledger } from "./ledger.ts";
import type { Limits } from "./limits.ts";
import type { Ask, Claim } from "./link.ts";
import { Marker } from "./marker.ts";
import type { Peer, Person, Seat } from "./person.ts";
import { type Denial, notIn } from "./denial.ts";
import { type Question, Requests } from "./requests.ts";
import { Rooms } from "./rooms.ts";
import { Roster } from "./roster.ts";
import type { Sealing } from "./sealing.ts";
import { type Accounts, NO_ACCOUNTS, SignIn, type Who } from "./sign_in.ts";
import { type Appended, type Draft, pairKey, type Store } from "./store/store.ts";
import type { Turn } from "./turn.ts";
import { isGone, Whispers } from "./whispers.ts";

/** Closed for what it sent: no guest that vanished, and nobody a name is held for. */
const DISTRUSTED: ReadonlySet<ErrorCode | undefined> = new Set<ErrorCode>(
  ["frame_zero", "frame_size", "utf8", "json", "depth", "key", "flood"],
);
/** When to come back to a disk that is full. */
const FULL_MS = 2_000;

const STALE_KEYS: Denial = {
  code: "stale_keys",
  message: "This was sealed for other keys than there are now: fetch them, and seal it anew",
};

const encoder = new TextEncoder();

interface Options {
  readonly limits: Limits;
  readonly version: string;
  /** Milliseconds of a clock that never goes back. */
  readonly clock: () => number;
  /** Milliseconds since 1970. */
  readonly wall: () => number;
  /** Whose name is whose for good; none, unless given. */
  readonly accounts?: Accounts;
  /** For which keys a whisper may be sealed; for any, unless given. */
  readonly sealing?: Sealing;
  /** Hears each time that somebody says something, as `Person.identity`. */
  readonly said?: (by: string) => void;
}

/** Where a draft came from, and for whom it is if not for a room. */
interface Origin {
  readonly seat: Seat;
  readonly ref: string | undefined;
  readonly to: Person | undefined;
}

/** Names, rooms, membership, routing. Knows no socket, no Worker, no SQL, and no clock but the one it is handed. */
export class Hub {
  readonly roster: Roster;
  readonly #store: Store;
  readonly #options: Options;
  readonly rooms: Rooms;
  readonly #whispers: Whispers;
  readonly #marker: Marker;
  readonly #ledger: Ledger<Origin>;
  readonly #requests: Requests;
  readonly #signIn: SignIn;

  constructor(store: Store, turn: Turn, options: Options) {
    const { limits, clock, accounts = NO_ACCOUNTS } = options;
    this.#store = store;
    this.#options = options;
    this.rooms = new Rooms(store, turn, { limits, clock });
    this.#marker = new Marker(store.people);
    this.#whispers = new Whispers(store, this.#marker, (name) => this.roster.seats.named(name));
    this.#ledger = new Ledger(store, {
      tell: (appended, draft, origin) => this.#tell(appended, draft, origin),
      full: (draft, origin) => this.#full(draft, origin),
    });
    const { rooms, whispers, marker } = {
      rooms: this.rooms,
      whispers: this.#whispers,
      marker: this.#marker,
    };
    this.roster = new Roster({ people: store.people, rooms, whispers, marker, clock, limits });
    this.#requests = new Requests({ store, roster: this.roster, rooms, whispers, marker, limits, clock });
    this.#signIn = new SignIn({ ...options, store, roster: this.roster, rooms, whispers, accounts });
  }

  /** How many have signed in. */
  get here(): number {
    return this.roster.seats.here;
  }

  /** Never resolves; rejects when the store failed: nothing may be told any more. */
  get failed(): Promise<never> {
    return this.#ledger.failed;
  }

  /** Whether `session` holds that name. */
  holds({ session, name, instance }: Hello): boolean {
    return this.roster.seats.held(session, name, instance) !== undefined;
  }

  /** Whether somebody from `address` has a session to come back to. */
  knows(address: string): boolean {
    return this.roster.seats.from(address);
  }

  /** Whether somebody is here under this name, or was a moment ago. */
  has(name: string): boolean {
    return this.roster.seats.named(name) !== undefined;
  }

  /** Takes the name for `peer`, or says why not. {@linkcode welcome} completes it. */
  claim(claim: Claim, peer: Peer, who: Who = { kind: "guest" }): Seat | Denial {
    const { protocol } = claim.hello;
    if (protocol === PROTOCOL) return this.#signIn.claim(claim, peer, who);
    const message = `This server speaks version ${PROTOCOL} of the protocol`;
    return { code: "unsupported_protocol", message, min: PROTOCOL, max: PROTOCOL };
  }

  /** Lets a claimed seat in: its rooms, its welcome. What it resolves with waits for what was missed to be sent. */
  async welcome(seat: Seat, peer: Peer, hello: Hello): Promise<() => Promise<void>> {
    return await this.#signIn.welcome(seat, peer, hello);
  }

  /** How long a message into this room has to wait for the room's own rate, in milliseconds. */
  roomWait(name: string): number {
    return this.rooms.get(name)?.rate.wait(this.#options.clock()) ?? 0;
  }

  /** Takes a message for a room, or says why not; it is told once it is stored. */
  say(
    seat: Seat,
    { room: name, id, text, file, ref }: Extract<Ask, { type: "message" }>,
  ): Denial | undefined {
    const room = this.rooms.get(name);
    if (!room?.has(seat.person)) return notIn(name, room);
    room.rate.take();
    this.#append({ conversation: `#${name}`, id, text, ...besideText({ file }) }, {
      seat,
      ref,
      to: undefined,
    });
    return undefined;
  }

  /** Takes a whisper likewise. */
  async whisper(
    seat: Seat,
    { to: name, id, text = "", sealed, keys, file, ref }: Extract<Ask, { type: "whisper" }>,
  ): Promise<Denial | undefined> {
    const said = { id, text, ...besideText({ sealed, file }) };
    const account = this.#signIn.accountNamed(name);
    const to = account && !account.disabled ? await this.roster.load(account) : this.roster.seats.named(name);
    if (to) await this.#whispers.between(seat.person, to);
    if (!to || isGone(to)) return { code: "unknown_user", message: `There is no user named ${name}` };
    if (sealed !== undefined && this.#options.sealing?.isStale(seat.name, name, keys)) return STALE_KEYS;
    if (to.account && to !== seat.person) {
      if (!to.here && !to.mailbox!.admits(seat.name, bytesOf(said), this.#options.limits)) {
        return {
          code: "mailbox_full",
          message: `Too much waits for ${name} already: nothing more can be kept`,
        };
      }
      to.mailbox!.add(seat.name, bytesOf(said));
    }
    this.#append({ conversation: pairKey(seat.name, name), ...said }, { seat, ref, to });
    return undefined;
  }

  /** Whether what cannot be taken now has been taken before: then `seat` is told again that it was. */
  async repeated(seat: Seat, id: string): Promise<boolean> {
    await this.settled();
    const entry = await this.#store.find(seat.person.identity, id);
    if (entry) seat.reachable?.outbox.push(frame(encoder.encode(entryJson(entry))));
    return entry !== undefined;
  }

  /** Resolves when every message taken so far is stored and told. */
  settled(): Promise<void> {
    return this.#ledger.settled();
  }

  /** Answers what is neither message nor whisper, or says why not. */
  async answer(seat: Seat, asked: Question): Promise<Denial | undefined> {
    return seat.peer && await this.#requests.answer(seat, seat.peer, asked);
  }

  /** `seat` says bye: a guest's name is free at once. */
  bye(seat: Seat): void {
    this.roster.leave(seat);
  }

  /** The connection of `seat` is gone; as a rule its name is held. Of an idle one the others are told at once. */
  vanish(seat: Seat, peer: Peer, closed: ErrorCode | undefined): void {
    if (seat.peer !== peer) return;
    if (seat.welcomes === 0) return this.roster.free(seat); // nobody has seen it, nobody knows its session
    if (DISTRUSTED.has(closed)) return this.bye(seat);
    seat.closed = closed;
    this.roster.vanish(seat, closed);
  }

  /** Tells who has left, frees names held long enough; to be called every now and then. */
  tick(): void {
    this.roster.tick();
    const now = this.#options.clock();
    for (const room of this.rooms) room.settle(now);
    this.rooms.sweep(now);
    this.#marker.write();
  }

  /** Writes down what need not be written at once. */
  async settle(): Promise<void> {
    await this.#marker.write();
  }

  #append(what: Pick<Draft, "conversation" | "id" | "text" | "also">, origin: Origin): void {
    const { name: from, person: { identity: sender } } = origin.seat;
    this.#options.said?.(sender);
    this.#ledger.append({ ...what, from, sender, at: this.#options.wall() }, origin);
  }

  /** Hands on what the store has made durable. A duplicate is answered to its sender alone. */
  #tell({ entry, duplicate }: Appended, draft: Draft, { seat, ref, to }: Origin): void {
    const own = seat.reachable?.outbox;
    if (duplicate) to?.mailbox?.take(draft.from, bytesOf(draft));
    if (!entry) {
      const message = "This was stored once, and has expired since";
      own?.push(encode({ type: "error", code: "expired", message, ...ref === undefined ? {} : { ref } }));
    } else if (duplicate) {
      own?.push(frame(encoder.encode(entryJson(entry))));
    } else if (to) this.#whispers.tell(entry, seat.person, to);
    else {
      const room = this.rooms.get(entry.conversation.slice(1));
      if (!room) return;
      room.head = entry.seq;
      room.append(entryJson(entry));
    }
  }

  #full(draft: Draft, { seat, ref, to }: Origin): void {
    to?.mailbox?.take(draft.from, bytesOf(draft));
    const error = { code: "store_full", message: "The server's disk is full, try again later" } as const;
    const again = { retry_ms: FULL_MS, ...ref === undefined ? {} : { ref } };
    seat.reachable?.outbox.push(encode({ type: "error", ...error, ...again }));
  }
}
