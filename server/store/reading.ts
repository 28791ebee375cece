import type { DatabaseSync, StatementSync } from "node:sqlite";
import { ENTRY, entryOf, type EntryRow } from "./entry_row.ts";
import { SqlSearch } from "./sql_search.ts";
import type { Extent, Query, Range, Stored } from "./store.ts";
import type { ReaderCalls } from "./store_link.ts";

/** What is read from the database without ever holding up who writes. */
export class Reading implements ReaderCalls {
  readonly #db: DatabaseSync;
  readonly #extent: StatementSync;
  readonly #first: StatementSync;
  readonly #last: StatementSync;
  readonly #rooms: StatementSync;
  readonly #search: SqlSearch;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#extent = db.prepare("SELECT head, floor FROM conversation WHERE key = ?");
    const range = `SELECT ${ENTRY} WHERE e.conversation = (SELECT id FROM conversation WHERE key = ?)
      AND e.seq > ? AND e.seq < ? ORDER BY e.seq`;
    this.#first = db.prepare(`${range} LIMIT ?`);
    this.#last = db.prepare(`${range} DESC LIMIT ?`);
    this.#rooms = db.prepare(
      "SELECT substr(key, 2) AS room FROM conversation WHERE key GLOB '#*' AND head > 0",
    );
    this.#search = new SqlSearch(db);
  }

  read(conversation: string, { after = 0, before = Infinity, limit, last }: Range): readonly Stored[] {
    const end = Math.min(before, Number.MAX_SAFE_INTEGER);
    this.#db.exec("BEGIN"); // what is said of the conversation and what is read of it are of one moment
    try {
      const { head = 0, floor = 0 } = (this.#extent.get(conversation) ?? {}) as Partial<Extent>;
      const rows = (last ? this.#last : this.#first).all(conversation, after, end, limit);
      const entries = (rows as unknown as EntryRow[]).map(entryOf);
      if (last) entries.reverse();
      const from = Math.max(after + 1, floor);
      const through = Math.min(end - 1, head);
      const wanted = Math.max(0, Math.min(limit, through - from + 1));
      const first = last ? through - wanted + 1 : from;
      if (entries.length !== wanted || entries.some(({ seq }, i) => seq !== first + i)) {
        throw new Error("database corruption: entries are missing");
      }
      return entries;
    } finally {
      this.#db.exec("COMMIT");
    }
  }

  search(query: Query): readonly Stored[] {
    return this.#search.find(query);
  }

  rooms(): readonly string[] {
    return this.#rooms.all().map((row) => String(row["room"])).sort(); // SQLite would sort by bytes
  }
}
