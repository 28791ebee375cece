import { writeAll } from "../../protocol/write_all.ts";
import { joined } from "../../protocol/joined.ts";
import { syncFolder } from "../memory/own_file.ts";
import type { Bytes } from "./encoding.ts";

const SIZE_BYTES = 4;
/** A journal is written anew when it is larger than this, and mostly says what has no meaning any more. */
const FLOOR = 64 * 1024;
const MOSTLY = 2;

/**
 * The sealed records of one device's keys, one after the other in a file that one process has: a record is on disk when
 * {@linkcode add} resolves. What a crash, or a disk without room, has left of a record is cut off before the next one.
 */
export class KeyJournal implements Disposable {
  /** What was there when it was opened, oldest first; the last ones may be torn. */
  readonly found: readonly Bytes[];
  readonly #folder: string;
  readonly #path: string;
  #file: Deno.FsFile;
  /** Where what is to be read again ends; behind it there may be what is not, if it is `torn`. */
  #size: number;
  #torn = true;
  /** Whether the name of the file is on disk. */
  #named = false;
  /** It is written anew when it is larger. */
  #bound: number;

  private constructor(folder: string, path: string, file: Deno.FsFile, found: readonly Bytes[]) {
    this.#folder = folder;
    this.#path = path;
    this.#file = file;
    this.found = found;
    this.#size = sizeOf(found);
    // Where it was written anew, all that was worth keeping then comes first.
    this.#bound = Math.max(FLOOR, MOSTLY * sizeOf(found.slice(0, 1)));
  }

  /** Opens the journal in a folder that nobody else is at, or makes it. */
  static async open(folder: string): Promise<KeyJournal> {
    const path = `${folder}/keys.journal`;
    await Deno.remove(fresh(path)).catch(() => {}); // a process died before this took the journal's place
    const file = await Deno.open(path, { create: true, read: true, append: true, mode: 0o600 });
    try {
      return new KeyJournal(folder, path, file, pieces(await Deno.readFile(path)));
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /** What lies in the journal of a folder, whoever is at it. */
  static async peek(folder: string): Promise<readonly Bytes[]> {
    try {
      return pieces(await Deno.readFile(`${folder}/keys.journal`));
    } catch {
      return []; // there is none
    }
  }

  /** Nothing after the first so many of what was found can be read by anybody. */
  cut(count: number): void {
    this.#size = sizeOf(this.found.slice(0, count));
  }

  /** Resolves when it is on disk; where it rejects, it may be tried again. */
  async add(record: Bytes): Promise<void> {
    if (this.#torn) await this.#file.truncate(this.#size);
    this.#torn = true;
    const bytes = sized(record);
    await writeAll(this.#file, bytes);
    await this.#file.syncData();
    if (!this.#named) await syncFolder(this.#folder);
    this.#named = true;
    this.#torn = false;
    this.#size += bytes.length;
  }

  /** Whether it is long enough to be replaced. */
  get long(): boolean {
    return this.#size > this.#bound;
  }

  /** Puts one record, which says all that is known, in the place of the others; where that fails, they stay. Never rejects. */
  async replace(whole: Bytes): Promise<void> {
    const bytes = sized(whole);
    let file: Deno.FsFile | undefined;
    try {
      file = await Deno.open(fresh(this.#path), { createNew: true, read: true, append: true, mode: 0o600 });
      await writeAll(file, bytes);
      await file.syncData();
      await Deno.rename(fresh(this.#path), this.#path);
    } catch {
      file?.close();
      await Deno.remove(fresh(this.#path)).catch(() => {}); // or when it is opened next
      this.#bound = this.#size + FLOOR; // not again with every record
      return;
    }
    this.#file.close();
    this.#file = file;
    this.#size = bytes.length;
    this.#bound = Math.max(FLOOR, MOSTLY * bytes.length);
    this.#torn = false;
    this.#named = await syncFolder(this.#folder).then(() => true, () => false);
  }

  [Symbol.dispose](): void {
    this.#file.close();
  }
}

function fresh(path: string): string {
  return `${path}.new`;
}

function sized(record: Bytes): Bytes {
  const size = new Uint8Array(SIZE_BYTES);
  new DataView(size.buffer).setUint32(0, record.length);
  return joined([size, record]);
}

function sizeOf(records: readonly Bytes[]): number {
  return records.reduce((sum, { length }) => sum + SIZE_BYTES + length, 0);
}

/** The records, up to where a crash has left something that is none. */
function pieces(bytes: Uint8Array): Bytes[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const found: Bytes[] = [];
  for (let at = 0; at + SIZE_BYTES <= bytes.length;) {
    const end = at + SIZE_BYTES + view.getUint32(at);
    if (end > bytes.length || end === at + SIZE_BYTES) break; // nothing is as short as nothing
    found.push(bytes.slice(at + SIZE_BYTES, end));
    at = end;
  }
  return found;
}
