import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { PeopleStore } from "./store.ts";
import type { AtOnce } from "./store_link.ts";

/** How many names, and how many sessions, of guests are remembered. */
const MOST = 100_000;

/** Under which identities guests write. */
export class SqlGuests implements Pick<AtOnce<PeopleStore>, "identify" | "release"> {
  readonly #most: number;
  readonly #ofSession: StatementSync;
  readonly #ofName: StatementSync;
  readonly #setSession: StatementSync;
  readonly #setName: StatementSync;
  readonly #oldSessions: StatementSync;
  readonly #oldNames: StatementSync;
  readonly #release: StatementSync;

  constructor(db: DatabaseSync, { most = MOST } = {}) {
    this.#most = most;
    this.#ofSession = db.prepare("SELECT identity FROM guest_session WHERE session = ? AND name = ?");
    this.#ofName = db.prepare("SELECT identity FROM guest_name WHERE name = ?");
    // A row that is replaced becomes the newest one.
    this.#setSession = db.prepare(
      `INSERT OR REPLACE INTO guest_session (n, session, name, identity, at)
       VALUES ((SELECT coalesce(max(n), 0) + 1 FROM guest_session), ?, ?, ?, ?) RETURNING n`,
    );
    this.#setName = db.prepare(
      `INSERT OR REPLACE INTO guest_name (n, name, identity, at)
       VALUES ((SELECT coalesce(max(n), 0) + 1 FROM guest_name), ?, ?, ?) RETURNING n`,
    );
    this.#oldSessions = db.prepare("DELETE FROM guest_session WHERE n <= ?");
    this.#oldNames = db.prepare("DELETE FROM guest_name WHERE n <= ?");
    this.#release = db.prepare("DELETE FROM guest_name WHERE name = ?");
  }

  identify({ name, shown, session, fresh, at }: Parameters<PeopleStore["identify"]>[0]): string {
    const row = (shown === undefined ? undefined : this.#ofSession.get(shown, name)) ??
      this.#ofName.get(name);
    const identity = String(row?.["identity"] ?? fresh);
    const newestName = Number(this.#setName.get(name, identity, at)!["n"]);
    const newestSession = Number(this.#setSession.get(session, name, identity, at)!["n"]);
    this.#oldNames.run(newestName - this.#most);
    this.#oldSessions.run(newestSession - this.#most);
    return identity;
  }

  release(name: string): void {
    this.#release.run(name);
  }
}
