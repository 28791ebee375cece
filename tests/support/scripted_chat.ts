import type { ClientEvent, DeviceView, Draft } from "../../client/chat_client.ts";
import { EventQueue } from "../../client/event_queue.ts";
import type { Chat } from "../../client/terminal/front.ts";
import type { Entry } from "../../client/entry.ts";

type Page = Awaited<ReturnType<Chat["historyPage"]>>;

/** A library that does what a test says, and writes down what it was asked for. */
export class ScriptedChat implements Chat {
  readonly events = new EventQueue<ClientEvent>();
  readonly rooms = new Map<string, Set<string>>([["lobby", new Set(["ada"])]]);
  readonly pending: Draft[] = [];
  readonly keys = undefined;
  readonly files = undefined;
  readonly speakers: string[] = [];
  name = "ada";
  /** What it was asked for, as `register geheim`. */
  readonly calls: string[] = [];
  /** Conversations by name, oldest entry first. */
  readonly logs = new Map<string, Entry[]>();
  /** What is answered instead of entries that have expired. */
  expired: number | undefined;
  devicesThere: DeviceView[] = [];
  found: Entry[] = [];
  /** Held back until it resolves: whatever a page is asked of. */
  gate: Promise<void> = Promise.resolve();
  /** The next request rejects with this. */
  refusal: Error | undefined;

  start(): void {}

  rename(name: string): void {
    this.#note("rename", name);
  }

  say(to: string, text: string): Draft {
    this.#note("say", to, text);
    return { id: `d${this.calls.length}`, to, text };
  }

  join(room: string): Promise<string[]> {
    this.rooms.set(room, new Set(["ada"]));
    return this.#answer(["ada"], "join", room);
  }

  leave(room: string): Promise<void> {
    this.rooms.delete(room);
    return this.#answer(undefined, "leave", room);
  }

  users(): Promise<string[]> {
    return this.#answer(["ada"], "users");
  }

  roomList(): Promise<{ room: string; users: number; seq: number }[]> {
    return this.#answer([], "rooms");
  }

  async historyPage(to: string, { before = Infinity, limit = 50 } = {}): Promise<Page> {
    await this.gate;
    const older = (this.logs.get(to) ?? []).filter(({ seq }) => seq < before);
    const page = { entries: older.slice(-limit), more: older.length > limit };
    return await this.#answer(this.expired ? { ...page, expired: this.expired } : page, "history", to);
  }

  signIn(password: string): void {
    this.#note("signIn", password);
  }

  register(password: string, { claim }: { readonly claim?: string } = {}): Promise<"member" | "owner"> {
    return this.#answer(claim ? "owner" : "member", "register", password, ...claim ? [claim] : []);
  }

  changePassword(old: string, fresh: string): Promise<void> {
    return this.#answer(undefined, "changePassword", old, fresh);
  }

  unregister(password: string): Promise<void> {
    return this.#answer(undefined, "unregister", password);
  }

  devices(): Promise<DeviceView[]> {
    return this.#answer(this.devicesThere, "devices");
  }

  revoke(device: number): Promise<void> {
    return this.#answer(undefined, "revoke", String(device));
  }

  search(what: object): ReturnType<Chat["search"]> {
    return this.#answer({ entries: this.found, more: this.found.length > 1 }, "search", JSON.stringify(what));
  }

  shown(to: string, seq: number): void {
    this.#note("shown", to, String(seq));
  }

  read(to: string, seq: number): void {
    this.#note("read", to, String(seq));
  }

  settled(): Promise<void> {
    return Promise.resolve();
  }

  bye(): Promise<void> {
    this.events.end();
    return this.#answer(undefined, "bye");
  }

  #note(...words: string[]): void {
    this.calls.push(words.join(" "));
  }

  async #answer<T>(answer: T, ...words: string[]): Promise<T> {
    this.#note(...words);
    const refusal = this.refusal;
    this.refusal = undefined;
    if (refusal !== undefined) throw refusal;
    return await Promise.resolve(answer);
  }
}
