import type { Entry as Sent, Event } from "../protocol/schema.ts";
import type { ClientEvent, Draft } from "./client_event.ts";
import { conversation } from "./conversation.ts";
import type { Cursors } from "./cursors.ts";
import type { Entry } from "./entry.ts";
import type { Greeter } from "./greeter.ts";
import type { Homecoming } from "./homecoming.ts";
import type { Identity } from "./identity.ts";
import type { Keeping } from "./keeping.ts";
import type { Outbox } from "./outbox.ts";
import type { People } from "./people.ts";
import type { ReadMarks } from "./read_marks.ts";
import type { Opener } from "./opener.ts";
import { Receipts } from "./receipts.ts";
import { Refused } from "./refused.ts";
import type { Requests } from "./requests.ts";

type Of<T extends Event["type"]> = Extract<Event, { type: T }>;

/** Refusals that are no outcome: the same message is taken later. */
const LATER = new Set(["rate", "store_busy", "store_full", "shutting_down"]);
const LATER_MS = 1_000;

/** What an {@linkcode Inbox} acts upon. */
export interface InboxOptions {
  readonly identity: Identity;
  readonly keeping: Keeping;
  readonly greeter: Greeter;
  readonly homecoming: Homecoming;
  readonly cursors: Cursors;
  readonly people: People;
  readonly marks: ReadMarks;
  readonly outbox: Outbox;
  readonly requests: Requests;
  /** What is not ready yet keeps what comes after it waiting. */
  readonly emit: (event: ClientEvent | Promise<ClientEvent>) => void;
  /** Opens what is sealed. */
  readonly opener: Opener;
  /** An entry is to be shown that offers a file: resolves when it may be, with what tells of the offer. */
  readonly heard: (entry: ClientEvent & { kind: "entry" }) => Promise<() => void>;
  /** Somebody has fetched a file of one's own. */
  readonly fetched: (file: string, user: string) => void;
  /** Deals with an error that is about the connection itself; says whether it was one. */
  readonly refused: (error: Of<"error">) => boolean;
  /** A message was refused, and will not be sent. */
  readonly unsaid: (draft: Draft, why: Refused) => void;
  /** The account was given up. */
  readonly gone: () => void;
  /** A message got its outcome, or a file its way. */
  readonly useful: () => void;
  /** What was sealed for somebody was sealed for other keys than there are. */
  readonly staleKeys: (to: string) => void;
}

/** Understands what the server tells: keeps track of it, and turns it into events for the front end. */
export class Inbox {
  readonly #options: InboxOptions;
  readonly #receipts = new Receipts();

  constructor(options: InboxOptions) {
    this.#options = options;
  }

  receive(event: Event): void {
    switch (event.type) {
      case "welcome":
        this.#options.homecoming.welcomed(event);
        return this.#options.greeter.welcomed();
      case "message":
      case "whisper":
        return this.#entry(event);
      case "joined":
        return this.#joined(event);
      case "left":
        return this.#left(event);
      case "receipt":
        return this.#receipt(event);
      case "read":
        return this.#read(event);
      case "gap":
        return this.#gap(event);
      case "login":
      case "register":
      case "enrolled":
        if (!this.#options.greeter.answer(event)) this.#options.requests.answer(event);
        return;
      case "users":
      case "rooms":
      case "history":
      case "found":
      case "devices":
      case "revoked":
      case "published":
      case "keys":
      case "key_log":
      case "vault":
      case "archive":
      case "withdrawn":
        this.#options.requests.answer(event);
        return;
      case "upload":
      case "download":
        this.#options.requests.answer(event);
        return this.#options.useful();
      case "unregistered":
        if (this.#options.requests.answer(event)) this.#options.gone();
        return;
      case "error":
        return this.#error(event);
      case "fetched":
        return this.#fetched(event);
      case "transfer":
      case "stored":
      case "ping":
      case "pong":
        return; // the link sees to these
      default:
        return event satisfies never;
    }
  }

  /** An entry in its place is on its way to the front end. */
  show(to: string, sent: Sent): void {
    const { identity, people, emit, opener } = this.#options;
    const mine = sent.from === identity.name;
    if (!mine) people.spoke(sent.from);
    else if (sent.type === "whisper") this.#receipts.await(sent);
    const open = opener.open(sent);
    if (open instanceof Promise) emit(open.then((entry) => this.#shown(to, entry, mine)));
    else emit(this.#shown(to, open, mine));
  }

  #shown(to: string, entry: Entry, mine: boolean): ClientEvent | Promise<ClientEvent> {
    const shown = { kind: "entry", to, entry, mine } as const;
    if (entry.file === undefined) return shown;
    return this.#options.heard(shown).then((tell) => {
      tell(); // behind this, which has its place already
      return shown;
    });
  }

  #entry(entry: Sent): void {
    const { identity: { name }, outbox, keeping, useful } = this.#options;
    const outcome = entry.from === name ? outbox.outcome(entry.id) : undefined;
    this.#take(entry, { apart: outcome?.again === true });
    if (outcome === undefined) return;
    keeping.done(entry.id); // only now that its place is known, from which it is shown again if need be
    useful();
  }

  #take(entry: Sent, { apart }: { readonly apart: boolean }): void {
    const { identity: { name }, people, cursors } = this.#options;
    if (entry.type === "message") {
      if (people.rooms.has(entry.room)) cursors.of(`#${entry.room}`).take(entry, { apart });
    } else if (entry.from === name) cursors.of(`@${entry.to}`).take(entry, { apart });
    else if (entry.to === name) cursors.of(`@${entry.from}`).take(entry, { apart });
  }

