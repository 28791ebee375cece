import type { Event, Hello } from "../protocol/schema.ts";
import type { ClientEvent, RoomView } from "./client_event.ts";
import { conversation } from "./conversation.ts";
import type { Cursors } from "./cursors.ts";
import type { Identity } from "./identity.ts";
import type { Keeping } from "./keeping.ts";
import type { Outbox } from "./outbox.ts";
import type { People } from "./people.ts";
import type { ReadMarks } from "./read_marks.ts";
import { Refused } from "./refused.ts";
import type { Requests } from "./requests.ts";
import type { Sealing } from "./sealing.ts";

/** The room that everybody enters. */
const LOBBY = "lobby";

type Welcome = Extract<Event, { type: "welcome" }>;

/** What a {@linkcode Homecoming} acts upon. */
export interface HomecomingOptions {
  readonly identity: Identity;
  readonly keeping: Keeping;
  readonly cursors: Cursors;
  readonly people: People;
  readonly marks: ReadMarks;
  readonly requests: Requests;
  readonly outbox: Outbox;
  readonly sealing: Sealing;
  readonly emit: (event: ClientEvent) => void;
  /** Signed in. */
  readonly online: () => void;
}

/** Takes up where the last connection ended, or the last process. */
export class Homecoming {
  /** Resolves when what was said goes out over this link. Never rejects. */
  settled: Promise<void> = Promise.resolve();
  readonly #options: HomecomingOptions;
  #first = true;
  /** What the last hello said this client has. */
  #told: Hello["resume"];
  /** Counts links: what was begun over an earlier one is not ended over this. */
  #link = 0;

  constructor(options: HomecomingOptions) {
    this.#options = options;
  }

  /** Adds to a hello what this client has of the logs. */
  resume(hello: Hello): Hello {
    this.#told = undefined;
    if (this.#options.identity.log === undefined) return hello;
    const whole = this.#options.cursors.resume(hello);
    this.#told = whole.resume;
    return whole;
  }

  /** The link is gone. */
  lost(): void {
    this.#link++;
  }

  welcomed(welcome: Welcome): void {
    const { name, session, server: { log }, limits, rooms: views, account, read = [], failures } = welcome;
    const { identity, cursors, people, marks, requests, emit, online } = this.#options;
    const first = this.#first;
    const known = identity.log === undefined || identity.log === log;
    // Everybody is brought to the lobby, also who had left it: that is undone. Other rooms of an account that are not
    // known here were entered on another of its devices.
    const wanted = ({ room }: RoomView) =>
      first || people.rooms.has(room) || requests.asks("join") || (account !== undefined && room !== LOBBY);
    const rooms = views.filter(wanted);
    const told = known ? this.#told ?? {} : {};
    this.#first = false;
    if (!known) {
      cursors.clear();
      marks.clear();
    }
    Object.assign(identity, {
      name,
      session,
      log,
      account,
      limits,
      owned: identity.owned || account !== undefined,
    });
    const kept = this.signedIn();
    for (const { room, seq } of read) marks.heard(conversation(room), seq);
    const missing = people.reset(rooms);
    online();
    emit({ kind: "online", name, rooms, first, log: known ? "same" : "new", account, read: marks.all });
    if (failures) {
      const tries = failures === 1 ? "a sign-in" : `${failures} sign-ins`;
      emit({
        kind: "notice",
        code: "auth",
        message: `since your last one ${tries} to your account did not end well`,
      });
    }
    for (const { room, seq } of rooms) {
      // What the server was told about, it sends by itself, unless it has less than this client.
      if (!Object.hasOwn(told, room) || told[room]! > seq) cursors.of(`#${room}`).reach(seq);
    }
    requests.open();
    if (account) {
      marks.open();
      this.#options.sealing.signedIn(name);
    }
    for (const room of missing) {
      if (account === undefined) void this.#comeBack(room);
      else this.#left(room); // on another device: nobody but the owner of an account takes it out of a room
    }
    for (const { room } of views) if (!people.rooms.has(room)) void this.#stayAway(room);
    for (const draft of this.#options.outbox.inherited()) emit({ kind: "queued", draft });
    this.settled = this.#resend(kept);
  }

  /** Writes down how to sign in the next time. Never rejects. */
  async signedIn(): Promise<void> {
    const { identity: { session, log, account, serverKey }, keeping } = this.#options;
    if (session === undefined || log === undefined) return;
    await keeping.signedIn({
      session,
      log,
      account: account !== undefined,
      ...serverKey === undefined ? {} : { serverKey },
    });
  }

  /**
   * Sends what has no outcome, once it is written down who sends it: who takes up from there must be the same sender.
   * Never rejects.
   */
  async #resend(kept: Promise<void>): Promise<void> {
    const { keeping, outbox } = this.#options;
    const link = this.#link;
    if (keeping.keeps) await kept;
    if (link === this.#link) outbox.open();
  }

  /** Enters a room again that the server did not bring this client back to. Never rejects. */
  async #comeBack(room: string): Promise<void> {
    try {
      await this.#options.requests.ask({ type: "join", room });
    } catch (error) {
      if (!(error instanceof Refused && error.code === "ended")) this.#left(room);
    }
  }

  /** This client is in a room no more. */
  #left(room: string): void {
    const { cursors, keeping, emit, identity } = this.#options;
    cursors.forget(`#${room}`);
    keeping.forget(`#${room}`);
    emit({ kind: "left", room, user: identity.name });
  }

  /** Leaves a room again that this client had left. Never rejects. */
  async #stayAway(room: string): Promise<void> {
    try {
      await this.#options.requests.ask({ type: "leave", room }, { again: false });
    } catch { /* the link broke: the next welcome says where this client is */ }
  }
}
