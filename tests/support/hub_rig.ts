import { setImmediate } from "node:timers";
import { decodeEvent } from "../../protocol/codec.ts";
import type { ErrorCode } from "../../protocol/errors.ts";
import { FrameReader } from "../../protocol/frames.ts";
import { readName, skeletons } from "../../protocol/names.ts";
import type { Event, Hello } from "../../protocol/schema.ts";
import { Hub } from "../../server/hub.ts";
import { DEFAULT_LIMITS, type Limits, NO_LIMITS } from "../../server/limits.ts";
import type { Ask } from "../../server/link.ts";
import { Outbox } from "../../server/outbox.ts";
import type { Question } from "../../server/requests.ts";
import type { Peer, Seat } from "../../server/person.ts";
import type { Who } from "../../server/sign_in.ts";
import { MemoryStore } from "../../server/store/memory.ts";
import type { Account, Store } from "../../server/store/store.ts";
import { Turn } from "../../server/turn.ts";

/** A guest of a hub, with an outbox that ends in memory instead of a socket. */
export class Guest implements Peer {
  readonly outbox: Outbox;
  readonly address: string;
  readonly name: string;
  /** What has arrived and was not taken yet; refusals are among it, as `error` frames. */
  #events: Event[] = [];
  readonly #frames = new FrameReader({ welcomed: true });
  #stalled: (() => void)[] | undefined;
  seat: Seat | undefined;
  session = "";
  /** Why the hub ended the connection. */
  ended: ErrorCode | undefined;

  constructor(
    name: string,
    turn: Turn,
    { clock, address = "127.0.0.1" }: { clock: () => number; address?: string },
  ) {
    this.name = name;
    this.address = address;
    this.outbox = new Outbox({ write: (bytes) => this.#write(bytes), failed: () => {} }, turn, {
      limit: Infinity,
      clock,
    });
  }

  end(code: ErrorCode): void {
    this.ended ??= code;
    this.outbox.wind();
  }

  refused(code: string): void {
    this.#events.push({ type: "error", code, message: "" });
  }

  /** What has come since this was called last. */
  take(): Event[] {
    return this.#events.splice(0);
  }

  /** From now on the kernel takes nothing. */
  stall(): void {
    this.#stalled ??= [];
  }

  /** The kernel takes everything again. */
  flow(): void {
    for (const go of this.#stalled ?? []) go();
    this.#stalled = undefined;
  }

  async #write(bytes: Uint8Array): Promise<number> {
    if (this.#stalled) await new Promise<void>((resolve) => this.#stalled!.push(resolve));
    for (const { payload } of this.#frames.push(bytes.slice())) {
      this.#events.push(decodeEvent(payload.slice()));
    }
    return bytes.length;
  }
}

/** A hub without sockets and Workers, and with a clock that stands still unless it is told to go. */
export class HubRig {
  readonly hub: Hub;
  readonly store: Store;
  readonly turn: Turn;
  now = 1_000_000;

  /** How many turns of the event loop anything may take. */
  readonly #turns: number;

  readonly #accounts = new Map<string, Account>();

  constructor({ limits, store = new MemoryStore() }: { limits?: Partial<Limits>; store?: Store } = {}) {
    this.store = store;
    this.#turns = store instanceof MemoryStore ? 3 : 30;
    this.turn = new Turn(() => this.now, (run) => queueMicrotask(run));
    const all = { ...DEFAULT_LIMITS, ...NO_LIMITS, holdSeconds: 30, ...limits };
    this.hub = new Hub(store, this.turn, {
      limits: all,
      version: "test",
      clock: () => this.now,
      wall: () => this.now,
      accounts: {
        byName: (name) => this.#accounts.get(name),
        resembling: (likes) =>
          this.#accounts.values().find(({ skeletons }) => skeletons.some((each) => likes.includes(each))),
      },
    });
  }

  /** Makes an account, with a first device of that token. */
  async account(name: string, token = `token-of-${name}-123456`): Promise<Account> {
    const account = await this.store.people.enrol({
      name,
      skeletons: skeletons(name),
      identity: crypto.randomUUID(),
      record: "r",
      stretching: { iterations: 1, memory: 8, parallelism: 1 },
      role: "member",
      created: this.now,
    }, { hash: token, label: "d", created: this.now, seen: this.now });
    this.#accounts.set(name, account!);
    return account!;
  }

