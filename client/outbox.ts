import type { Draft } from "./client_event.ts";

/** Messages on their way at the same time. */
const WINDOW = 32;
/** Messages without an outcome; more are refused, visibly. */
const MOST = 10_000;
/** Of randomness before the number in each id: enough that no two runs of a program share it. */
const PREFIX_BYTES = 9;

interface Item {
  readonly draft: Draft;
  readonly number: number;
  /** It may be sent: it is kept on disk, or cannot be. */
  ready: boolean;
  /** An earlier process has left it, and nobody was told of it yet. */
  untold: boolean;
  /** On its way over the present link. */
  flying: boolean;
  /** How often it was sent, over all links. */
  tries: number;
}

/** What was said and has no outcome yet: sent in order, few at a time, and again until there is one. */
export class Outbox {
  readonly #items = new Map<string, Item>();
  readonly #prefix = prefix();
  readonly #send: (draft: Draft) => void;
  #waiters: { readonly reached: () => boolean; readonly done: PromiseWithResolvers<void> }[] = [];
  #settling = 0;
  /** The last draft that is being put on disk. */
  #keeping: Promise<void> | undefined;
  /** Why nothing will be sent any more. */
  #over: Error | undefined;
  #said = 0;
  #flying = 0;
  #open = false;
  /** Set while the server asked for a pause; nothing is sent until it and everything in flight is over. */
  #pause: { until: number; timer: ReturnType<typeof setTimeout> } | undefined;

  constructor(send: (draft: Draft) => void) {
    this.#send = send;
  }

  get pending(): Draft[] {
    return Array.from(this.#items.values(), ({ draft }) => draft);
  }

  get full(): boolean {
    return this.#items.size >= MOST;
  }

  /** Makes a draft with an id of its own; {@linkcode add} queues it. */
  draft(to: string, text: string): Draft {
    return { id: `${this.#prefix}-${++this.#said}`, to, text };
  }

  /** Queues a draft; it, and so what comes after it, is sent when `kept` has resolved. */
  add(draft: Draft, kept?: Promise<void>): void {
    const item = {
      draft,
      number: this.#said,
      ready: kept === undefined,
      untold: false,
      flying: false,
      tries: 0,
    };
    this.#items.set(draft.id, item);
    if (kept) void this.#await(item, kept);
    else this.#pump();
  }

  /** What an earlier process said comes before anything else. */
  restore(drafts: readonly Draft[]): void {
    const later = [...this.#items];
    this.#items.clear();
    for (const draft of drafts) {
      this.#items.set(draft.id, { draft, number: 0, ready: true, untold: true, flying: false, tries: 1 });
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
    this.#tellWaiters();
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

  /** A message has its outcome; says whether it had been sent more than once. */
  outcome(id: string): { readonly draft: Draft; readonly again: boolean } | undefined {
    const item = this.#items.get(id);
    if (item === undefined) return undefined;
    this.#items.delete(id);
    this.#land(item);
    this.#tellWaiters();
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

  /** Resolves when everything said so far has an outcome. */
  async settled(): Promise<void> {
    this.#settling++;
    const last = this.#said;
    await this.#until(() => (this.#items.values().next().value?.number ?? Infinity) > last)
      .finally(() => this.#settling--);
  }

  /** Resolves when fewer than so many messages are without an outcome. */
  async fewerThan(count: number): Promise<void> {
    await this.#until(() => this.#items.size < count);
  }

  /** Somebody waits for everything to have an outcome. */
  get awaited(): boolean {
    return this.#settling > 0;
  }

  /** Nothing will be sent any more. */
  end(why: Error): void {
    this.shut();
    this.#over = why;
    for (const { done } of this.#waiters.splice(0)) done.reject(why);
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
      if (!item.ready) return;
      item.flying = true;
      item.tries++;
      this.#flying++;
      this.#send(item.draft);
      if (this.#flying >= WINDOW) return;
    }
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

  async #until(reached: () => boolean): Promise<void> {
    if (reached()) return;
    if (this.#over) throw this.#over;
    const done = Promise.withResolvers<void>();
    this.#waiters.push({ reached, done });
    await done.promise;
  }

  #tellWaiters(): void {
    this.#waiters = this.#waiters.filter(({ reached, done }) => {
      if (reached()) done.resolve();
      return !reached();
    });
  }
}

function prefix(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(PREFIX_BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
