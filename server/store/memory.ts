import type { Appended, Draft, Extent, Range, Store, Stored } from "./store.ts";

/** How many entries of a conversation are kept. */
const KEEP = 10_000;

/** Keeps the last entries of every conversation, and the ids of exactly those, for as long as the process lives. */
export class MemoryStore implements Store {
  readonly incarnation = crypto.randomUUID().replaceAll("-", "");
  readonly #keep: number;
  readonly #logs = new Map<string, Ring>();
  /** What each sender's ids stand for. */
  readonly #ids = new Map<string, Map<string, Stored>>();

  constructor({ keep = KEEP } = {}) {
    this.#keep = keep;
  }

  append(drafts: readonly Draft[]): Promise<readonly Appended[]> {
    return Promise.resolve(drafts.map((draft) => this.#append(draft)));
  }

  extent(conversation: string): Promise<Extent> {
    const log = this.#logs.get(conversation);
    return Promise.resolve(log ? { head: log.head, floor: log.floor } : { head: 0, floor: 0 });
  }

  read(
    conversation: string,
    { after = 0, before = Infinity, limit, last }: Range,
  ): Promise<readonly Stored[]> {
    const log = this.#logs.get(conversation);
    if (!log) return Promise.resolve([]);
    let from = Math.max(after + 1, log.floor);
    let end = Math.min(before, log.head + 1);
    if (last) from = Math.max(from, end - limit);
    else end = Math.min(end, from + limit);
    return Promise.resolve(Array.from({ length: Math.max(0, end - from) }, (_, i) => log.at(from + i)));
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#logs.clear();
    this.#ids.clear();
    return Promise.resolve();
  }

  #append(draft: Draft): Appended {
    const { conversation, from, sender, id, text, at } = draft;
    const ids = this.#ids.getOrInsertComputed(sender, () => new Map());
    const before = ids.get(id);
    if (before) return { entry: before, duplicate: true };
    const log = this.#logs.getOrInsertComputed(conversation, () => new Ring(this.#keep));
    const entry = { conversation, seq: log.head + 1, at: Math.max(at, log.latest), from, sender, id, text };
    const pushedOut = log.push(entry);
    ids.set(id, entry);
    if (pushedOut) this.#forget(pushedOut);
    return { entry, duplicate: false };
  }

  #forget({ sender, id }: Stored): void {
    const ids = this.#ids.get(sender);
    ids?.delete(id);
    if (ids?.size === 0) this.#ids.delete(sender);
  }
}

/** The newest entries of one conversation, found by seq. */
class Ring {
  readonly #keep: number;
  readonly #entries: Stored[] = [];
  head = 0;
  latest = 0;

  constructor(keep: number) {
    this.#keep = keep;
  }

  get floor(): number {
    return this.head - this.#entries.length + 1;
  }

  at(seq: number): Stored {
    return this.#entries[(seq - 1) % this.#keep]!;
  }

  /** Returns the entry that had to go. */
  push(entry: Stored): Stored | undefined {
    const place = this.head % this.#keep;
    const old = this.#entries[place];
    this.#entries[place] = entry;
    this.head = entry.seq;
    this.latest = entry.at;
    return old;
  }
}
