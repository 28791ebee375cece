import { DatabaseSync } from "node:sqlite";
import { FolderInUse } from "./failures.ts";
import { isBusy } from "./sqlite_error.ts";

/**
 * Takes a data folder for as long as the process lives, or until it is disposed of. A lock of its own, not one on the
 * data: operators' tools read those meanwhile. The kernel lets go of it however the process ends. Throws
 * {@linkcode FolderInUse}.
 */
export function lockFolder(folder: string): Disposable {
  const path = `${folder}/lock.db`;
  makePrivate(path);
  const db = new DatabaseSync(path, { timeout: 0 });
  try {
    db.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
  } catch (error) {
    db.close();
    if (!isBusy(error)) throw error;
    throw new FolderInUse(`another server uses ${folder}: stop it, or choose another folder with --data`);
  }
  return { [Symbol.dispose]: () => db.close() };
}

/** Makes an empty file that only its owner may read, where there is none: SQLite would let everybody read it. */
export function makePrivate(path: string): void {
  try {
    Deno.openSync(path, { write: true, createNew: true, mode: 0o600 }).close();
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  }
}
