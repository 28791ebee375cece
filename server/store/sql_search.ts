import type { DatabaseSync, StatementSync } from "node:sqlite";
import { COLUMNS, entryOf, type EntryRow } from "./entry_row.ts";
import { authorTag } from "./search_tags.ts";
import { phrases } from "./search_words.ts";
import { SearchScope } from "./search_scope.ts";
import type { Query, Stored } from "./store.ts";

const HOUR = 3_600_000;

/** Finds entries by their words, their author and where they stand: all of these meet within the index. */
export class SqlSearch {
  readonly #scope: SearchScope;
  readonly #match: StatementSync;
  readonly #since: StatementSync;

  constructor(db: DatabaseSync) {
    this.#scope = new SearchScope(db);
    this.#match = db.prepare(
      `SELECT e.n, ${COLUMNS}
       FROM search CROSS JOIN entry e CROSS JOIN conversation c CROSS JOIN sender s
       WHERE search MATCH ? AND search.rowid >= CAST(? AS INTEGER)
         AND e.n = search.rowid AND e.at >= ? AND c.id = e.conversation AND s.id = e.sender
       ORDER BY search.rowid DESC`,
    );
    this.#since = db.prepare("SELECT min(first) AS first FROM hour WHERE hour >= ?");
  }

  find({ text, from, since, within, limit }: Query): readonly Stored[] {
    const all: string[] = [];
    if (text !== undefined) {
      const wanted = phrases(text).map((phrase) => `"${phrase.join(" ")}"`);
      if (wanted.length === 0) return [];
      all.push(`text : (${wanted.join(" AND ")})`);
    }
    if (from !== undefined) all.push(`tag : ${authorTag(from)}`);
    const earliest = since === undefined ? 0 : this.#firstSince(since);
    if (earliest === undefined || limit <= 0) return [];
    const found: { readonly n: number; readonly entry: Stored }[] = [];
    for (const { tags, first } of this.#scope.parts(within)) {
      const expression = [...all, `tag : (${tags.join(" OR ")})`].join(" AND ");
      const rows = this.#match.iterate(expression, Math.max(earliest, first), since ?? 0);
      let left = limit;
      for (const row of rows as Iterable<unknown> as Iterable<EntryRow & { readonly n: number }>) {
        if (row.seq <= (within.get(row.conversation) ?? Infinity)) continue;
        found.push({ n: row.n, entry: entryOf(row) });
        if (--left === 0) break;
      }
    }
    return found.sort((one, other) => other.n - one.n).slice(0, limit).map(({ entry }) => entry);
  }

  /** The number of the first entry that may be of that time or later. */
  #firstSince(since: number): number | undefined {
    const first = this.#since.get(Math.floor(since / HOUR))?.["first"];
    return typeof first === "number" ? first : undefined;
  }
}
