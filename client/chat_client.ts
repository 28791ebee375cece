import { PROTOCOL } from "../protocol/limits.ts";
import type { Entry, Hello, Request } from "../protocol/schema.ts";
import { Backoff } from "./backoff.ts";
import { checked } from "./checked.ts";
import type { ClientEvent, Draft } from "./client_event.ts";
import { Connector } from "./connector.ts";
import { EventQueue } from "./event_queue.ts";
import { Inbox, onWire } from "./inbox.ts";
import { Outbox } from "./outbox.ts";
import { Refused } from "./refused.ts";
import { Requests } from "./requests.ts";
import type { Transport } from "./transport.ts";

export type { ClientEvent, Draft, RoomView } from "./client_event.ts";
export { Refused } from "./refused.ts";

/** How a {@linkcode ChatClient} reaches its server, and under which name. */
export interface ChatClientOptions {
  /** Opens a link; called for the first connection and for every one after it. */
  readonly dial: () => Promise<Transport>;
  readonly name: string;
  /** Of this program; told to the server. */
  readonly version: string;
  /** Spreads the attempts of many clients to come back: 0 up to, not including, 1. */
  readonly random?: () => number;
  readonly backoff?: { readonly minMs: number; readonly maxMs: number };
  /** Silence after which the link is tested with a ping, and the patience for its answer and for a `welcome`. */
  readonly pulse?: { readonly quietMs: number; readonly patienceMs: number };
}

/**
 * One person's side of the chat: knows the protocol, reconnects, resumes and keeps what is not acknowledged; draws
 * nothing. Front ends read {@linkcode ChatClient.events}.
 */
export class ChatClient implements AsyncDisposable {
  readonly #events = new EventQueue<ClientEvent>();
  readonly #connector: Connector;
  readonly #outbox = new Outbox((draft) => this.#send(asRequest(draft)));
  readonly #requests = new Requests((request) => this.#send(request));
  readonly #inbox: Inbox;
  readonly #version: string;

