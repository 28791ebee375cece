import { backup as copy, DatabaseSync } from "node:sqlite";
import { isMissing } from "../data_folder.ts";
import { EXIT, Exit } from "../exit.ts";
import { checkDatabase, type Counts } from "../store/database_check.ts";
import { makePrivate } from "../store/folder_lock.ts";
import { folderOf, synced } from "./sync.ts";

/** Pages copied at a time: in parts it would begin anew whenever somebody writes. */
const ALL = 2 ** 30;

type Heads = ReadonlyMap<string, number>;

/**
 * Copies the data as they are at one moment into a new file, which has its name only once it was read again and found to
 * be whole. Whoever writes meanwhile goes on.
 */
export async function backup(db: DatabaseSync, file: string): Promise<Counts> {
  const folder = folderOf(file);
  if (await isThere(file)) throw taken(file);
  if (!await isThere(folder)) throw new Exit(EXIT.failure, `there is no folder ${folder} for the backup`);
  const part = `${file}.${Deno.pid}.part`;
  makePrivate(part);
  try {
    const before = headsOf(db);
    await copy(db, part, { rate: ALL });
    alone(part);
    const after = headsOf(db);
    await synced(part);
    using found = opened(part);
    const counts = checkDatabase(found.db, part);
    checkHeads(headsOf(found.db), { before, after });
    await named(part, file);
    await synced(folder);
    return counts;
  } finally {
    await Deno.remove(part).catch(() => {}); // it has its name by now, or was never whole
  }
}

/** Without a log beside it, also when it is opened. */
function alone(path: string): void {
  const db = new DatabaseSync(path);
  try {
    db.exec("PRAGMA journal_mode = DELETE");
  } finally {
    db.close();
  }
}

function opened(path: string): Disposable & { readonly db: DatabaseSync } {
  const db = new DatabaseSync(path, { readOnly: true });
  return { db, [Symbol.dispose]: () => db.close() };
}

function headsOf(db: DatabaseSync): Heads {
  return new Map(
    db.prepare("SELECT key, head FROM conversation").all().map((
      { key, head },
    ) => [String(key), Number(head)]),
  );
}

/** A copy of one moment has no less than there was before, and no more than there was after it. */
function checkHeads(
  copied: Heads,
  { before, after }: { readonly before: Heads; readonly after: Heads },
): void {
  for (const [key, head] of after) {
    const has = copied.get(key) ?? 0;
    if (has < (before.get(key) ?? 0) || has > head) {
      throw new Exit(EXIT.io, "the copy is not what was copied: try again");
    }
  }
}

/** Gives the file its name, which nothing may have had. */
async function named(part: string, file: string): Promise<void> {
  try {
    await Deno.link(part, file);
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists || await isThere(file)) throw taken(file);
    await Deno.rename(part, file); // not every disk has two names for one file
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

function taken(file: string): Exit {
  return new Exit(EXIT.failure, `${file} is there already, and nothing is written over: choose another name`);
}
