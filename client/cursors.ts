import { encode } from "../protocol/codec.ts";
import type { Entry } from "../protocol/schema.ts";
import { HEADER_BYTES, MAX_HELLO_BYTES, MAX_KEYS } from "../protocol/limits.ts";
import type { Hello } from "../protocol/schema.ts";
import { Cursor, type Page } from "./cursor.ts";

/** Whisper conversations remembered; of older ones the place is forgotten. */
const MOST_WHISPERS = 1_000;

/** As for one cursor, with the conversation (`"#room"`, `"@name"`) in front. */
export interface CursorsOptions {
  readonly show: (to: string, entry: Entry) => void;
  readonly placed: (to: string, seq: number, back: boolean) => void;
  readonly gap: (to: string, from: number, until: number, why: string) => void;
  readonly fetch: (to: string, before: number, limit: number) => Promise<Page>;
  readonly overflow: () => void;
}

/** How far this client is in each conversation. */
export class Cursors {
  readonly #options: CursorsOptions;
  /** The conversation heard from last comes last. */
  readonly #cursors = new Map<string, Cursor>();

  constructor(options: CursorsOptions) {
    this.#options = options;
  }

  /** The cursor of a conversation; a new one when there is none yet. */
  of(to: string): Cursor {
    const cursor = this.#cursors.get(to) ?? this.#begin(to, undefined);
    if (to.startsWith("@")) {
      this.#cursors.delete(to);
      this.#forgetOld();
    }
    this.#cursors.set(to, cursor);
    return cursor;
  }

  /** Another name, or the first one, has been here before: its whispers are others, and rooms it knows are added. */
  restore(places: ReadonlyMap<string, number>): void {
    for (const to of this.#cursors.keys()) if (to.startsWith("@")) this.#cursors.delete(to);
    for (const [to, seq] of places) if (!this.#cursors.has(to)) this.#cursors.set(to, this.#begin(to, seq));
  }

  /** The conversations in which there is a place. */
  get known(): string[] {
    return [...this.#cursors.keys()];
  }

  /** The last seq shown in a conversation, where there is one. */
  seq(to: string): number | undefined {
    return this.#cursors.get(to)?.seq;
  }

  forget(to: string): void {
    this.#cursors.delete(to);
  }

  /** The server's logs are not the ones known before. */
  clear(): void {
    this.#cursors.clear();
  }

  /** The link is gone. */
  lost(): void {
    for (const cursor of this.#cursors.values()) cursor.lost();
  }

  /**
   * A hello that says what this client has: every room, then whispers, the latest first, for as long as it fits into the
   * first frame. Whatever does not fit is found missing, and fetched, when something is next said there.
   */
  resume(hello: Hello): Hello {
    const known = Array.from(this.#cursors, ([to, { seq }]) => [to, seq] as const);
    const rooms = known.filter(([to]) => to.startsWith("#"));
    const whispers = known.filter(([to]) => to.startsWith("@")).reverse();
    const chosen = [...rooms, ...whispers].slice(0, MAX_KEYS).flatMap(([to, seq]) =>
      seq === undefined ? [] : [[to.startsWith("#") ? to.slice(1) : to, seq] as const]
    );
    while (true) {
      const whole: Hello = { ...hello, resume: Object.fromEntries(chosen) };
      if (encode(whole).length - HEADER_BYTES <= MAX_HELLO_BYTES || chosen.length === 0) return whole;
      chosen.pop();
    }
  }

  #begin(to: string, seq: number | undefined): Cursor {
    const { show, placed, gap, fetch, overflow } = this.#options;
    return new Cursor(seq, {
      show: (entry) => show(to, entry),
      placed: (at, back) => placed(to, at, back),
      gap: (from, until, why) => gap(to, from, until, why),
      fetch: (before, limit) => fetch(to, before, limit),
      overflow,
    });
  }

  #forgetOld(): void {
    if (this.#cursors.size <= MOST_WHISPERS) return;
    for (const to of this.#cursors.keys()) {
      if (!to.startsWith("@")) continue;
      this.#cursors.delete(to);
      return;
    }
  }
}
