import type { DatabaseSync } from "node:sqlite";
import { Conversations } from "./conversations.ts";
import { Entries } from "./entries.ts";
import { NoAccount, told } from "./failures.ts";
import { Purge } from "./purge.ts";
import { SearchIndex } from "./search_index.ts";
import { SqlKeys } from "./sql_keys.ts";
import { sqlPeople } from "./sql_people.ts";
import { isFull } from "./sqlite_error.ts";
import type { Answer, Job, WriterCalls } from "./store_link.ts";

/** What only looks: it needs no transaction, and is answered also when nothing can be written. */
const LOOKS: ReadonlySet<string> = new Set<keyof WriterCalls>([
  "extent",
  "find",
  "newest",
  "setting",
  "accounts",
  "retired",
  "retired",
  "devices",
  "roomsOf",
  "marksOf",
  "waiting",
  "lastOf",
  "stated",
  "keyLog",
  "vault",
  "kept",
  "publishers",
]);
/** Entries made findable when somebody waits for it, and now and then while there is much else to do. */
const CHUNK = 500;
const SMALL_CHUNK = 100;
/** Writing the log back into the file: after so many transactions, or entries. */
const TRANSACTIONS = 256;
const ENTRIES = 2_000;

/** The one who writes. Anything it throws means that it must never write again. */
export class Writer {
  readonly #db: DatabaseSync;
  readonly #conversations: Conversations;
  readonly #entries: Entries;
  readonly #index: SearchIndex;
  readonly #calls: WriterCalls;
  #transactions = 0;
  #written: number;

  constructor(db: DatabaseSync) {
    this.#db = db;
    const conversations = this.#conversations = new Conversations(db);
    const entries = this.#entries = new Entries(db, conversations);
    const index = this.#index = new SearchIndex(db);
    const purge = new Purge(db, entries, index);
    this.#written = entries.newest;
    const people = sqlPeople(db, conversations);
    const keys = new SqlKeys(db);
    this.#calls = {
      ...people,
      unregister(account, until) {
        keys.gone(account);
        people.unregister(account, until);
      },
      stated: () => keys.stated(),
      publish: (...args) => keys.publish(...args),
      take: (...args) => keys.take(...args),
      keyLog: (...args) => keys.keyLog(...args),
      vault: (...args) => keys.vault(...args),
      keep: (...args) => keys.keep(...args),
      kept: (...args) => keys.kept(...args),
      publishers: (...args) => keys.publishers(...args),
      append: (drafts) => entries.append(drafts),
      extent: (conversation) => conversations.extent(conversation),
      find: (sender, id) => entries.find(sender, id),
      expire: (room, before) => purge.expire(room, before),
      index(through) {
        index.advance(CHUNK, entries.newest);
        return index.indexed < through;
      },
      newest: () => entries.newest,
    };
  }

  /** Whether some entries are not findable yet. */
  get behind(): boolean {
    return this.#index.indexed < this.#entries.newest;
  }

  /** How many entries were stored in all. */
  get stored(): number {
    return this.#entries.stored;
  }

  /** Does jobs in their order, all that is written in one transaction. When this returns it is on disk. */
  do(jobs: readonly Job[]): readonly Answer[] {
    if (jobs.every(({ call }) => LOOKS.has(call))) return jobs.map((job) => this.#answer(job));
    const answers = this.#transact(() => jobs.map((job) => this.#answer(job)));
    return answers ?? jobs.map((job) => LOOKS.has(job.call) ? this.#answer(job) : "full");
  }

  /** Makes some entries findable, with `many` as many as do not keep others waiting for long; whether there was room. */
  index({ many }: { readonly many: boolean }): boolean {
    const done = this.#transact(() => {
      this.#index.advance(many ? CHUNK : SMALL_CHUNK, this.#entries.newest);
      return true;
    });
    return done ?? false;
  }

  /** Writes the log back into the file when there is enough of it. */
  tidy(): void {
    if (this.#transactions < TRANSACTIONS && this.#entries.newest - this.#written < ENTRIES) return;
    this.#transactions = 0;
    this.#written = this.#entries.newest;
    try {
      this.#db.exec("PRAGMA wal_checkpoint(PASSIVE)");
    } catch (error) {
      if (!isFull(error)) throw error; // it stays in the log until there is room
    }
  }

  #answer({ call, args }: Job): Answer {
    if (call !== "append") this.#conversations.flush();
    try {
      const asked = this.#calls[call as keyof WriterCalls] as (...args: readonly unknown[]) => unknown;
      return { value: asked(...args) };
    } catch (error) {
      if (error instanceof NoAccount) return { refused: told(error) }; // found out before anything was written
      throw error;
    }
  }

  /** `undefined` when there was no room: nothing has changed then. */
  #transact<T>(work: () => T): T | undefined {
    try {
      this.#db.exec("BEGIN IMMEDIATE");
      const result = work();
      this.#conversations.flush();
      this.#db.exec("COMMIT");
      this.#transactions++;
      return result;
    } catch (error) {
      if (!isFull(error)) throw error;
      this.#rollBack();
      return undefined;
    }
  }

  #rollBack(): void {
    if (this.#db.isTransaction) this.#db.exec("ROLLBACK"); // SQLite may have done so itself
    this.#conversations.reset();
    this.#entries.reset();
    this.#index.reset();
  }
}
