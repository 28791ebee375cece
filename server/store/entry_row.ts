import { entrySum } from "./entry_sum.ts";
import type { Stored } from "./store.ts";

/** What is selected of an entry. */
export const COLUMNS =
  "c.key AS conversation, e.seq, e.at, e.author, s.identity, e.id, e.text, e.also, e.sum";
/** From where; conditions follow. */
export const FROM =
  "FROM entry e JOIN conversation c ON c.id = e.conversation JOIN sender s ON s.id = e.sender";
/** Both. */
export const ENTRY = `${COLUMNS} ${FROM}`;

/** An entry as it is selected. */
export type EntryRow = Omit<Stored, "from" | "sender" | "also"> & {
  readonly author: string;
  readonly also: string | null;
  readonly identity: string;
  readonly sum: number;
};

/** The entry that was stored; throws where it is not what it was. */
export function entryOf(row: EntryRow): Stored {
  const { conversation, seq, at, author, identity, id, text, also, sum } = row;
  const entry = {
    conversation,
    seq,
    at,
    from: author,
    sender: identity,
    id,
    text,
    ...also === null ? {} : { also },
  };
  if (entrySum(entry) !== sum) throw new Error("database corruption: an entry is not what was stored");
  return entry;
}
