import { readCursors, writeCursors } from "./cursor_file.ts";
import type { Places } from "./places.ts";

/** Which file is locked while somebody looks at the journals of a folder, or changes what they share. */
const DOOR = "door";

/** Waits until nobody else is at the journals of this folder. */
export async function enter(folder: string): Promise<Deno.FsFile> {
  const door = await Deno.open(`${folder}/${DOOR}`, { create: true, write: true, mode: 0o600 });
  try {
    await door.lock(true);
  } catch (error) {
    door.close();
    throw error;
  }
  return door;
}

/** Adds what this process has shown to `cursors.json`; says whether that worked. */
export async function settle(folder: string, places: Places): Promise<boolean> {
  try {
    using _door = await enter(folder);
    const settled = await readCursors(folder);
    settled.of(places.log);
    settled.add(places);
    await writeCursors(folder, settled);
    return true;
  } catch {
    return false; // the next process reads it from the journal
  }
}
