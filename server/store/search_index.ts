import type { DatabaseSync, StatementSync } from "node:sqlite";
import { words } from "./search_words.ts";
import { tagsOf } from "./search_tags.ts";

/** Makes entries findable, some time after they were stored: doing it at once would halve what can be stored. */
export class SearchIndex {
  readonly #next: StatementSync;
  readonly #add: StatementSync;
  readonly #remove: StatementSync;
  readonly #reached: StatementSync;
  readonly #reach: StatementSync;
  #indexed = 0;

  constructor(db: DatabaseSync) {
    this.#next = db.prepare(
      `SELECT e.n, e.conversation, c.key, e.author, e.text FROM entry e JOIN conversation c ON c.id = e.conversation
       WHERE e.n > ? ORDER BY e.n LIMIT ?`,
    );
    this.#add = db.prepare("INSERT INTO search (rowid, text, tag) VALUES (CAST(? AS INTEGER), ?, ?)");
    this.#remove = db.prepare("DELETE FROM search WHERE rowid = CAST(? AS INTEGER)");
    this.#reached = db.prepare("SELECT value FROM meta WHERE key = 'indexed'");
    this.#reach = db.prepare("UPDATE meta SET value = CAST(? AS INTEGER) WHERE key = 'indexed'");
    this.reset();
  }

  /** The number up to which all entries are findable. */
  get indexed(): number {
    return this.#indexed;
  }

  /** A transaction was rolled back. */
  reset(): void {
    this.#indexed = Number(this.#reached.get()!["value"]);
  }

  /** Makes the next entries findable, at most `limit`; `newest` is the number of the last there is. */
  advance(limit: number, newest: number): void {
    if (this.#indexed >= newest) return;
    const rows = this.#next.all(this.#indexed, limit);
    for (const { n, conversation, key, author, text } of rows) {
      this.#add.run(
        n!,
        words(String(text)).join(" "),
        tagsOf(Number(conversation), String(key), String(author)),
      );
    }
    this.#indexed = rows.length < limit ? newest : Number(rows.at(-1)!["n"]);
    this.#reach.run(this.#indexed);
  }

  remove(n: number): void {
    if (n <= this.#indexed) this.#remove.run(n);
  }
}
