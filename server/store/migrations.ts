import type { DatabaseSync } from "node:sqlite";
import { NewerSchema } from "./failures.ts";
import { keys } from "./key_schema.ts";

/** Brings the schema from one version to the next. */
export type Migration = (db: DatabaseSync) => void;

/** Marks a database as one of this program: "chat" in ASCII. */
export const APPLICATION_ID = 0x63686174;

/** Version 1 is what the first one makes, and so on. What was once released is never changed, only added to. */
export const MIGRATIONS: readonly Migration[] = [logs, people, search, beside, keys];

/** Brings a database to the newest version, each step with its number in a transaction of its own. */
export function migrate(db: DatabaseSync, file: string, migrations = MIGRATIONS): void {
  const version = Number(Object.values(db.prepare("PRAGMA user_version").get()!)[0]);
  if (version > migrations.length) throw newer(file, version, migrations.length);
  for (let next = version; next < migrations.length; next++) {
    db.exec("BEGIN IMMEDIATE");
    try {
      migrations[next]!(db);
      db.exec(`PRAGMA user_version = ${next + 1}; COMMIT`);
    } catch (error) {
      db.exec("ROLLBACK");
      throw error;
    }
  }
}

/** Says that a file is too new. */
export function newer(file: string, version: number, known = MIGRATIONS.length): NewerSchema {
  return new NewerSchema(
    `${file} has schema ${version}, this program knows ${known}: use the newer program that wrote it`,
  );
}

function logs(db: DatabaseSync): void {
  db.exec(`
    CREATE TABLE meta (key TEXT PRIMARY KEY, value ANY NOT NULL) STRICT;
    INSERT INTO meta VALUES ('incarnation', lower(hex(randomblob(16))));
    CREATE TABLE conversation (
      id INTEGER PRIMARY KEY,
      key TEXT NOT NULL UNIQUE,
      head INTEGER NOT NULL DEFAULT 0,
      floor INTEGER NOT NULL DEFAULT 0,
      latest INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE TABLE sender (id INTEGER PRIMARY KEY, identity TEXT NOT NULL UNIQUE) STRICT;
    CREATE TABLE entry (
      n INTEGER PRIMARY KEY,
      conversation INTEGER NOT NULL REFERENCES conversation (id),
      seq INTEGER NOT NULL,
      at INTEGER NOT NULL,
      author TEXT NOT NULL,
      sender INTEGER NOT NULL REFERENCES sender (id),
      id TEXT NOT NULL,
      text TEXT NOT NULL,
      sum INTEGER NOT NULL,
      UNIQUE (conversation, seq),
      UNIQUE (sender, id)
    ) STRICT;
    CREATE TABLE spent (
      sender INTEGER NOT NULL REFERENCES sender (id),
      id TEXT NOT NULL,
      PRIMARY KEY (sender, id)
    ) STRICT, WITHOUT ROWID;`);
}

function people(db: DatabaseSync): void {
  db.exec(`
    CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
    CREATE TABLE account (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      name TEXT NOT NULL UNIQUE,
      identity TEXT NOT NULL,
      record TEXT NOT NULL,
      iterations INTEGER NOT NULL,
      memory INTEGER NOT NULL,
      parallelism INTEGER NOT NULL,
      role TEXT NOT NULL CHECK (role IN ('member', 'owner')),
      disabled INTEGER NOT NULL DEFAULT 0,
      created INTEGER NOT NULL,
      devices INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE TABLE name_skeleton (
      skeleton TEXT PRIMARY KEY,
      account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
      place INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX skeletons_of ON name_skeleton (account, place);
    CREATE TABLE retired_name (name TEXT PRIMARY KEY, until INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE retired_skeleton (skeleton TEXT PRIMARY KEY, until INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE device (
      account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
      device INTEGER NOT NULL,
      hash TEXT NOT NULL,
      label TEXT NOT NULL,
      created INTEGER NOT NULL,
      seen INTEGER NOT NULL,
      PRIMARY KEY (account, device)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE account_room (
      account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
      room TEXT NOT NULL,
      PRIMARY KEY (account, room)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE mark (
      account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
      conversation INTEGER NOT NULL REFERENCES conversation (id),
      floor INTEGER NOT NULL,
      delivered INTEGER NOT NULL,
      read INTEGER NOT NULL,
      told INTEGER NOT NULL,
      PRIMARY KEY (account, conversation)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE guest_name (n INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, identity TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
    CREATE TABLE guest_session (
      n INTEGER PRIMARY KEY,
      session TEXT NOT NULL,
      name TEXT NOT NULL,
      identity TEXT NOT NULL,
      at INTEGER NOT NULL,
      UNIQUE (session, name)
    ) STRICT;
    CREATE TABLE guest_mark (
      session TEXT NOT NULL,
      name TEXT NOT NULL,
      conversation INTEGER NOT NULL REFERENCES conversation (id),
      floor INTEGER NOT NULL,
      PRIMARY KEY (session, name, conversation),
      FOREIGN KEY (session, name) REFERENCES guest_session (session, name) ON DELETE CASCADE
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX guests_in ON guest_mark (name, conversation);`);
}

/**
 * The words are kept apart from the texts, and only as an index. `hour` has the first entry of each hour since 1970;
 * clocks may jump, so a later hour can have an earlier one.
 */
function search(db: DatabaseSync): void {
  db.exec(`
    CREATE VIRTUAL TABLE search USING fts5(text, tag, content = '', contentless_delete = 1, tokenize = 'ascii');
    INSERT INTO meta VALUES ('indexed', 0);
    CREATE TABLE hour (hour INTEGER PRIMARY KEY, first INTEGER NOT NULL) STRICT;
    INSERT INTO hour SELECT at / 3600000, min(n) FROM entry GROUP BY at / 3600000;`);
}

/** What an entry has beside its text. */
function beside(db: DatabaseSync): void {
  db.exec("ALTER TABLE entry ADD COLUMN also TEXT");
}
