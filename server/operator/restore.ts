import { DatabaseSync } from "node:sqlite";
import { DATABASE, isMissing, openFolder } from "../data_folder.ts";
import { EXIT, Exit } from "../exit.ts";
import { checkDatabase, type Counts } from "../store/database_check.ts";
import { lockFolder, makePrivate } from "../store/folder_lock.ts";
import { checkHeader } from "../store/header.ts";
import { highWaterOf } from "../store/high_water.ts";
import { checkLog } from "../store/log_check.ts";
import { migrate } from "../store/migrations.ts";
import { isBusy } from "../store/sqlite_error.ts";
import { synced } from "./sync.ts";

/** What was restored, and where the data are that were there before. */
export interface Restored {
  readonly counts: Counts;
  readonly kept: string | undefined;
}

/**
 * Puts a backup in the place of a folder's data, which are kept beside it under another name. At any moment the folder
 * has the old data or the new ones. Rejects with `FolderInUse` while a server runs.
 */
export async function restore(folder: string, file: string): Promise<Restored> {
  await checkFile(folder, file);
  await openFolder(folder);
  using _lock = lockFolder(folder);
  const fresh = `${folder}/${DATABASE}.restored`;
  await remove(fresh);
  try {
    await copied(file, fresh);
    const counts = prepared(fresh, file);
    await synced(fresh);
    const kept = await setAside(folder);
    await remove(highWaterOf(`${folder}/${DATABASE}`)); // less may have been stored in the backup
    await Deno.rename(fresh, `${folder}/${DATABASE}`);
    await synced(folder);
    return { counts, kept };
  } finally {
    await remove(fresh);
  }
}

async function checkFile(folder: string, file: string): Promise<void> {
  const [given, present] = await Promise.all([inode(file), inode(`${folder}/${DATABASE}`)]);
  if (given === undefined) throw new Exit(EXIT.failure, `there is no file ${file}`);
  if (given === present) throw new Exit(EXIT.failure, `${file} is what the server uses: name a backup`);
  checkHeader(file);
  checkLog(file);
}

async function inode(path: string): Promise<string | undefined> {
  try {
    const { isFile, dev, ino } = await Deno.stat(path);
    return isFile ? `${dev} ${ino ?? path}` : undefined;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Copies a database, with the log that somebody may have copied along with it. */
async function copied(from: string, to: string): Promise<void> {
  for (const ending of ["", "-wal"]) {
    if (await inode(`${from}${ending}`) === undefined) continue;
    makePrivate(`${to}${ending}`);
    const source = await Deno.open(`${from}${ending}`);
    await source.readable.pipeTo(
      (await Deno.open(`${to}${ending}`, { write: true, truncate: true })).writable,
    );
  }
}

/** Checks the copy, and names its logs anew: who has seen more of them than there is now must notice. */
function prepared(path: string, file: string): Counts {
  const db = new DatabaseSync(path);
  try {
    migrate(db, file);
    const counts = checkDatabase(db, file);
    db.exec(`PRAGMA synchronous = FULL;
      UPDATE meta SET value = lower(hex(randomblob(16))) WHERE key = 'incarnation';
      PRAGMA journal_mode = WAL`);
    return counts;
  } finally {
    db.close(); // which leaves no log
  }
}

/** Gives the folder's data another name beside their own; resolves with it, or nothing where there are none. */
async function setAside(folder: string): Promise<string | undefined> {
  const path = `${folder}/${DATABASE}`;
  const kept = `${path}.before-${new Date().toISOString().replace(/\.\d+/, "").replaceAll(/[-:]/g, "")}`;
  const present = await inode(path) !== undefined;
  if (present) withoutLog(path);
  // A log that is left cannot be read back into its file, and must not be read into another one.
  await Deno.rename(`${path}-wal`, `${kept}-wal`).catch(ignoreMissing);
  await Deno.remove(`${path}-shm`).catch(ignoreMissing);
  if (!present) return undefined;
  await Deno.link(path, kept).catch(() => Deno.rename(path, kept)); // not every disk has two names for one file
  await synced(folder);
  return kept;
}

/** Writes the log back into its file, where both can be read; nobody else may have them open. */
function withoutLog(path: string): void {
  try {
    checkLog(path);
    const db = new DatabaseSync(path, { timeout: 0 });
    try {
      db.exec("PRAGMA journal_mode = DELETE");
    } finally {
      db.close();
    }
  } catch (error) {
    if (!isBusy(error)) return; // damaged, which may be why a backup is restored
    throw new Exit(EXIT.taken, `another program reads ${path}: let the backup or export end, then try again`);
  }
}

async function remove(path: string): Promise<void> {
  for (const ending of ["", "-wal", "-shm", "-journal"]) {
    await Deno.remove(`${path}${ending}`).catch(ignoreMissing);
  }
}

function ignoreMissing(error: unknown): void {
  if (!isMissing(error)) throw error;
}
