import { createHash } from "node:crypto";
import { Refused } from "../refused.ts";
import { nextName } from "./file_name.ts";

/** Owner only: what came from somebody else is nobody else's business. */
const MODE = 0o600;
const MOST_NAMES = 1_000;
const READ_BYTES = 512 * 1024;

/** The SHA-256 of a plain file, in hex; nothing where there is none. */
export async function hashOf(path: string): Promise<string | undefined> {
  using file = await openPlain(path);
  if (file === undefined) return undefined;
  const hash = createHash("sha256");
  const buffer = new Uint8Array(READ_BYTES);
  for (let count; (count = await file.read(buffer)) !== null;) hash.update(buffer.subarray(0, count));
  return hash.digest("hex");
}

/** Opens a plain file that has no other name; nothing where that is not what is there. */
export async function openPlain(path: string): Promise<Deno.FsFile | undefined> {
  try {
    const named = await Deno.lstat(path);
    if (!named.isFile || (named.nlink ?? 1) > 1) return undefined;
    const file = await Deno.open(path, { read: true, write: true });
    const { ino, dev } = await file.stat();
    if (ino === named.ino && dev === named.dev) return file;
    file.close(); // put in its place just now
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return undefined;
}

/** Removes a file that has nothing in it; any other stays. */
export async function discardEmpty(path: string): Promise<void> {
  using file = await openPlain(path);
  if (file !== undefined && (await file.stat()).size === 0) await Deno.remove(path);
}

/**
 * Takes a name that nothing has: `name`, or the next ones, each with `ending` behind it; `claimed` hears of it before it
 * is taken. The file is empty.
 */
export async function createFree(
  { folder, name, ending = "" }: { readonly folder: string; readonly name: string; readonly ending?: string },
  claimed: (path: string) => Promise<void>,
): Promise<{ readonly path: string; readonly file: Deno.FsFile }> {
  for (let count = 1; count <= MOST_NAMES; count++) {
    const path = `${folder}/${count === 1 ? name : nextName(name, count)}${ending}`;
    if (await isThere(path)) continue;
    await claimed(path);
    try {
      return { path, file: await Deno.open(path, { read: true, write: true, createNew: true, mode: MODE }) };
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    }
  }
  throw new Refused("file", `There are too many files named ${name} in ${folder}`);
}

async function isThere(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
