import { writeAll } from "../../protocol/write_all.ts";
import * as v from "valibot";

/** Owner only: sessions are secrets, and so is what somebody says. */
const MODE = 0o600;

/** What a JSON text of our own says, or nothing where it is damaged: the program goes on without. */
export function readJson<T extends v.GenericSchema>(schema: T, text: string): v.InferOutput<T> | undefined {
  try {
    return v.parse(schema, JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** A file's text; nothing where there is none, or none that can be read. */
export async function readText(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch {
    return undefined;
  }
}

/** Writes a file so that, whatever happens, it is either the old one or the new one. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const fresh = `${path}.${crypto.randomUUID()}`;
  try {
    using file = await Deno.open(fresh, { write: true, createNew: true, mode: MODE });
    await writeAll(file, new TextEncoder().encode(text));
    await file.syncData();
    await Deno.rename(fresh, path);
  } catch (error) {
    await Deno.remove(fresh).catch(() => {});
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Resolves when the names of the files in a folder are on disk; where a system keeps them by itself, at once. */
export async function syncFolder(path: string): Promise<void> {
  if (Deno.build.os === "windows") return;
  using folder = await Deno.open(path);
  await folder.sync();
}

/** Makes a folder, and those above it that are missing, for the owner only. */
export async function makeFolder(path: string): Promise<void> {
  await Deno.mkdir(path, { recursive: true, mode: 0o700 });
}

/** Why something cannot be done with a file, for people. */
export function reason(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/ \(os error \d+\).*$/s, "");
}

function dirname(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}
