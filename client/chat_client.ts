import type { DeviceView } from "../protocol/schema.ts";
import type { ChatClientOptions } from "./chat_client_options.ts";
import type { ClientEvent, Draft, Role } from "./client_event.ts";
import { onWire } from "./conversation.ts";
import type { Entry } from "./entry.ts";
import { Engine } from "./engine.ts";
import type { Transfers } from "./files/transfers.ts";
import type { Keys } from "./keys/keys.ts";
import { preparePassword } from "./pake/password.ts";

export type { DeviceView } from "../protocol/schema.ts";
export type { ChatClientOptions } from "./chat_client_options.ts";
export type { ClientEvent, Draft, Role, RoomView } from "./client_event.ts";
export { Refused } from "./refused.ts";

/** What to search for; all that is given must hold. */
export interface Search {
  readonly text?: string | undefined;
  readonly from?: string | undefined;
  /** `"#room"` or `"@name"`. */
  readonly to?: string | undefined;
  /** RFC 3339. */
  readonly since?: string | undefined;
  readonly limit?: number | undefined;
}

/** A page of earlier entries, oldest first. `expired`: those up to this seq are kept no more. */
export interface HistoryPage {
  readonly entries: Entry[];
  readonly more: boolean;
  readonly expired?: number;
}

/**
 * One person's side of the chat: knows the protocol, reconnects, resumes and keeps what is not acknowledged; draws
 * nothing. Front ends read {@linkcode ChatClient.events}. Whatever is asked of the server rejects with `Refused`.
 */
export class ChatClient implements AsyncDisposable {
  readonly #engine: Engine;

  constructor(options: ChatClientOptions) {
    this.#engine = new Engine(options);
  }

  /** What happens, in order, for one consumer; ends after `ended`. */
  get events(): AsyncIterable<ClientEvent> {
    return this.#engine.events;
  }

  /** Connects, at once. */
  start(): void {
    this.#engine.connector.start();
  }

  /** The name as asked for, and once signed in as the server wrote it. */
  get name(): string {
    return this.#engine.identity.name;
  }

  /** Who is in the rooms that this client is in; rooms without `#`. */
  get rooms(): ReadonlyMap<string, ReadonlySet<string>> {
    return this.#engine.people.rooms;
  }

  /** Messages without an outcome yet, oldest first. */
  get pending(): readonly Draft[] {
    return this.#engine.outbox.pending;
  }

  /** Who spoke, the latest first. */
  get speakers(): readonly string[] {
    return this.#engine.people.speakers;
  }

  /**
   * After `nameRefused` or `passwordWanted`: tries again under another name. What was never sent goes along; what may
   * have been sent comes back as `refused`, with the code `renamed`.
   */
  rename(name: string): void {
    void this.#engine.rename(name);
  }

  /**
   * After `passwordWanted`: signs in with the password. What comes of it is told by the next event. Throws `Refused`
   * where nobody can have such a password; the question stands then.
   */
  signIn(typed: string): void {
    const { greeter, connector } = this.#engine;
    const password = preparePassword(typed);
    if (!connector.asking) return;
    greeter.signIn(password);
    connector.greetAgain();
  }

  /**
   * Makes this name an account: after `passwordWanted`, when the question stands if it is refused, or online as a guest.
   * `claim`: the owner code of the server.
   */
  async register(typed: string, { claim }: { readonly claim?: string | undefined } = {}): Promise<Role> {
    const { greeter, connector, accounts } = this.#engine;
    if (!connector.asking) return await accounts.register(typed, claim);
    const registered = greeter.register(preparePassword(typed, { fresh: true }), claim);
    connector.greetAgain();
    return await registered;
  }

  /** A new password; all other devices have to sign in anew. */
  async changePassword(old: string, fresh: string): Promise<void> {
    await this.#engine.accounts.changePassword(old, fresh);
  }

  /** Gives the account up, and ends. */
  async unregister(password: string): Promise<void> {
    await this.#engine.accounts.unregister(password);
  }

  /** The devices that may sign in to this account without the password. */
  async devices(): Promise<DeviceView[]> {
    return await this.#engine.accounts.devices();
  }

