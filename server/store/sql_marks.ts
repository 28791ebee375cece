import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Conversations } from "./conversations.ts";
import type { Marks, PeopleStore, Waiting } from "./store.ts";
import type { AtOnce } from "./store_link.ts";

/** How far accounts are in conversations, and what waits for them there. */
export class SqlMarks
  implements Pick<AtOnce<PeopleStore>, "marksOf" | "openMarks" | "mark" | "waiting" | "lastOf"> {
  readonly #conversations: Conversations;
  readonly #account: StatementSync;
  readonly #all: StatementSync;
  readonly #one: StatementSync;
  readonly #add: StatementSync;
  readonly #raise: StatementSync;
  readonly #waiting: StatementSync;
  readonly #last: StatementSync;

  constructor(db: DatabaseSync, conversations: Conversations) {
    this.#conversations = conversations;
    this.#account = db.prepare("SELECT 1 FROM account WHERE id = ?");
    this.#all = db.prepare(
      `SELECT c.key, m.floor, m.delivered, m.read, m.told FROM mark m JOIN conversation c ON c.id = m.conversation
       WHERE m.account = ? ORDER BY c.key`,
    );
    this.#one = db.prepare(
      "SELECT floor, delivered, read, told FROM mark WHERE account = ? AND conversation = ?",
    );
    this.#add = db.prepare(
      `INSERT INTO mark (account, conversation, floor, delivered, read, told) VALUES (?1, ?2, ?3, ?3, ?3, ?3)
       ON CONFLICT DO NOTHING`,
    );
    this.#raise = db.prepare(
      `UPDATE mark SET floor = max(floor, ?), delivered = max(delivered, ?), read = max(read, ?), told = max(told, ?)
       WHERE account = ? AND conversation = ?`,
    );
    this.#waiting = db.prepare(
      `SELECT e.author, count(*) AS entries, sum(octet_length(e.text) + coalesce(octet_length(e.also), 0)) AS bytes
       FROM mark m CROSS JOIN conversation c CROSS JOIN entry e
       WHERE m.account = ?1 AND c.id = m.conversation AND c.key GLOB '@*' AND c.head > max(m.delivered, m.floor)
         AND e.conversation = m.conversation AND e.seq > max(m.delivered, m.floor) AND e.author <> ?2
       GROUP BY e.author`,
    );
    this.#last = db.prepare(
      `SELECT seq FROM entry WHERE conversation = (SELECT id FROM conversation WHERE key = ?)
         AND seq <= ? AND author = ? ORDER BY seq DESC LIMIT 1`,
    );
  }

  marksOf(account: number): ReadonlyMap<string, Marks> {
    return new Map(this.#all.all(account).map((row) => [String(row["key"]), marksIn(row)]));
  }

  openMarks(account: number, conversation: string, floor?: number): Marks {
    const { id, head } = this.#conversations.open(conversation);
    const from = floor ?? head;
    if (!this.#account.get(account)) return { floor: from, delivered: from, read: from, told: from }; // it has gone
    this.#add.run(account, id, from);
    return marksIn(this.#one.get(account, id)!);
  }

  mark(account: number, conversation: string, marks: Partial<Marks>): void {
    if (!this.#account.get(account)) return;
    const { id } = this.#conversations.open(conversation);
    if (!conversation.startsWith("@")) this.#add.run(account, id, 0);
    const { floor = 0, delivered = 0, read = 0, told = 0 } = marks;
    this.#raise.run(floor, delivered, read, told, account, id);
  }

  waiting(account: number, name: string): ReadonlyMap<string, Waiting> {
    return new Map(
      this.#waiting.all(account, name).map((row) => [
        String(row["author"]),
        { entries: Number(row["entries"]), bytes: Number(row["bytes"]) },
      ]),
    );
  }

  lastOf(conversation: string, from: string, through: number): number {
    return Number(this.#last.get(conversation, through, from)?.["seq"] ?? 0);
  }
}

function marksIn(row: Readonly<Record<string, unknown>>): Marks {
  return {
    floor: Number(row["floor"]),
    delivered: Number(row["delivered"]),
    read: Number(row["read"]),
    told: Number(row["told"]),
  };
}
