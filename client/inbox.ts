import type { Entry, Event, Hello } from "../protocol/schema.ts";
import type { ClientEvent, RoomView } from "./client_event.ts";
import { Cursors } from "./cursors.ts";
import type { Outbox } from "./outbox.ts";
import { People } from "./people.ts";
import { Receipts } from "./receipts.ts";
import type { Requests } from "./requests.ts";

type Of<T extends Event["type"]> = Extract<Event, { type: T }>;

/** Refusals that are no outcome: the same message is taken later. */
const LATER = new Set(["rate", "store_busy", "shutting_down"]);
const LATER_MS = 1_000;

/** What an {@linkcode Inbox} acts upon. */
export interface InboxOptions {
  readonly name: string;
  readonly outbox: Outbox;
  readonly requests: Requests;
  readonly emit: (event: ClientEvent) => void;
  /** Signed in. */
  readonly online: () => void;
  /** Deals with an error that is about the connection itself; says whether it was one. */
  readonly refused: (error: Of<"error">) => boolean;
  readonly breakLink: (why: string) => void;
  /** A message got its outcome. */
  readonly useful: () => void;
}

/** Understands what the server tells: keeps track of it, and turns it into events for the front end. */
export class Inbox {
  readonly people = new People();
  readonly #receipts = new Receipts();
  readonly #cursors = new Cursors({
    show: (to, entry) => this.#show(to, entry),
    gap: (to, from, until, why) => this.#options.emit({ kind: "gap", to, from, until, why }),
    fetch: (to, before, limit) =>
      this.#options.requests.ask({ type: "history", room: onWire(to), before, limit }, { again: false }),
    overflow: () => this.#options.breakLink("too much came out of order"),
  });
  readonly #options: InboxOptions;
  #name: string;
  /** What the last `welcome` said, to come back with. */
  #welcome: { readonly session: string; readonly log: string } | undefined;
  /** What the last hello said this client has. */
  #told: Hello["resume"];

  constructor(options: InboxOptions) {
    this.#options = options;
    this.#name = options.name;
  }

  /** The name as asked for, and once signed in as the server wrote it. */
  get name(): string {
    return this.#name;
  }
  set name(name: string) {
    this.#name = name;
  }

  /** Adds to a hello what lets the server take up where the last connection ended. */
  resume(hello: Hello): Hello {
    if (!this.#welcome) return hello;
    const whole = this.#cursors.resume({ ...hello, ...this.#welcome });
    this.#told = whole.resume;
    return whole;
  }

  /** The link is gone. */
  lost(): void {
    this.#cursors.lost();
  }

  receive(event: Event): void {
    switch (event.type) {
      case "welcome":
        return this.#welcomed(event);
      case "message":
      case "whisper":
        return this.#entry(event);
      case "joined":
        return this.#joined(event);
      case "left":
        return this.#left(event);
      case "receipt":
        return this.#options.emit({
          kind: "receipt",
          with: event.with,
          seq: event.seq,
          id: this.#receipts.take(event),
        });
      case "gap":
        return this.#cursors.of(conversation(event.room)).skip(event.from, event.to, event.why);
      case "users":
      case "rooms":
      case "history":
        this.#options.requests.answer(event);
        return;
      case "error":
        return this.#error(event);
      case "ping":
      case "pong":
        return; // the link sees to these
      default:
        return event satisfies never;
    }
  }

  #welcomed({ name, session, server: { log }, rooms: views }: Of<"welcome">): void {
    const first = this.#welcome === undefined;
    // Everybody is brought to the lobby, also who had left it: that is undone.
    const wanted = ({ room }: RoomView) =>
      first || this.people.rooms.has(room) || this.#options.requests.asks("join");
    const rooms = views.filter(wanted);
    const known = first || this.#welcome?.log === log;
    const told = known ? this.#told ?? {} : {};
    if (!known) this.#cursors.clear();
    this.#welcome = { session, log };
    this.#name = name;
    const missing = this.people.reset(rooms);
    this.#options.online();
    this.#options.emit({ kind: "online", name, rooms, first, log: known ? "same" : "new" });
    for (const { room, seq } of rooms) {
      // What the server was told about, it sends by itself, unless it has less than this client.
      if (!Object.hasOwn(told, room) || told[room]! > seq) this.#cursors.of(`#${room}`).reach(seq);
    }
    this.#options.requests.open();
    for (const room of missing) void this.#comeBack(room);
    for (const { room } of views) if (!this.people.rooms.has(room)) void this.#stayAway(room);
    this.#options.outbox.open();
  }

  /** Enters a room again that the server did not bring this client back to. Never rejects. */
  async #comeBack(room: string): Promise<void> {
    try {
      await this.#options.requests.ask({ type: "join", room });
    } catch {
      this.#cursors.forget(`#${room}`);
      this.#options.emit({ kind: "left", room, user: this.#name });
    }
  }

  /** Leaves a room again that this client had left. Never rejects. */
  async #stayAway(room: string): Promise<void> {
    try {
      await this.#options.requests.ask({ type: "leave", room }, { again: false });
    } catch { /* the link broke: the next welcome says where this client is */ }
  }

  #entry(entry: Entry): void {
    const mine = entry.from === this.#name;
    const outcome = mine ? this.#options.outbox.outcome(entry.id) : undefined;
    if (outcome) this.#options.useful();
    if (entry.type === "message") {
      if (!this.people.rooms.has(entry.room)) return;
      return this.#cursors.of(`#${entry.room}`).take(entry, { apart: outcome?.again === true });
    }
    if (!mine && entry.to !== this.#name) return;
    const other = mine ? entry.to : entry.from;
    this.#cursors.of(`@${other}`).take(entry, { apart: outcome?.again === true });
  }

  #show(to: string, entry: Entry): void {
    const mine = entry.from === this.#name;
    if (!mine) this.people.spoke(entry.from);
    else if (entry.type === "whisper") this.#receipts.await(entry);
    this.#options.emit({ kind: "entry", to, entry, mine });
  }

  #joined(event: Of<"joined">): void {
    const { room, user, users, seq } = event;
    if (user === this.#name && users !== undefined) {
      const news = !this.people.rooms.has(room);
      this.people.enter(room, users);
      if (news && seq !== undefined) this.#cursors.of(`#${room}`).reach(seq);
      if (news) this.#options.emit({ kind: "joined", room, user });
    } else if (this.people.joined(room, user)) this.#options.emit({ kind: "joined", room, user });
    this.#options.requests.answer(event);
  }

  #left(event: Of<"left">): void {
    const { room, user } = event;
    if (user === this.#name) {
      if (this.people.exit(room)) this.#options.emit({ kind: "left", room, user });
      this.#cursors.forget(`#${room}`);
    } else if (this.people.left(room, user)) this.#options.emit({ kind: "left", room, user });
    this.#options.requests.answer(event);
  }

  #error(error: Of<"error">): void {
    const { code, message, ref, retry_ms } = error;
    if (this.#options.refused(error)) return;
    if (ref !== undefined && this.#options.outbox.has(ref)) {
      if (LATER.has(code)) return this.#options.outbox.later(ref, retry_ms ?? LATER_MS);
      const { draft } = this.#options.outbox.outcome(ref)!;
      return this.#options.emit({ kind: "refused", draft, code, message });
    }
    if (!this.#options.requests.refuse(ref, code, message)) {
      this.#options.emit({ kind: "notice", code, message });
    }
  }
}

/** A conversation as front ends name it, `"#room"` or `"@name"`, from the name it has on the wire. */
function conversation(room: string): string {
  return room.startsWith("@") ? room : `#${room}`;
}

/** The other way round. */
export function onWire(to: string): string {
  return to.startsWith("#") ? to.slice(1) : to;
}
