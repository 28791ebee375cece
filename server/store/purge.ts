import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Entries } from "./entries.ts";
import type { SearchIndex } from "./search_index.ts";

/** Entries removed at a time. */
const CHUNK = 500;

/** Removes what is old from the start of a room's log, and remembers which ids that were. */
export class Purge {
  readonly #entries: Entries;
  readonly #index: SearchIndex;
  readonly #conversation: StatementSync;
  readonly #oldest: StatementSync;
  readonly #spend: StatementSync;
  readonly #remove: StatementSync;
  readonly #raise: StatementSync;

  constructor(db: DatabaseSync, entries: Entries, index: SearchIndex) {
    this.#entries = entries;
    this.#index = index;
    this.#conversation = db.prepare("SELECT id, floor FROM conversation WHERE key = ?");
    this.#oldest = db.prepare(
      "SELECT n, seq, at, sender, id FROM entry WHERE conversation = ? ORDER BY seq LIMIT ?",
    );
    this.#spend = db.prepare("INSERT INTO spent (sender, id) VALUES (?, ?) ON CONFLICT DO NOTHING");
    this.#remove = db.prepare("DELETE FROM entry WHERE n = ?");
    this.#raise = db.prepare("UPDATE conversation SET floor = ? WHERE id = ?");
  }

  /** Removes some of the room's entries older than `before`; whether there may be more. */
  expire(room: string, before: number): boolean {
    const conversation = this.#conversation.get(`#${room}`);
    if (!conversation) return false;
    let last: number | undefined;
    let removed = 0;
    for (const { n, seq, at, sender, id } of this.#oldest.all(conversation["id"]!, CHUNK)) {
      if (Number(at) >= before) break;
      this.#spend.run(sender!, id!);
      this.#index.remove(Number(n));
      this.#remove.run(n!);
      last = Number(seq);
      removed++;
    }
    if (last === undefined) return false;
    this.#raise.run(last + 1, conversation["id"]!);
    this.#entries.spend();
    return removed === CHUNK;
  }
}
