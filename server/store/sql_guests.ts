import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { PeopleStore } from "./store.ts";
import type { AtOnce } from "./store_link.ts";

/** How many names, and how many sessions, of guests are remembered. */
const MOST = 100_000;
/** After how many guests those that are too many are forgotten. */
const EVERY = 256;

/** Under which identities guests write. */
export class SqlGuests implements Pick<AtOnce<PeopleStore>, "identify" | "release"> {
  readonly #most: number;
  readonly #every: number;
  readonly #ofSession: StatementSync;
  readonly #ofName: StatementSync;
  readonly #setSession: StatementSync;
  readonly #setName: StatementSync;
  readonly #oldSessions: StatementSync;
  readonly #oldNames: StatementSync;
  readonly #release: StatementSync;
  #come = 0;

  constructor(db: DatabaseSync, { most = MOST, every = EVERY } = {}) {
    this.#most = most;
    this.#every = every;
    this.#ofSession = db.prepare("SELECT identity FROM guest_session WHERE session = ? AND name = ?");
    this.#ofName = db.prepare("SELECT identity FROM guest_name WHERE name = ?");
    // A row that was there becomes the newest one, and keeps what belongs to it.
    this.#setSession = db.prepare(
      `INSERT INTO guest_session (n, session, name, identity, at)
       VALUES ((SELECT coalesce(max(n), 0) + 1 FROM guest_session), ?, ?, ?, ?)
       ON CONFLICT (session, name) DO UPDATE SET n = excluded.n, identity = excluded.identity, at = excluded.at`,
    );
    this.#setName = db.prepare(
      `INSERT INTO guest_name (n, name, identity, at)
       VALUES ((SELECT coalesce(max(n), 0) + 1 FROM guest_name), ?, ?, ?)
       ON CONFLICT (name) DO UPDATE SET n = excluded.n, identity = excluded.identity, at = excluded.at`,
    );
    this.#oldSessions = db.prepare(
      "DELETE FROM guest_session WHERE n <= (SELECT n FROM guest_session ORDER BY n DESC LIMIT 1 OFFSET ?)",
    );
    this.#oldNames = db.prepare(
      "DELETE FROM guest_name WHERE n <= (SELECT n FROM guest_name ORDER BY n DESC LIMIT 1 OFFSET ?)",
    );
    this.#release = db.prepare("DELETE FROM guest_name WHERE name = ?");
  }

  identify({ name, shown, session, fresh, at }: Parameters<PeopleStore["identify"]>[0]): string {
    const row = (shown === undefined ? undefined : this.#ofSession.get(shown, name)) ??
      this.#ofName.get(name);
    const identity = String(row?.["identity"] ?? fresh);
    this.#setName.run(name, identity, at);
    this.#setSession.run(session, name, identity, at);
    if (++this.#come % this.#every === 0) {
      this.#oldNames.run(this.#most);
      this.#oldSessions.run(this.#most);
    }
    return identity;
  }

  release(name: string): void {
    this.#release.run(name);
  }
}
