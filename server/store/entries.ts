import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Extent, Stored } from "./store.ts";
import { Conversations } from "./conversations.ts";
import { DRAFT, type PackedDrafts, type Places, unpacked } from "./store_link.ts";
import { ENTRY, entryOf, type EntryRow } from "./entry_row.ts";
import { entrySum } from "./entry_sum.ts";

const HOUR = 3_600_000;
/** Senders whose numbers are remembered. */
const SENDERS = 10_000;

/** Writes entries, within a transaction that somebody else begins and ends. */
export class Entries {
  readonly #conversations: Conversations;
  readonly #insert: StatementSync;
  readonly #original: StatementSync;
  readonly #isSpent: StatementSync;
  readonly #anySpent: StatementSync;
  readonly #addSender: StatementSync;
  readonly #sender: StatementSync;
  readonly #addHour: StatementSync;
  readonly #newest: StatementSync;
  readonly #senders = new Map<string, number>();
  readonly #heads: StatementSync;
  #n = 0;
  #stored = 0;
  #spent = false;
  #hour = -1;

  constructor(db: DatabaseSync, conversations: Conversations) {
    this.#conversations = conversations;
    this.#insert = db.prepare(
      `INSERT INTO entry (n, conversation, seq, at, author, sender, id, text, also, sum) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (sender, id) DO NOTHING`,
    );
    this.#original = db.prepare(`SELECT ${ENTRY} WHERE e.sender = ? AND e.id = ?`);
    this.#isSpent = db.prepare("SELECT 1 FROM spent WHERE sender = ? AND id = ?");
    this.#anySpent = db.prepare("SELECT 1 FROM spent LIMIT 1");
    this.#addSender = db.prepare("INSERT INTO sender (identity) VALUES (?) ON CONFLICT DO NOTHING");
    this.#sender = db.prepare("SELECT id FROM sender WHERE identity = ?");
    this.#addHour = db.prepare("INSERT INTO hour (hour, first) VALUES (?, ?) ON CONFLICT DO NOTHING");
    // A number is not given again once it may be in the index, even if its entry has expired.
    this.#newest = db.prepare(
      "SELECT max(coalesce((SELECT max(n) FROM entry), 0), (SELECT value FROM meta WHERE key = 'indexed')) AS n",
    );
    this.#heads = db.prepare("SELECT coalesce(sum(head), 0) AS stored FROM conversation");
    this.reset();
  }

  /** How many entries were stored in all, with those that have expired since. */
  get stored(): number {
    return this.#stored;
  }

  /** The number of the newest entry. */
  get newest(): number {
    return this.#n;
  }

  /** What was remembered may not be true any more: a transaction was rolled back. */
  reset(): void {
    this.#senders.clear();
    this.#n = Number(this.#newest.get()!["n"]);
    this.#stored = Number(this.#heads.get()!["stored"]);
    this.#spent = this.#anySpent.get() !== undefined;
    this.#hour = -1;
  }

  /** Some ids are spent now. */
  spend(): void {
    this.#spent = true;
  }

  append(drafts: PackedDrafts): Places {
    const places: number[] = [];
    const before: { index: number; entry: Stored | undefined }[] = [];
    for (let i = 0; i < drafts.length; i += DRAFT) {
      const draft = unpacked(drafts, i);
      const sender = this.#senderOf(draft.sender);
      const log = this.#conversations.open(draft.conversation);
      const entry = { ...draft, seq: log.head + 1, at: Math.max(draft.at, log.latest) };
      const spent = this.#spent && this.#isSpent.get(sender, draft.id) !== undefined;
      if (!spent && this.#add(entry, log.id, sender)) {
        this.#conversations.grew(log, entry.at);
        places.push(entry.seq, entry.at);
      } else {
        before.push({ index: places.length / 2, entry: spent ? undefined : this.#find(sender, draft.id) });
        places.push(0, 0);
      }
    }
    return { places, before };
  }

  find(identity: string, id: string): Stored | undefined {
    const sender = this.#sender.get(identity)?.["id"];
    return sender === undefined ? undefined : this.#find(Number(sender), id);
  }

  extent(conversation: string): Extent {
    return this.#conversations.extent(conversation);
  }

  /** Whether there was no entry of that sender and id yet. */
  #add(entry: Stored, conversation: number, sender: number): boolean {
    const { seq, at, from, id, text, also = null } = entry;
    const sum = entrySum(entry);
    const { changes } = this.#insert.run(
      this.#n + 1,
      conversation,
      seq,
      at,
      from,
      sender,
      id,
      text,
      also,
      sum,
    );
    if (changes === 0) return false;
    this.#n++;
    this.#stored++;
    this.#begin(Math.floor(at / HOUR));
    return true;
  }

  #find(sender: number, id: string): Stored | undefined {
    const row = this.#original.get(sender, id) as EntryRow | undefined;
    return row && entryOf(row);
  }

  #senderOf(identity: string): number {
    const known = this.#senders.get(identity);
    if (known !== undefined) return known;
    if (this.#senders.size >= SENDERS) this.#senders.clear();
    this.#addSender.run(identity);
    const id = Number(this.#sender.get(identity)!["id"]);
    this.#senders.set(identity, id);
    return id;
  }

  #begin(hour: number): void {
    if (hour === this.#hour) return;
    this.#hour = hour;
    this.#addHour.run(hour, this.#n);
  }
}
