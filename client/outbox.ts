import type { Request } from "../protocol/schema.ts";
import type { Draft } from "./client_event.ts";
import { type Item, itemOf } from "./outbox_item.ts";
import { Refused } from "./refused.ts";
import { Waiters } from "./waiters.ts";

/** Messages on their way at the same time. */
const WINDOW = 32;
/** Messages without an outcome; more are refused, visibly. */
const MOST = 10_000;
/** Of randomness before the number in each id: enough that no two runs of a program share it. */
const PREFIX_BYTES = 9;
/** So long is that number, that what is sealed does not tell by its length how much was said before. */
const NUMBER_DIGITS = 7;

/** How often in a row a message is prepared anew without a pause, and the longest pause after that. */
const STALE_AT_ONCE = 3;
const MOST_WAIT_MS = 30_000;

/** What an {@linkcode Outbox} acts upon. */
export interface OutboxOptions {
  /** How a draft is sent; a promise does not reject, but may come to a refusal. */
  readonly prepare: (draft: Draft) => Request | Promise<Request | Refused>;
  readonly send: (request: Request) => void;
  /** A draft will never be sent. */
  readonly refused: (draft: Draft, why: Refused) => void;
}

/** What was said and has no outcome yet: sent in order, few at a time, and again until there is one. */
export class Outbox {
  readonly #items = new Map<string, Item>();
  readonly #prefix = prefix();
  readonly #options: OutboxOptions;
  readonly #waiters = new Waiters();
  #settling = 0;
  /** The last draft that is being put on disk. */
  #keeping: Promise<void> | undefined;
  #said = 0;
  #flying = 0;
  #open = false;
  /** Set while the server asked for a pause; nothing is sent until it and everything in flight is over. */
  #pause: { until: number; timer: ReturnType<typeof setTimeout> } | undefined;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  get pending(): Draft[] {
    return Array.from(this.#items.values(), ({ draft }) => draft);
  }

  get full(): boolean {
    return this.#items.size >= MOST;
  }

