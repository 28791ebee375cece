import type { Limits } from "./limits.ts";
import type { Waiting } from "./store/store.ts";

/** What has been whispered to an account and was taken by none of its devices, counted by sender. */
export class Mailbox {
  readonly #from: Map<string, { entries: number; bytes: number }>;
  #entries = 0;
  #bytes = 0;

  constructor(waiting: ReadonlyMap<string, Waiting>) {
    this.#from = new Map(Array.from(waiting, ([name, { entries, bytes }]) => [name, { entries, bytes }]));
    for (const { entries, bytes } of this.#from.values()) {
      this.#entries += entries;
      this.#bytes += bytes;
    }
  }

  /** Names of those of whom something waits. */
  get senders(): Iterable<string> {
    return this.#from.keys();
  }

  /** Whether so many bytes of `from` still fit. */
  admits(from: string, bytes: number, limits: Limits): boolean {
    const { entries, bytes: theirs } = this.#from.get(from) ?? { entries: 0, bytes: 0 };
    return entries < limits.mailboxPerSender && theirs + bytes <= limits.mailboxBytesPerSender &&
      this.#entries < limits.mailboxEntries && this.#bytes + bytes <= limits.mailboxBytes;
  }

  /** Something of `from` is on its way in. */
  add(from: string, bytes: number): void {
    const waiting = this.#from.getOrInsertComputed(from, () => ({ entries: 0, bytes: 0 }));
    waiting.entries++;
    waiting.bytes += bytes;
    this.#entries++;
    this.#bytes += bytes;
  }

  /** It was taken, or never came in. */
  take(from: string, size: number): void {
    const waiting = this.#from.get(from);
    if (!waiting) return;
    const bytes = Math.min(size, waiting.bytes);
    this.#entries--;
    this.#bytes -= bytes;
    waiting.entries--;
    waiting.bytes -= bytes;
    if (waiting.entries === 0) this.#empty(from);
  }

  /** Nothing of `from` waits any more. */
  #empty(from: string): void {
    const { entries, bytes } = this.#from.get(from)!;
    this.#from.delete(from);
    this.#entries -= entries;
    this.#bytes -= bytes;
  }

  /** All of `from`'s has been taken. */
  taken(from: string): void {
    if (this.#from.has(from)) this.#empty(from);
  }
}
