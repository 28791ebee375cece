import { enter } from "../memory/door.ts";
import { lockFile } from "../memory/lock_file.ts";
import { makeFolder, replaceFile, syncFolder } from "../memory/own_file.ts";
import { type Bytes, random, toBytes, toText } from "./encoding.ts";
import { KeyJournal } from "./key_journal.ts";

const KEY_BYTES = 32;
/** Programs of one account that share a machine, each with keys of its own. */
const MOST_SLOTS = 20;
/** What a process leaves that dies while it writes what is trusted. */
const LEFTOVER = /^trust\.json\../;

interface Place {
  readonly folder: string;
  readonly lock: Deno.FsFile;
  readonly journal: KeyJournal;
}

/** Where the keys of one program lie, as long as it runs: its secrets encrypted, what it trusts as it is. */
export class Slot implements Disposable {
  /** What opens the journal. */
  readonly key: Bytes;
  /** Where this place is new: what programs beside it have kept, who are the same account. */
  readonly siblings: readonly Bytes[];
  readonly #place: Place | undefined;

  private constructor(key: Bytes, siblings: readonly Bytes[], place?: Place) {
    this.key = key;
    this.siblings = siblings;
    this.#place = place;
  }

  /** Takes the first place in `folder` that no other process has; without a folder, or a place in it, nothing is kept. */
  static async open(folder: string | undefined): Promise<Slot> {
    if (folder !== undefined) {
      await makeFolder(folder);
      const key = await fileKey(folder);
      for (let number = 1; number <= MOST_SLOTS; number++) {
        const slot = await Slot.#take(folder, number, key);
        if (slot) return slot;
      }
    }
    return new Slot(random(KEY_BYTES), []);
  }

  static async #take(all: string, number: number, key: Bytes): Promise<Slot | undefined> {
    const folder = `${all}/${number}`;
    await makeFolder(folder);
    const lock = await lockFile(`${folder}/lock`);
    if (lock === undefined) return undefined;
    try {
      await tidy(folder);
      await syncFolder(all);
      const journal = await KeyJournal.open(folder);
      const siblings = journal.found.length > 0 ? [] : await beside(all, number);
      return new Slot(key, siblings, { folder, lock, journal });
    } catch (error) {
      lock.close();
      throw error;
    }
  }

  /** Where there is one: what the last process here has left, and what this one adds. */
  get journal(): KeyJournal | undefined {
    return this.#place?.journal;
  }

  /** What is trusted, as it was written last. */
  async trusted(): Promise<string | undefined> {
    return this.#place && await textOf(`${this.#place.folder}/trust.json`);
  }

  async trust(json: string): Promise<void> {
    if (this.#place) await replaceFile(`${this.#place.folder}/trust.json`, json);
  }

  [Symbol.dispose](): void {
    this.#place?.journal[Symbol.dispose]();
    this.#place?.lock.close();
  }
}

/** The key of all slots in a folder; only the owner of the folder can read it. */
async function fileKey(folder: string): Promise<Bytes> {
  const path = `${folder}/key`;
  const known = await keyIn(path);
  if (known) return known;
  using _door = await enter(folder);
  const made = await keyIn(path); // by another process, just now
  if (made) return made;
  const key = random(KEY_BYTES);
  await replaceFile(path, `${toText(key)}\n`);
  await syncFolder(`${folder}/..`);
  return key;
}

/** Nothing where there is no file, or an empty one, as an earlier version could leave it. Throws where it is damaged. */
async function keyIn(path: string): Promise<Bytes | undefined> {
  const text = (await textOf(path))?.trim();
  if (text === undefined || text === "") return undefined;
  const key = toBytes(text);
  if (key.length !== KEY_BYTES) throw new Error(`${path} is damaged`);
  return key;
}

/** Nothing where there is no such file: one that cannot be read just now must not be taken for none. */
async function textOf(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

async function tidy(folder: string): Promise<void> {
  for await (const { name } of Deno.readDir(folder)) {
    if (LEFTOVER.test(name)) await Deno.remove(`${folder}/${name}`);
  }
}

/** What lies in the other places of a folder. */
async function beside(folder: string, number: number): Promise<Bytes[]> {
  const found: Bytes[] = [];
  for (let other = 1; other <= MOST_SLOTS; other++) {
    if (other !== number) found.push(...await KeyJournal.peek(`${folder}/${other}`));
  }
  return found;
}