  /** Somebody signs in to an account, as an accounts desk would let in. */
  async signIn(
    name: string,
    hello: Partial<Hello> & { device?: string; token?: string } = {},
  ): Promise<Guest> {
    const { token = `token-of-${name}-123456`, ...more } = hello;
    const guest = new Guest(name, this.turn, { clock: () => this.now });
    const who = { kind: "account", account: this.#accounts.get(name)!, device: 1, token } as const;
    this.claim(guest, more, who);
    if (guest.seat) await this.welcome(guest, more);
    return guest;
  }

  /** Somebody connects and wants a name; without `seat` if it did not get it. */
  async enter(name: string, hello: Partial<Hello> & { readonly address?: string } = {}): Promise<Guest> {
    const { address = "127.0.0.1", ...more } = hello;
    const guest = new Guest(name, this.turn, { clock: () => this.now, address });
    this.claim(guest, more);
    if (guest.seat) await this.welcome(guest, more);
    return guest;
  }

  /** The first half of a hello. */
  claim(guest: Guest, more: Partial<Hello> = {}, who?: Who): void {
    const { name, problem } = readName(guest.name);
    const hello: Hello = { type: "hello", protocol: 1, name, ...more };
    const rest = new Uint8Array(0);
    const seat = this.hub.claim({ type: "claim", hello, raw: guest.name, problem, rest }, guest, who);
    if ("code" in seat) guest.refused(seat.code);
    else guest.seat = seat;
  }

  /** The second half. */
  async welcome(guest: Guest, more: Partial<Hello> = {}): Promise<void> {
    const hello: Hello = { type: "hello", protocol: 1, name: guest.seat!.name, ...more };
    const caughtUp = (await this.hub.welcome(guest.seat!, guest, hello))();
    guest.session = guest.seat!.session;
    await this.settle();
    void caughtUp; // a guest that has stalled is never caught up
  }

  /** Asks like a connection does: in order, each after the messages before it are told. */
  async ask(guest: Guest, ...requests: readonly Ask[]): Promise<void> {
    for (const asked of requests) {
      const seat = guest.seat!;
      if (asked.type !== "message") await this.hub.settled();
      if (asked.type === "bye") {
        guest.outbox.wind();
        this.hub.bye(seat);
      } else {
        const denial = asked.type === "message"
          ? this.hub.say(seat, asked)
          : asked.type === "whisper"
          ? await this.hub.whisper(seat, asked)
          : await this.hub.answer(seat, asked as Question);
        if (denial) guest.refused(denial.code);
      }
    }
    await this.settle();
  }

  async say(guest: Guest, room: string, text: string, id: string = crypto.randomUUID()): Promise<void> {
    await this.ask(guest, { type: "message", room, id, text, ref: undefined });
  }

  async whisper(guest: Guest, to: string, text: string, id: string = crypto.randomUUID()): Promise<void> {
    await this.ask(guest, { type: "whisper", to, id, text, ref: undefined });
  }

  async join(guest: Guest, room: string): Promise<void> {
    await this.ask(guest, { type: "join", room, ref: undefined });
  }

  async leave(guest: Guest, room: string): Promise<void> {
    await this.ask(guest, { type: "leave", room, ref: undefined });
  }

  async bye(guest: Guest): Promise<void> {
    await this.ask(guest, { type: "bye", ref: undefined });
  }

  /** The connection is lost, or was ended for a reason. */
  async vanish(guest: Guest, closed?: ErrorCode): Promise<void> {
    this.hub.vanish(guest.seat!, guest, closed);
    guest.outbox.close();
    await this.settle();
  }

  /** Time goes by. */
  async pass(seconds: number): Promise<void> {
    this.now += seconds * 1000;
    this.hub.tick();
    await this.settle();
  }

  /** Everything that can happen has happened. */
  async settle(): Promise<void> {
    for (let turns = 0; turns < this.#turns; turns++) {
      await this.hub.settled();
      await new Promise<void>((resolve) => void setImmediate(resolve));
    }
  }
}

/** An event in few words, to compare with. */
export function told(event: Event): string {
  switch (event.type) {
    case "message":
      return `${event.room} ${event.seq} ${event.from}: ${event.text}`;
    case "whisper":
      return `${event.from} to ${event.to} ${event.seq}: ${event.text}`;
    case "joined":
      return `${event.user} joined ${event.room}${event.users ? ` (${event.users.join(" ")})` : ""}`;
    case "left":
      return `${event.user} left ${event.room}${event.reason === undefined ? "" : `: ${event.reason}`}`;
    case "receipt":
      return `receipt ${event.with} ${event.seq}${event.status === "kept" ? " kept" : ""}`;
    case "read":
      return `read ${event.room} ${event.seq}`;
    case "found":
      return `found [${event.entries.map(({ text }) => text).join(" ")}]${event.more ? " more" : ""}`;
    case "gap":
      return `gap ${event.room} ${event.from}-${event.to} ${event.why}`;
    case "error":
      return event.code;
    case "history":
      return `history ${event.room} [${event.entries.map(({ text }) => text).join(" ")}]${
        event.more ? " more" : ""
      }`;
    case "users":
      return `users ${event.users.join(" ")}`;
    case "rooms":
      return `rooms ${event.rooms.map(({ room, users, seq }) => `${room}:${users}:${seq}`).join(" ")}`;
    case "welcome":
      return `welcome ${event.name}${event.resumed ? " again" : ""}${
        event.closed ? ` after ${event.closed}` : ""
      }`;
    default:
      return event.type;
  }
}

/** What has come to somebody, in few words. */
export function heard(guest: Guest): string[] {
  return guest.take().map(told);
}
