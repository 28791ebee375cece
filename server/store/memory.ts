import { MemoryKeys } from "./memory_keys.ts";
import { MemoryLog } from "./memory_log.ts";
import { MemoryPeople } from "./memory_people.ts";
import { occurs, phrases, words } from "./search_words.ts";
import type { Appended, Draft, Extent, Query, Range, Store, Stored } from "./store.ts";

/** How many entries of a conversation are kept. */
const KEEP = 10_000;

/** Keeps the last entries of every conversation, and the ids of exactly those, for as long as the process lives. */
export class MemoryStore implements Store {
  readonly incarnation = crypto.randomUUID().replaceAll("-", "");
  readonly keys = new MemoryKeys();
  readonly people = new MemoryPeople({
    head: (conversation) => this.#logs.get(conversation)?.head ?? 0,
    after: (conversation, seq) => this.#after(conversation, seq),
    keys: () => this.#logs.keys(),
  }, this.keys);
  readonly #keep: number;
  readonly #logs = new Map<string, MemoryLog>();
  /** What each sender's ids stand for. */
  readonly #ids = new Map<string, Map<string, Stored>>();
  /** Entries counted over all conversations. */
  readonly #numbers = new WeakMap<Stored, number>();
  #last = 0;

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

  find(sender: string, id: string): Promise<Stored | undefined> {
    const entry = this.#ids.get(sender)?.get(id);
    return Promise.resolve(entry && this.#kept(entry) ? entry : undefined);
  }

  search({ text, from, since = -Infinity, within, limit }: Query): Promise<readonly Stored[]> {
    const wanted = text === undefined ? undefined : phrases(text);
    if (wanted?.length === 0) return Promise.resolve([]);
    const found: Stored[] = [];
    for (const [conversation, after] of within) {
      for (const entry of this.#after(conversation, after)) {
        if ((from === undefined || entry.from === from) && entry.at >= since && hasAll(entry.text, wanted)) {
          found.push(entry);
        }
      }
    }
    found.sort((one, other) => this.#numbers.get(other)! - this.#numbers.get(one)!);
    return Promise.resolve(found.slice(0, limit));
  }

  rooms(): Promise<readonly string[]> {
    const names = [...this.#logs.keys()].filter((key) => key.startsWith("#")).map((key) => key.slice(1));
    return Promise.resolve(names.sort());
  }

  expire(before: (room: string) => number | undefined): Promise<void> {
    for (const [conversation, log] of this.#logs) {
      const time = conversation.startsWith("#") ? before(conversation.slice(1)) : undefined;
      if (time !== undefined) log.expire(time);
    }
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#logs.clear();
    this.#ids.clear();
    return Promise.resolve();
  }

  /** Entries of a conversation after a seq, oldest first. */
  *#after(conversation: string, seq: number): Generator<Stored> {
    const log = this.#logs.get(conversation);
    if (!log) return;
    for (let at = Math.max(seq + 1, log.floor); at <= log.head; at++) yield log.at(at);
  }

  #append(draft: Draft): Appended {
    const { conversation, sender, id, at } = draft;
    const ids = this.#ids.getOrInsertComputed(sender, () => new Map());
    const before = ids.get(id);
    if (before) return { entry: this.#kept(before) ? before : undefined, duplicate: true };
    const log = this.#logs.getOrInsertComputed(conversation, () => new MemoryLog(this.#keep));
    const entry = { ...draft, seq: log.head + 1, at: Math.max(at, log.latest) };
    const pushedOut = log.push(entry);
    this.#numbers.set(entry, ++this.#last);
    ids.set(id, entry);
    if (pushedOut) this.#forget(pushedOut);
    return { entry, duplicate: false };
  }

  #kept({ conversation, seq }: Stored): boolean {
    return seq >= this.#logs.get(conversation)!.floor;
  }

  #forget({ sender, id }: Stored): void {
    const ids = this.#ids.get(sender);
    ids?.delete(id);
    if (ids?.size === 0) this.#ids.delete(sender);
  }
}

function hasAll(text: string, wanted: readonly (readonly string[])[] = []): boolean {
  const among = wanted.length === 0 ? [] : words(text);
  return wanted.every((phrase) => occurs(phrase, among));
}