  constructor({ dial, name, version, random = Math.random, backoff, pulse }: ChatClientOptions) {
    this.#version = version;
    this.#inbox = new Inbox({
      name,
      outbox: this.#outbox,
      requests: this.#requests,
      emit: (event) => this.#emit(event),
      online: () => this.#connector.online(),
      refused: (error) => this.#connector.refused(error),
      breakLink: (why) => this.#connector.breakLink(why),
      useful: () => this.#connector.useful(),
    });
    this.#connector = new Connector({
      dial,
      backoff: new Backoff(backoff ?? { minMs: 500, maxMs: 30_000 }, random),
      pulse: pulse ?? { quietMs: 20_000, patienceMs: 10_000 },
      hello: () => this.#hello(),
      receive: (event) => this.#inbox.receive(event),
      roomy: () => this.#roomy(),
      nameRefused: (code, message) =>
        this.#emit({ kind: "nameRefused", name: this.#inbox.name, code, message }),
      lost: () => this.#lost(),
      emit: (event) => this.#emit(event),
      ended: (message) => this.#ended(message),
    });
  }

  /** What happens, in order, for one consumer; ends after `ended`. */
  get events(): AsyncIterable<ClientEvent> {
    return this.#events;
  }

  /** Connects, at once. */
  start(): void {
    this.#connector.start();
  }

  /** The name as asked for, and once signed in as the server wrote it. */
  get name(): string {
    return this.#inbox.name;
  }

  /** Who is in the rooms that this client is in; rooms without `#`. */
  get rooms(): ReadonlyMap<string, ReadonlySet<string>> {
    return this.#inbox.people.rooms;
  }

  /** Messages without an outcome yet, oldest first. */
  get pending(): readonly Draft[] {
    return this.#outbox.pending;
  }

  /** Who spoke, the latest first. */
  get speakers(): readonly string[] {
    return this.#inbox.people.speakers;
  }

  /** After `nameRefused`: tries again under another name. */
  rename(name: string): void {
    this.#inbox.name = name;
    this.#connector.greetAgain();
  }

  /** Queues a message to `"#room"` or `"@name"`; it is sent in order, and again until it has an outcome. */
  say(to: string, text: string): Draft {
    const draft = this.#outbox.draft(to, text);
    const no = this.#problem(draft);
    if (no) this.#emit({ kind: "refused", draft, code: no.code, message: no.message });
    else {
      this.#emit({ kind: "queued", draft });
      this.#outbox.add(draft);
    }
    return draft;
  }

  /** Enters a room; resolves with who is there. */
  async join(room: string): Promise<string[]> {
    return (await this.#requests.ask({ type: "join", room })).users ?? [];
  }

  /** Leaves a room. */
  async leave(room: string): Promise<void> {
    await this.#requests.ask({ type: "leave", room });
  }

  /** Who is in a room, or on the server. */
  async users(room?: string): Promise<string[]> {
    const users: string[] = [];
    let after: string | undefined;
    while (true) {
      const page = await this.#requests.ask({ type: "users", room, after });
      users.push(...page.users);
      if (page.next === undefined || page.users.length === 0) return users;
      after = page.next;
    }
  }

  /** The rooms there are. */
  async roomList(): Promise<{ room: string; users: number; seq: number }[]> {
    const rooms: { room: string; users: number; seq: number }[] = [];
    let after: string | undefined;
    while (true) {
      const page = await this.#requests.ask({ type: "rooms", after });
      rooms.push(...page.rooms);
      if (page.next === undefined || page.rooms.length === 0) return rooms;
      after = page.next;
    }
  }

  /** Earlier entries of `"#room"` or `"@name"`, oldest first: the last ones, or those before a `seq`. */
  async history(to: string, before?: number, limit?: number): Promise<Entry[]> {
    const asked = { type: "history", room: onWire(to), before, limit } as const;
    return (await this.#requests.ask(asked)).entries;
  }

  /** Resolves when every message said so far has an outcome; rejects with {@linkcode Refused} if the client ends first. */
  settled(): Promise<void> {
    return this.#outbox.settled();
  }

  /** Resolves when fewer than so many messages are without an outcome; rejects like {@linkcode settled}. */
  fewerPending(count: number): Promise<void> {
    return this.#outbox.fewerThan(count);
  }

  /** Says goodbye, so that the name is free at once, and ends. */
  bye(): Promise<void> {
    return this.#connector.bye();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.bye();
  }

  #hello(): Hello {
    const client = `chat/${this.#version}`;
    return this.#inbox.resume(checked({ type: "hello", protocol: PROTOCOL, name: this.name, client }));
  }

  /** What the server would answer to this draft, where it is known without asking. */
  #problem(draft: Draft): { readonly code: string; readonly message: string } | undefined {
    if (this.#connector.over) return { code: "ended", message: "The connection is closed" };
    if (this.#outbox.full) {
      return { code: "outbox_full", message: "Too many messages wait to be sent already" };
    }
    try {
      checked(asRequest(draft));
      return undefined;
    } catch (error) {
      if (error instanceof Refused) return error;
      throw error;
    }
  }

  /** Something is told while a promise is awaited that only reading on can fulfil: then never wait. */
  #roomy(): Promise<void> | undefined {
    if (!this.#events.full || this.#requests.size > 0 || this.#outbox.awaited) return undefined;
    return this.#events.roomy();
  }

  #send(request: Request): void {
    this.#connector.send(request);
  }

  #emit(event: ClientEvent): void {
    this.#events.push(event);
  }

  #lost(): void {
    this.#inbox.lost();
    this.#requests.shut();
    this.#outbox.shut();
  }

  #ended(message: string): void {
    this.#lost();
    this.#requests.end(message);
    this.#outbox.end(new Refused("ended", message));
    this.#events.end();
  }
}

function asRequest({ id, to, text }: Draft): Request {
  if (to.startsWith("@")) return { type: "whisper", to: to.slice(1), id, text, ref: id };
  return { type: "message", room: onWire(to), id, text, ref: id };
}
