import type { DatabaseSync } from "node:sqlite";
import { COLUMNS, entryOf, type EntryRow, FROM } from "./entry_row.ts";
import { damaged } from "./failures.ts";
import { isDamage, messageOf } from "./sqlite_error.ts";

/** How much a database holds. */
export interface Counts {
  readonly messages: number;
  readonly conversations: number;
  readonly accounts: number;
}

/** How much a database says that it holds. */
export function countsOf(db: DatabaseSync): Counts {
  const { messages, conversations, accounts } = db.prepare(
    `SELECT coalesce(sum(head - floor + 1) FILTER (WHERE head > 0), 0) AS messages, count(*) AS conversations,
       (SELECT count(*) FROM account) AS accounts FROM conversation`,
  ).get()!;
  return { messages: Number(messages), conversations: Number(conversations), accounts: Number(accounts) };
}

/**
 * Reads all there is in a database and compares it with what it says of itself: its pages and indices, the reach of each
 * conversation, the sum of each entry. Throws `Damaged`.
 */
export function checkDatabase(db: DatabaseSync, file: string): Counts {
  return reading(db, file, () => {
    const found = Object.values(db.prepare("PRAGMA integrity_check(1)").get() ?? {})[0];
    if (found !== "ok") throw damaged(file, String(found).split("\n")[0]!);
    const torn = db.prepare(
      `SELECT c.key FROM conversation c LEFT JOIN entry e ON e.conversation = c.id GROUP BY c.id
       HAVING count(e.n) <> CASE c.head WHEN 0 THEN 0 ELSE c.head - c.floor + 1 END
         OR min(e.seq) <> c.floor OR max(e.seq) <> c.head`,
    ).get();
    if (torn) throw damaged(file, "entries are missing");
    for (let after: number | undefined = 0; after !== undefined;) {
      after = readEntries(db, file, { after, limit: 10_000 });
    }
    return countsOf(db);
  });
}

/**
 * Reads the next entries after number `after`, and finds each by its place, too; returns the number of the last, or
 * nothing where there are no more. Throws `Damaged`.
 */
export function checkEntries(db: DatabaseSync, file: string, from: From): number | undefined {
  return reading(db, file, () => readEntries(db, file, from));
}

interface From {
  readonly after: number;
  readonly limit: number;
}

function readEntries(db: DatabaseSync, file: string, { after, limit }: From): number | undefined {
  const rows = db.prepare(
    `SELECT ${COLUMNS}, e.n, e.seq BETWEEN c.floor AND c.head AS within,
       (SELECT n FROM entry WHERE conversation = e.conversation AND seq = e.seq) AS placed,
       (SELECT n FROM entry WHERE sender = e.sender AND id = e.id) AS sent
     ${FROM} WHERE e.n > ? ORDER BY e.n LIMIT ?`,
  ).all(after, limit);
  for (const row of rows) {
    entryOf(row as unknown as EntryRow);
    const { n, within, placed, sent } = row;
    if (within !== 1 || placed !== n || sent !== n) throw damaged(file, "an entry is not where it should be");
  }
  return rows.length < limit ? undefined : Number(rows.at(-1)!["n"]);
}

/** One state of it, whatever others write meanwhile. */
function reading<T>(db: DatabaseSync, file: string, read: () => T): T {
  db.exec("BEGIN");
  try {
    return read();
  } catch (error) {
    throw isDamage(error) ? damaged(file, messageOf(error)) : error;
  } finally {
    if (db.isTransaction) db.exec("ROLLBACK");
  }
}