  #gap({ room, from, to: until, why }: Of<"gap">): void {
    const { cursors, keeping, emit } = this.#options;
    const to = conversation(room);
    const seq = cursors.seq(to);
    if (why === "not_yours" && seq !== undefined && from <= seq && seq <= until) {
      // All that was had here was another one's, or is not known any more: the conversation begins with what comes.
      cursors.forget(to);
      keeping.forget(to);
      emit({ kind: "gap", to, from, until, why });
    } else cursors.of(to).skip(from, until, why);
  }

  #fetched(event: Of<"fetched">): void {
    if (!this.#options.requests.answer(event)) this.#options.fetched(event.file, event.user);
  }

  #receipt({ with: other, seq, status }: Of<"receipt">): void {
    const id = this.#receipts.take({ with: other, seq, status });
    this.#options.emit({ kind: "receipt", with: other, seq, id, status });
  }

  #read({ room, seq }: Of<"read">): void {
    const to = conversation(room);
    if (this.#options.marks.heard(to, seq)) this.#options.emit({ kind: "read", to, seq });
  }

  #joined(event: Of<"joined">): void {
    const { identity, people, cursors, emit, requests } = this.#options;
    const { room, user, users, seq } = event;
    if (user === identity.name && users !== undefined) {
      const news = !people.rooms.has(room);
      people.enter(room, users);
      if (news && seq !== undefined) cursors.of(`#${room}`).reach(seq);
      if (news) emit({ kind: "joined", room, user });
    } else if (people.joined(room, user)) emit({ kind: "joined", room, user });
    requests.answer(event);
  }

  #left(event: Of<"left">): void {
    const { identity, people, cursors, keeping, emit, requests } = this.#options;
    const { room, user } = event;
    if (user === identity.name) {
      if (people.exit(room)) emit({ kind: "left", room, user });
      cursors.forget(`#${room}`);
      keeping.forget(`#${room}`);
    } else if (people.left(room, user)) emit({ kind: "left", room, user });
    requests.answer(event);
  }

  #stale(id: string): void {
    const { outbox, staleKeys } = this.#options;
    staleKeys(outbox.draftOf(id)!.to);
    outbox.stale(id);
  }

  #error(error: Of<"error">): void {
    const { refused, unsaid, outbox, requests, emit } = this.#options;
    const { code, message, ref, retry_ms } = error;
    if (refused(error)) return;
    if (ref !== undefined && outbox.has(ref)) {
      if (code === "stale_keys") return this.#stale(ref);
      if (LATER.has(code)) return outbox.later(ref, retry_ms ?? LATER_MS);
      const { draft } = outbox.outcome(ref)!;
      return unsaid(draft, new Refused(code, message));
    }
    if (!requests.refuse(ref, new Refused(code, message, retry_ms))) emit({ kind: "notice", code, message });
  }
}
