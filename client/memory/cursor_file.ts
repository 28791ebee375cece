import * as v from "valibot";
import { readJson, readText, replaceFile } from "./own_file.ts";
import { Places } from "./places.ts";

const marks = v.record(v.string(), v.pipe(v.number(), v.safeInteger(), v.minValue(0)));
const schema = v.object({ log: v.optional(v.string()), cursors: marks, read: marks });

/** Reads `cursors.json`; empty where it is missing or damaged. */
export async function readCursors(folder: string): Promise<Places> {
  const places = new Places();
  const known = readJson(schema, await readText(path(folder)) ?? "");
  places.of(known?.log);
  for (const [to, seq] of Object.entries(known?.cursors ?? {})) places.seen(to, seq);
  for (const [to, seq] of Object.entries(known?.read ?? {})) places.readUp(to, seq);
  return places;
}

/** Writes `cursors.json`. */
export async function writeCursors(folder: string, { log, cursors, read }: Places): Promise<void> {
  const file = { log, cursors: Object.fromEntries(cursors), read: Object.fromEntries(read) };
  await replaceFile(path(folder), `${JSON.stringify(file)}\n`);
}

function path(folder: string): string {
  return `${folder}/cursors.json`;
}
