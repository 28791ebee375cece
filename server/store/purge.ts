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
    const old = this.#oldest.all(conversation["id"]!, CHUNK);
    const end = old.findIndex(({ at }) => Number(at) >= before);
    const gone = end < 0 ? old : old.slice(0, end);
    const last = gone.at(-1)?.["seq"];
    if (last === undefined) return false;
    // On a full disk only what goes makes room for what is noted about it: so that comes first.
    for (const { n } of gone) this.#remove.run(n!);
    for (const { n, sender, id } of gone) {
      this.#spend.run(sender!, id!);
      this.#index.remove(Number(n));
    }
    this.#raise.run(Number(last) + 1, conversation["id"]!);
    this.#entries.spend();
    return gone.length === CHUNK;
  }
}
