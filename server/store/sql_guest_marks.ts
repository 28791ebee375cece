import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Conversations } from "./conversations.ts";
import type { PeopleStore } from "./store.ts";
import type { AtOnce } from "./store_link.ts";

/** Since when guests take part in whispers, for those who come back with a session after the server was gone. */
export class SqlGuestMarks implements Pick<AtOnce<PeopleStore>, "openGuest" | "inherit"> {
  readonly #conversations: Conversations;
  readonly #add: StatementSync;
  readonly #others: StatementSync;
  readonly #one: StatementSync;
  readonly #copy: StatementSync;
  readonly #all: StatementSync;

  constructor(db: DatabaseSync, conversations: Conversations) {
    this.#conversations = conversations;
    this.#add = db.prepare(
      `INSERT INTO guest_mark (session, name, conversation, floor)
       SELECT session, name, ?3, ?4 FROM guest_session WHERE session = ?1 AND name = ?2 ON CONFLICT DO NOTHING`,
    );
    this.#others = db.prepare(
      "DELETE FROM guest_mark WHERE name = ?2 AND conversation = ?3 AND session <> ?1",
    );
    this.#one = db.prepare(
      "SELECT floor FROM guest_mark WHERE session = ? AND name = ? AND conversation = ?",
    );
    this.#copy = db.prepare(
      `INSERT INTO guest_mark (session, name, conversation, floor)
       SELECT ?2, name, conversation, floor FROM guest_mark WHERE session = ?1 AND name = ?3
         AND EXISTS (SELECT 1 FROM guest_session WHERE session = ?2 AND name = ?3) ON CONFLICT DO NOTHING`,
    );
    this.#all = db.prepare(
      `SELECT c.key, m.floor FROM guest_mark m JOIN conversation c ON c.id = m.conversation
       WHERE m.session = ? AND m.name = ?`,
    );
  }

  openGuest(session: string, name: string, conversation: string): number {
    const { id, head } = this.#conversations.open(conversation);
    const { changes } = this.#add.run(session, name, id, head);
    if (changes === 0) return Number(this.#one.get(session, name, id)?.["floor"] ?? head);
    this.#others.run(session, name, id); // what was whispered to others of the name is none of theirs any more, and theirs not its
    return head;
  }

  inherit(shown: string, session: string, name: string): ReadonlyMap<string, number> {
    this.#copy.run(shown, session, name);
    return new Map(
      this.#all.all(session, name).map((row) => [String(row["key"]), Number(row["floor"])] as const),
    );
  }
}