  /** Ends a device's connections; it needs the password from then on. */
  async revoke(device: number): Promise<void> {
    await this.#engine.accounts.revoke(device);
  }

  /** The files that are sent and offered, where this client has any. */
  get files(): Transfers | undefined {
    return this.#engine.files;
  }

  /** The keys of accounts, where this client has some. */
  get keys(): Keys | undefined {
    return this.#engine.sealing.keys;
  }

  /** Queues a message to `"#room"` or `"@name"`; it is sent in order, and again until it has an outcome. */
  say(to: string, text: string, more: Pick<Draft, "plain"> = {}): Draft {
    return this.#engine.say(to, text, more);
  }

  /** An entry, or a gap up to here, is on the screen: it will not be told again, not even to the next process. */
  shown(to: string, seq: number): void {
    const { cursors, keeping } = this.#engine;
    const place = cursors.seq(to);
    // What the server has lost was shown, too, but is numbered anew.
    if (place !== undefined) keeping.seen(to, Math.min(seq, place));
  }

  /** The person has read the conversation up to here; other devices are told. */
  read(to: string, seq: number): void {
    this.#engine.marks.read(to, seq);
  }

  /** Enters a room; resolves with who is there. */
  async join(room: string): Promise<string[]> {
    return (await this.#engine.requests.ask({ type: "join", room })).users ?? [];
  }

  /** Leaves a room. */
  async leave(room: string): Promise<void> {
    await this.#engine.requests.ask({ type: "leave", room });
  }

  /** Who is in a room, or on the server. */
  async users(room?: string): Promise<string[]> {
    const users: string[] = [];
    let after: string | undefined;
    while (true) {
      const page = await this.#engine.requests.ask({ type: "users", room, after });
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
      const page = await this.#engine.requests.ask({ type: "rooms", after });
      rooms.push(...page.rooms);
      if (page.next === undefined || page.rooms.length === 0) return rooms;
      after = page.next;
    }
  }

  /** Earlier entries of `"#room"` or `"@name"`, oldest first: the last ones, or those before a `seq`. */
  async history(to: string, before?: number, limit?: number): Promise<Entry[]> {
    return (await this.historyPage(to, { before, limit })).entries;
  }

  /** One page of earlier entries, as `history`. `expired`: those up to this seq are kept no more. */
  async historyPage(
    to: string,
    { before, limit }: { readonly before?: number | undefined; readonly limit?: number | undefined } = {},
  ): Promise<HistoryPage> {
    const { requests, opener, files } = this.#engine;
    const asked = { type: "history", room: onWire(to), before, limit } as const;
    const { entries: sent, more, expired } = await requests.ask(asked);
    const entries = await opener.openAll(sent);
    for (const entry of entries) (await files?.heard({ to, entry, mine: entry.from === this.name }))?.();
    return { entries, more, ...expired === undefined ? {} : { expired } };
  }

  /** Entries that match, the newest first. */
  async search(
    { text, from, to, since, limit }: Search,
  ): Promise<{ readonly entries: Entry[]; readonly more: boolean }> {
    const room = to === undefined ? undefined : onWire(to);
    const asked = { type: "search", text, from, room, since, limit } as const;
    const { entries, more } = await this.#engine.requests.ask(asked);
    return { entries: await this.#engine.opener.openAll(entries), more };
  }

  /** Resolves when every message said so far has an outcome; rejects with {@linkcode Refused} if the client ends first. */
  settled(): Promise<void> {
    return this.#engine.outbox.settled();
  }

  /** Resolves when fewer than so many messages are without an outcome; rejects like {@linkcode settled}. */
  fewerPending(count: number): Promise<void> {
    return this.#engine.outbox.fewerThan(count);
  }

  /** Resolves when all that has come by now was read from the events, and dealt with. */
  dealtWith(): Promise<void> {
    return this.#engine.events.dealtWith();
  }

  /** Says goodbye, so that the name is free at once, and ends. */
  bye(): Promise<void> {
    return this.#engine.bye();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.bye();
  }
}
