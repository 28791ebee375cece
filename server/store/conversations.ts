import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Extent } from "./store.ts";

/** The end of one conversation. */
export interface Log {
  readonly id: number;
  head: number;
  /** The time of the newest entry. */
  latest: number;
  changed: boolean;
}

/** Conversations that are remembered. */
const MOST = 10_000;

/** How far each conversation reaches. What has changed is written by {@linkcode flush}. */
export class Conversations {
  readonly #find: StatementSync;
  readonly #add: StatementSync;
  readonly #write: StatementSync;
  readonly #extent: StatementSync;
  readonly #known = new Map<string, Log>();
  readonly #changed: Log[] = [];

  constructor(db: DatabaseSync) {
    this.#find = db.prepare("SELECT id, head, latest FROM conversation WHERE key = ?");
    this.#add = db.prepare("INSERT INTO conversation (key) VALUES (?) RETURNING id, head, latest");
    this.#write = db.prepare(
      "UPDATE conversation SET head = ?, floor = max(floor, 1), latest = ? WHERE id = ?",
    );
    this.#extent = db.prepare("SELECT head, floor FROM conversation WHERE key = ?");
  }

  /** The conversation of that key, made when there is none. */
  open(key: string): Log {
    const known = this.#known.get(key);
    if (known) return known;
    if (this.#known.size >= MOST) {
      this.flush();
      this.#known.clear();
    }
    const { id, head, latest } = (this.#find.get(key) ?? this.#add.get(key)) as Record<string, number>;
    const log = { id: id!, head: head!, latest: latest!, changed: false };
    this.#known.set(key, log);
    return log;
  }

  /** The next entry of `log` is there, with this time. */
  grew(log: Log, at: number): void {
    log.head++;
    log.latest = at;
    if (log.changed) return;
    log.changed = true;
    this.#changed.push(log);
  }

  flush(): void {
    for (const log of this.#changed) {
      this.#write.run(log.head, log.latest, log.id);
      log.changed = false;
    }
    this.#changed.length = 0;
  }

  /** A transaction was rolled back. */
  reset(): void {
    this.#known.clear();
    this.#changed.length = 0;
  }

  extent(key: string): Extent {
    const { head, floor } = (this.#extent.get(key) ?? { head: 0, floor: 0 }) as Record<string, number>;
    return { head: head!, floor: floor! };
  }
}
