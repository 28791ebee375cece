import { DatabaseSync } from "node:sqlite";
import { existingDatabase } from "../data_folder.ts";
import { EXIT, Exit } from "../exit.ts";
import { Conversations } from "../store/conversations.ts";
import { FolderInUse } from "../store/failures.ts";
import { lockFolder } from "../store/folder_lock.ts";
import { checkHeader } from "../store/header.ts";
import { checkLog } from "../store/log_check.ts";
import { MIGRATIONS } from "../store/migrations.ts";
import { PeopleClient } from "../store/people_client.ts";
import { sqlPeople } from "../store/sql_people.ts";
import type { PeopleStore } from "../store/store.ts";
import type { AtOnce } from "../store/store_link.ts";

/** How long to wait for a server that writes. */
const PATIENCE_MS = 10_000;
/** Says, by being another one, that people were changed by somebody else than the server. */
export const CHANGED = "changed";
/** What the server has to hear of. */
const CHANGES: ReadonlySet<string> = new Set<keyof PeopleStore>(["repass", "setRole", "setDisabled"]);

/** Opens the data of a folder, beside a server that may be running. Changes nothing, and makes nothing. */
export async function openData(folder: string): Promise<DatabaseSync> {
  const path = await existingDatabase(folder);
  checkHeader(path);
  try {
    using _nobody = lockFolder(folder);
    checkLog(path);
  } catch (error) {
    if (!(error instanceof FolderInUse)) throw error; // whoever has it has looked at its log
  }
  const db = new DatabaseSync(path, { timeout: PATIENCE_MS, enableForeignKeyConstraints: true });
  db.exec("PRAGMA synchronous = FULL");
  const version = Number(db.prepare("PRAGMA user_version").get()?.["user_version"]);
  if (version === MIGRATIONS.length) return db;
  db.close();
  throw new Exit(
    EXIT.failure,
    `${path} is from an older program: start the server once, it brings it up to date`,
  );
}

/** The people in a database, beside a server that may be running: it takes notice of what is changed here. */
export function peopleOf(db: DatabaseSync): PeopleStore {
  const people = sqlPeople(db, new Conversations(db));
  return new PeopleClient((call, ...args) => {
    const ask = people[call] as (...args: readonly unknown[]) => unknown;
    const act = () => CHANGES.has(call) ? changed(db, people, () => ask(...args)) : ask(...args);
    return Promise.try(act) as never;
  });
}

function changed<T>(db: DatabaseSync, people: AtOnce<PeopleStore>, change: () => T): T {
  db.exec("BEGIN IMMEDIATE");
  try {
    const result = change();
    people.setSetting(CHANGED, crypto.randomUUID());
    db.exec("COMMIT");
    return result;
  } catch (error) {
    if (db.isTransaction) db.exec("ROLLBACK");
    throw error;
  }
}
