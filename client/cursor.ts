import type { Entry } from "../protocol/schema.ts";

/** Entries asked for at a time, and pages at the most: together what a server is expected to keep. */
const PAGE = 200;
const MOST_PAGES = 50;
/** Entries kept back while a hole is being filled. */
const MOST_HELD = 10_000;

/** A page of a conversation, oldest first. */
export interface Page {
  readonly entries: readonly Entry[];
  readonly more: boolean;
}

/** What a {@linkcode Cursor} does to the world. */
export interface CursorOptions {
  readonly show: (entry: Entry) => void;
  /** The place is now behind `seq` although nothing was shown: it has begun there, or was set `back`. */
  readonly placed: (seq: number, back: boolean) => void;
  /** Entries that can no longer be had. */
  readonly gap: (from: number, until: number, why: string) => void;
  /** The page before a seq; rejects when it cannot be had now. */
  readonly fetch: (before: number, limit: number) => Promise<Page>;
  /** More is held back than is reasonable: the link should be made anew. */
  readonly overflow: () => void;
}

/** How far this client is in one conversation: every entry is shown once, in order, and nothing is skipped silently. */
export class Cursor {
  readonly #options: CursorOptions;
  /** The last seq shown; `undefined` before the first entry of a conversation that nobody said the head of. */
  #seq: number | undefined;
  readonly #held = new Map<number, Entry>();
  /** Counts links: what was fetched over an earlier one is not used. */
  #link = 0;
  #filling = false;

  constructor(seq: number | undefined, options: CursorOptions) {
    this.#seq = seq;
    this.#options = options;
  }

  get seq(): number | undefined {
    return this.#seq;
  }

  /** An entry came. `apart`: as an answer to a message sent again, not in its place in the conversation. */
  take(entry: Entry, { apart = false } = {}): void {
    const { seq } = entry;
    if (this.#seq === undefined && !apart && !this.#filling) this.#place(seq - 1);
    if (this.#seq !== undefined && seq <= this.#seq) return;
    if (seq - 1 === this.#seq) return this.#show(entry);
    // What is known to be on its way in its place need not be shown from here.
    if (apart && this.#seq !== undefined) return;
    this.#held.set(seq, entry);
    if (this.#held.size > MOST_HELD) this.#options.overflow();
    else void this.#fill();
  }

  /**
   * The server says that it cannot send these; nor will it send what is missing before them. Of those that are `lost`
   * the numbers are given away anew.
   */
  skip(from: number, until: number, why: string): void {
    if (until < from) return;
    if (why === "lost" && this.#seq !== undefined && from <= this.#seq) return this.reach(from - 1);
    const passes = this.#seq !== undefined && until > this.#seq;
    this.#options.gap(passes ? Math.min(from, this.#seq! + 1) : from, until, why);
    this.#pass(until);
  }

  /** The conversation is known to be at `seq`: whatever lacks is fetched, or, where this client has more, given up. */
  reach(seq: number): void {
    if (this.#seq === undefined) this.#place(seq);
    else if (seq < this.#seq) {
      this.#options.gap(seq + 1, this.#seq, "lost by the server");
      this.#place(seq, true);
    } else if (seq > this.#seq) void this.#fill(seq + 1);
  }

  /** The link is gone: whatever is held back comes again over the next one. */
  lost(): void {
    this.#link++;
    this.#held.clear();
    this.#filling = false;
  }

  /** Fetches backwards from `before`, or from the first entry held, until nothing lacks. Never rejects. */
  async #fill(before = Math.min(...this.#held.keys())): Promise<void> {
    if (this.#filling) return;
    this.#filling = true;
    const link = this.#link;
    const goal = before - 1;
    try {
      for (let pages = 0; pages < MOST_PAGES && before > (this.#seq ?? 0) + 1; pages++) {
        const { entries, more } = await this.#options.fetch(before, PAGE);
        if (link !== this.#link) return;
        for (const entry of entries) {
          if (entry.seq > (this.#seq ?? 0) && entry.seq < before) this.#held.set(entry.seq, entry);
        }
        before = Math.min(before, entries[0]?.seq ?? 0);
        if (!more) break;
      }
    } catch { /* what could not be fetched is named as a gap */ }
    if (link !== this.#link) return;
    this.#filling = false;
    this.#settle(goal);
  }

  /** Shows what there is up to `goal`, and names what is not there. */
  #settle(goal: number): void {
    if (this.#seq === undefined) this.#place(Math.min(goal + 1, ...this.#held.keys()) - 1);
    this.#release();
    while (this.#seq! < goal) {
      const next = Math.min(goal + 1, ...this.#held.keys());
      this.#options.gap(this.#seq! + 1, next - 1, "missing");
      this.#pass(next - 1);
      this.#release();
    }
    if (this.#held.size > 0) void this.#fill();
  }

  /** Shows what is held back for as long as nothing lacks. */
  #release(): void {
    for (let next; (next = this.#held.get((this.#seq ?? 0) + 1)) !== undefined;) this.#show(next);
  }

  #show(entry: Entry): void {
    this.#seq = entry.seq;
    this.#held.delete(entry.seq);
    this.#options.show(entry);
  }

  #place(seq: number, back = false): void {
    this.#seq = seq;
    this.#options.placed(seq, back);
  }

  /** Everything up to `seq` has been dealt with. */
  #pass(seq: number): void {
    this.#seq = Math.max(this.#seq ?? 0, seq);
    for (const held of this.#held.keys()) if (held <= seq) this.#held.delete(held);
  }
}
