import type { DatabaseSync, StatementSync } from "node:sqlite";
import { conversationTag, nameTag, twoOf } from "./search_tags.ts";

/** Places that one question to the index names; more of them are asked for in turn. */
const AT_ONCE = 64;
/** From how many conversations of one name on they are found by that name. */
const BY_NAME = 8;

/** Some of the places where something is searched for. */
export interface ScopePart {
  /** An entry there has one of these. */
  readonly tags: readonly string[];
  /** Entries there that may be read have this number or a higher one. */
  readonly first: number;
}

interface Place {
  readonly tag: string;
  readonly first: number;
  readonly two: readonly [string, string] | undefined;
}

/** What the index is asked in order to stay within the conversations that may be read. */
export class SearchScope {
  readonly #conversation: StatementSync;
  readonly #number: StatementSync;

  constructor(db: DatabaseSync) {
    this.#conversation = db.prepare("SELECT id, floor, head FROM conversation WHERE key = ?");
    this.#number = db.prepare("SELECT n FROM entry WHERE conversation = ? AND seq > ? ORDER BY seq LIMIT 1");
  }

  /** All places of `within`; together they may have more than that, so what is found is still to be looked at. */
  parts(within: ReadonlyMap<string, number>): ScopePart[] {
    const places = Array.from(within, ([key, after]) => this.#place(key, after)).filter((place) => !!place);
    const pairs = places.filter(({ two }) => two);
    const name = pairs.length < BY_NAME ? undefined : commonName(pairs);
    const apart = name === undefined ? places : places.filter(({ two }) => !two);
    const parts: ScopePart[] = [];
    if (name !== undefined) parts.push({ tags: [nameTag(name)], first: firstOf(pairs) });
    for (let i = 0; i < apart.length; i += AT_ONCE) {
      const some = apart.slice(i, i + AT_ONCE);
      parts.push({ tags: some.map(({ tag }) => tag), first: firstOf(some) });
    }
    return parts;
  }

  /** The conversation, unless nothing in it may be read. */
  #place(key: string, after: number): Place | undefined {
    const { id, floor, head } = (this.#conversation.get(key) ?? {}) as Partial<Record<string, number>>;
    if (id === undefined || head === undefined || floor === undefined) return undefined;
    if (head <= after || head < floor) return undefined;
    const first = after < floor ? 0 : Number(this.#number.get(id, after)?.["n"] ?? 0);
    return { tag: conversationTag(id), first, two: twoOf(key) };
  }
}

function commonName(pairs: readonly Place[]): string | undefined {
  return pairs[0]?.two?.find((name) => pairs.every(({ two }) => two?.includes(name)));
}

function firstOf(places: readonly Place[]): number {
  return places.reduce((least, { first }) => Math.min(least, first), Infinity);
}
