import type { DatabaseSync } from "node:sqlite";

/** Keys of accounts. What belongs to an account, or to one of its devices, goes with it; the log stays. */
export function keys(db: DatabaseSync): void {
  db.exec(`
    CREATE TABLE key_log (n INTEGER PRIMARY KEY, user TEXT NOT NULL, key TEXT, hash TEXT NOT NULL) STRICT;
    CREATE TABLE statement (
      account INTEGER PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
      key TEXT NOT NULL,
      counter INTEGER NOT NULL,
      devices TEXT NOT NULL,
      signature TEXT NOT NULL,
      n INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE key_device (
      account INTEGER NOT NULL,
      id TEXT NOT NULL,
      device INTEGER NOT NULL,
      last_resort TEXT,
      PRIMARY KEY (account, id),
      FOREIGN KEY (account, device) REFERENCES device (account, device) ON DELETE CASCADE
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX key_devices_of ON key_device (account, device);
    CREATE TABLE key_package (
      n INTEGER PRIMARY KEY,
      account INTEGER NOT NULL,
      id TEXT NOT NULL,
      package TEXT NOT NULL,
      FOREIGN KEY (account, id) REFERENCES key_device (account, id) ON DELETE CASCADE
    ) STRICT;
    CREATE INDEX key_packages_of ON key_package (account, id);
    CREATE TABLE vault (
      account INTEGER PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
      vault TEXT NOT NULL
    ) STRICT;
    CREATE TABLE archive (
      account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
      n INTEGER NOT NULL,
      put TEXT NOT NULL,
      PRIMARY KEY (account, n)
    ) STRICT, WITHOUT ROWID;`);
}