  /** Makes a draft with an id of its own; {@linkcode add} queues it. */
  draft(to: string, text: string, more: Partial<Pick<Draft, "id" | "plain" | "file">> = {}): Draft {
    const number = String(++this.#said).padStart(NUMBER_DIGITS, "0");
    return { id: `${this.#prefix}-${number}`, to, text, ...more };
  }

  /** Queues a draft; it, and so what comes after it, is sent when `kept` has resolved. */
  add(draft: Draft, kept?: Promise<void>): void {
    const item = itemOf(draft, { number: this.#said, ready: kept === undefined });
    this.#items.set(draft.id, item);
    if (kept) void this.#await(item, kept);
    else this.#pump();
  }

  /** What an earlier process said comes before anything else. */
  restore(drafts: readonly Draft[]): void {
    const later = [...this.#items];
    this.#items.clear();
    for (const draft of drafts) {
      this.#items.set(draft.id, { ...itemOf(draft, { number: 0, ready: true }), untold: true, tries: 1 });
    }
    for (const [id, item] of later) this.#items.set(id, item);
  }

  /** What an earlier process has left, and nobody was told of yet. */
  inherited(): Draft[] {
    const untold = this.#items.values().filter(({ untold }) => untold).toArray();
    for (const item of untold) item.untold = false;
    return untold.map(({ draft }) => draft);
  }

  /** Gives up everything: what was never sent, and what was sent but may not have arrived. */
  empty(): { readonly unsent: Draft[]; readonly uncertain: Draft[] } {
    this.shut();
    const told = this.#items.values().filter(({ untold }) => !untold).toArray();
    this.#items.clear();
    this.#waiters.tell();
    return {
      unsent: told.flatMap(({ draft, tries }) => tries === 0 ? [draft] : []),
      uncertain: told.flatMap(({ draft, tries }) => tries > 0 ? [draft] : []),
    };
  }

  /** Resolves when everything said so far may be sent. */
  async ready(): Promise<void> {
    await this.#keeping;
  }

  /** A link is up: everything without an outcome goes out over it, in order. */
  open(): void {
    this.shut();
    this.#open = true;
    this.#pump();
  }

  /** The link is gone. */
  shut(): void {
    this.#open = false;
    this.#unpause();
    this.#flying = 0;
    for (const item of this.#items.values()) item.flying = false;
  }

  has(id: string): boolean {
    return this.#items.has(id);
  }

  draftOf(id: string): Draft | undefined {
    return this.#items.get(id)?.draft;
  }

  /** A message has its outcome; says whether it had been sent more than once. */
  outcome(id: string): { readonly draft: Draft; readonly again: boolean } | undefined {
    const item = this.#items.get(id);
    if (item === undefined) return undefined;
    this.#items.delete(id);
    this.#land(item);
    this.#waiters.tell();
    this.#pump();
    return { draft: item.draft, again: item.tries > 1 };
  }

  /**
   * The server takes this message only later, and so those after it: everything pauses, and goes on from the first one
   * without an outcome when all that is in flight has been answered, so that the order is kept.
   */
  later(id: string, ms: number): void {
    const item = this.#items.get(id);
    if (item === undefined) return;
    this.#land(item);
    const until = Math.max(performance.now() + ms, this.#pause?.until ?? 0);
    this.#unpause();
    this.#pause = { until, timer: setTimeout(() => this.#pump(), until - performance.now() + 1) };
  }

  /** What it was prepared for is no longer so: it is prepared anew, and sent again; the more often, the later. */
  stale(id: string): void {
    const item = this.#items.get(id);
    if (item === undefined) return;
    item.request = undefined;
    const ms = item.stale++ < STALE_AT_ONCE ? 0 : Math.min(MOST_WAIT_MS, 250 * 2 ** item.stale);
    this.later(id, ms);
  }

  /** Resolves when everything said so far has an outcome. */
  async settled(): Promise<void> {
    this.#settling++;
    const last = this.#said;
    await this.#waiters.until(() => (this.#items.values().next().value?.number ?? Infinity) > last)
      .finally(() => this.#settling--);
  }

  /** Resolves when fewer than so many messages are without an outcome. */
  async fewerThan(count: number): Promise<void> {
    await this.#waiters.until(() => this.#items.size < count);
  }

  /** Somebody waits for everything to have an outcome. */
  get awaited(): boolean {
    return this.#settling > 0;
  }

  /** Nothing will be sent any more. */
  end(why: Error): void {
    this.shut();
    this.#waiters.end(why);
  }

  #pump(): void {
    if (!this.#open) return;
    if (this.#pause) {
      if (this.#flying > 0 || performance.now() < this.#pause.until) return;
      this.#unpause();
    }
    if (this.#flying >= WINDOW) return;
    for (const item of this.#items.values()) {
      if (item.flying) continue;
      if (!item.ready || item.preparing) return;
      const request = item.request ??= this.#prepared(item);
      if (request === undefined) return;
      item.flying = true;
      item.tries++;
      this.#flying++;
      this.#options.send(request);
      if (this.#flying >= WINDOW) return;
    }
  }

  /** The request, or nothing where it takes a while: then the rest waits, too. */
  #prepared(item: Item): Request | undefined {
    const prepared = this.#options.prepare(item.draft);
    if (!(prepared instanceof Promise)) return prepared;
    item.preparing = true;
    void this.#prepare(item, prepared);
    return undefined;
  }

  /** Never rejects. */
  async #prepare(item: Item, prepared: Promise<Request | Refused>): Promise<void> {
    const request = await prepared;
    item.preparing = false;
    if (this.#items.get(item.draft.id) !== item) return;
    if (!(request instanceof Refused)) {
      item.request = request;
      return this.#pump();
    }
    if (request.code === "offline" || request.code === "ended") return; // the next link tries again
    this.outcome(item.draft.id);
    this.#options.refused(item.draft, request);
  }

  /** Never rejects. */
  async #await(item: Item, kept: Promise<void>): Promise<void> {
    await (this.#keeping = kept);
    item.ready = true;
    this.#pump();
  }

  #land(item: Item): void {
    if (item.flying) this.#flying--;
    item.flying = false;
  }

  #unpause(): void {
    clearTimeout(this.#pause?.timer);
    this.#pause = undefined;
  }
}

function prefix(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(PREFIX_BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
