import { DatabaseSync } from "node:sqlite";
import { Damaged, damaged } from "./failures.ts";
import { lockFolder, makePrivate } from "./folder_lock.ts";
import { checkDatabase } from "./database_check.ts";
import { checkHeader } from "./header.ts";
import { checkHighWater, highWaterOf } from "./high_water.ts";
import { checkLog } from "./log_check.ts";
import { APPLICATION_ID, migrate, MIGRATIONS } from "./migrations.ts";
import { isDamage, isFull, isTrouble, messageOf } from "./sqlite_error.ts";

/** The file in a data folder that has everything. */
export const DATABASE = "chat.db";

/** How long another program may hold the database before it counts as broken. */
const PATIENCE_MS = 10_000;
/** Up to this size everything in a database is read before it is used; of a larger one, what is read is checked then. */
const SMALL_BYTES = 4 * 1024 * 1024;

/** An open database, and what is to be let go of after it. */
export interface Opened extends Disposable {
  readonly db: DatabaseSync;
  readonly incarnation: string;
}

/** Opens the database of a folder for the one who writes; makes it where there is none. */
export function openToWrite(folder: string, pages?: number): Opened {
  using held = new DisposableStack();
  held.use(lockFolder(folder));
  const path = `${folder}/${DATABASE}`;
  if (!exists(path)) create(folder, path);
  checkHeader(path);
  checkLog(path);
  checkFile(path);
  const clean = sizeOf(`${path}-wal`) === 0;
  const db = new DatabaseSync(path, { timeout: PATIENCE_MS, enableForeignKeyConstraints: true });
  held.defer(() => db.close());
  try {
    prepare(db);
    migrate(db, path);
    if (pages !== undefined) db.exec(`PRAGMA max_page_count = ${Math.floor(pages)}`);
    if (!clean) emptyLog(db);
    const incarnation = db.prepare("SELECT value FROM meta WHERE key = 'incarnation'").get()?.["value"];
    if (typeof incarnation !== "string") throw damaged(path, "it has no incarnation");
    syncFolder(folder); // SQLite does so too for its log, and goes on when that fails
    const all = held.move();
    return { db, incarnation, [Symbol.dispose]: () => all.dispose() };
  } catch (error) {
    throw isDamage(error) ? damaged(path, error instanceof Error ? error.message : "") : error;
  }
}

/** Opens the database that somebody else writes. */
export function openToRead(folder: string): DatabaseSync {
  const db = new DatabaseSync(`${folder}/${DATABASE}`, { readOnly: true, timeout: PATIENCE_MS });
  db.exec("PRAGMA query_only = ON; PRAGMA cache_size = -32000; PRAGMA temp_store = MEMORY");
  return db;
}

/** The settings that the promise to keep everything rests on, read back. */
function prepare(db: DatabaseSync): void {
  db.exec(`PRAGMA synchronous = FULL; PRAGMA cache_size = -16000; PRAGMA temp_store = MEMORY;
    PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = 67108864`);
  expect(db, "journal_mode", "wal");
  expect(db, "synchronous", 2);
  expect(db, "foreign_keys", 1);
}

function expect(db: DatabaseSync, pragma: string, wanted: string | number): void {
  const row = db.prepare(`PRAGMA ${pragma}`).get();
  const value = row && Object.values(row)[0];
  if (value !== wanted) throw new Error(`Cannot keep data safely: ${pragma} is ${value}, not ${wanted}`);
}

/** Reads a database, all of it unless it is large, and leaves it as it is: who may write would write its log back. */
function checkFile(path: string): void {
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    const version = db.prepare("PRAGMA user_version").get()?.["user_version"];
    if (version !== MIGRATIONS.length) return; // it has not what is looked at here
    const stored = db.prepare("SELECT coalesce(sum(head), 0) AS stored FROM conversation").get()?.["stored"];
    checkHighWater(path, Number(stored));
    if (sizeOf(path) <= SMALL_BYTES) checkDatabase(db, path);
  } catch (error) {
    if (error instanceof Damaged || isTrouble(error)) throw error;
    throw damaged(path, messageOf(error)); // even tables may have other names than they had
  } finally {
    db.close();
  }
}

/** Begins the log anew: what was left of it must not be taken for a part of what comes (log_check.ts). */
function emptyLog(db: DatabaseSync): void {
  try {
    db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  } catch (error) {
    if (!isFull(error)) throw error; // it stays until there is room
  }
}

/** Makes an empty database under another name first, so that there is a whole one or none. */
function create(folder: string, path: string): void {
  if (sizeOf(`${path}-wal`) > 0) throw damaged(path, `it is missing, and ${DATABASE}-wal is there`);
  remove(highWaterOf(path));
  const fresh = `${path}.new`;
  for (const ending of ["", "-journal", "-wal", "-shm"]) remove(`${fresh}${ending}`);
  makePrivate(fresh);
  const db = new DatabaseSync(fresh);
  try {
    db.exec(`PRAGMA synchronous = FULL; PRAGMA application_id = ${APPLICATION_ID}`);
    migrate(db, fresh); // before there is a log: closing would write that back, and not say when it fails
    db.exec("PRAGMA journal_mode = WAL");
  } finally {
    db.close();
  }
  if (!hasWal(fresh)) throw new Error(`Cannot keep data safely: ${fresh} cannot have a log`);
  Deno.renameSync(fresh, path);
  syncFolder(folder);
}

/** Makes sure that files keep their names. */
function syncFolder(folder: string): void {
  using directory = Deno.openSync(folder);
  directory.syncSync();
}

/** Whether the file itself says that it has a log: SQLite says so also where it could not write that down. */
function hasWal(path: string): boolean {
  const header = new Uint8Array(20);
  using file = Deno.openSync(path);
  return file.readSync(header) === header.length && header[18] === 2;
}

function exists(path: string): boolean {
  return sizeOf(path, -1) >= 0;
}

function sizeOf(path: string, missing = 0): number {
  try {
    return Deno.statSync(path).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return missing;
    throw error;
  }
}

function remove(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
