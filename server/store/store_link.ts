// What the store's handle and its Workers say to each other. They trust one another: both are this program.
import type { Told } from "./failures.ts";
import type { KeyStore } from "./key_store.ts";
import type { Draft, Extent, PeopleStore, Query, Range, Stored } from "./store.ts";

/** What a Worker is for: the one that writes, or the one that reads for long. */
export type Role = "writer" | "reader";

/** The same functions, answered at once. */
export type AtOnce<T> = {
  [M in keyof T]: T[M] extends (...args: infer A) => Promise<infer R> ? (...args: A) => R : never;
};

/** What may be asked of the Worker that writes; all in the order in which it is asked. */
export interface WriterCalls extends AtOnce<PeopleStore>, AtOnce<KeyStore> {
  append(drafts: PackedDrafts): Places;
  extent(conversation: string): Extent;
  find(sender: string, id: string): Stored | undefined;
  /** Removes some of a room's entries that are older than `before`; whether there are more. */
  expire(room: string, before: number): boolean;
  /** Makes some entries findable; whether some of those up to `through` are not yet. */
  index(through: number): boolean;
  /** The number of the newest entry, counted over all conversations. */
  newest(): number;
}

/** What may be asked of the Worker that reads. */
export interface ReaderCalls {
  read(conversation: string, range: Range): readonly Stored[];
  search(query: Query): readonly Stored[];
  rooms(): readonly string[];
}

/** Something asked, by the name of its function. */
export interface Job {
  readonly call: string;
  readonly args: readonly unknown[];
}

export type Answer =
  | { readonly value: unknown }
  /** This one alone cannot be. */
  | { readonly refused: Told }
  /** No room; nothing of its batch was stored. */
  | "full";

export type ToStore =
  | {
    readonly type: "open";
    readonly role: Role;
    readonly folder: string;
    readonly pages: number | undefined;
  }
  | { readonly type: "jobs"; readonly jobs: readonly Job[] }
  | { readonly type: "close" };

export type FromStore =
  | { readonly type: "opened"; readonly incarnation: string }
  | { readonly type: "answers"; readonly answers: readonly Answer[] }
  /** It cannot be opened, or it failed and does nothing any more. */
  | { readonly type: "failed"; readonly error: Told }
  | { readonly type: "closed" };

/** Drafts one after the other, {@linkcode DRAFT} values each: flat lists are copied between threads much faster. */
export type PackedDrafts = readonly (string | number)[];

/** How many values a draft is. */
export const DRAFT = 7;

/** Where drafts were stored: seq and time of each, 0 for those that had been before, which follow. */
export interface Places {
  readonly places: readonly number[];
  readonly before: readonly { readonly index: number; readonly entry: Stored | undefined }[];
}

/** Drafts as they are sent to the Worker. */
export function packed(drafts: readonly Draft[]): PackedDrafts {
  const flat: (string | number)[] = [];
  for (const { conversation, from, sender, id, text, also = "", at } of drafts) {
    flat.push(conversation, from, sender, id, text, also, at);
  }
  return flat;
}

/** The draft that begins at a place. */
export function unpacked(flat: PackedDrafts, at: number): Draft {
  const also = flat[at + 5] as string;
  return {
    conversation: flat[at] as string,
    from: flat[at + 1] as string,
    sender: flat[at + 2] as string,
    id: flat[at + 3] as string,
    text: flat[at + 4] as string,
    ...also === "" ? {} : { also },
    at: flat[at + 6] as number,
  };
}
