import { claim } from "./claim.ts";
import { Notes } from "./notes.ts";
import { readText } from "./own_file.ts";

const JOURNAL = /^outbox-[\w-]+\.jsonl(\.new)?$/;

/** The journals of other processes of the same name on the same server. */
export interface Leftovers extends Disposable {
  /** Of those that have ended and left something behind, the oldest first; held until this is disposed of. */
  readonly dead: readonly { readonly path: string; readonly notes: Notes }[];
  /** Of those that live. */
  readonly alive: readonly Notes[];
}

/** Looks for journals in a folder; nobody else may do so at the same time. */
export async function findLeftovers(folder: string): Promise<Leftovers> {
  const dead: { path: string; notes: Notes }[] = [];
  const alive: Notes[] = [];
  const held: Deno.FsFile[] = [];
  for (const path of await journals(folder)) {
    const { pid } = Notes.read(await readText(path) ?? "");
    const file = hold(path, pid);
    if (file) held.push(file);
    const notes = Notes.read(await readText(path) ?? "");
    if (!path.endsWith(".new")) file ? dead.push({ path, notes }) : alive.push(notes);
    else if (file) await Deno.remove(path).catch(() => {}); // it died before this took the journal's place
  }
  dead.sort((one, other) => one.notes.began - other.notes.began);
  return {
    dead,
    alive,
    [Symbol.dispose]() {
      for (const file of held) file.close();
    },
  };
}

async function journals(folder: string): Promise<string[]> {
  const paths: string[] = [];
  try {
    for await (const { name } of Deno.readDir(folder)) {
      if (JOURNAL.test(name)) paths.push(`${folder}/${name}`);
    }
  } catch { /* there is no folder yet, or none that can be read */ }
  return paths;
}

/** The file, if nobody else has it. */
function hold(path: string, pid: number): Deno.FsFile | undefined {
  let file: Deno.FsFile | undefined;
  try {
    file = Deno.openSync(path, { read: true });
    if (claim(file, path, pid)) return file;
  } catch { /* gone by now, or not ours to take */ }
  file?.close();
  return undefined;
}
