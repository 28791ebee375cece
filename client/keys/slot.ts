import { claim } from "../memory/claim.ts";
import { makeFolder, readText, replaceFile } from "../memory/own_file.ts";
import { joined } from "../../protocol/joined.ts";
import { type Bytes, random, toBytes, toText } from "./encoding.ts";

const KEY_BYTES = 32;
/** Programs of one account that share a machine, each with keys of its own. */
const MOST_SLOTS = 20;

/** Where the keys of one program lie, as long as it runs: its secrets encrypted, what it trusts as it is. */
export class Slot implements Disposable {
  /** What opens the journal. */
  readonly key: Bytes;
  readonly #folder: string | undefined;
  readonly #lock: Deno.FsFile | undefined;
  readonly #file: Deno.FsFile | undefined;
  /** What the last process here has left, oldest first; the last one may be torn. */
  readonly journal: readonly Bytes[];
  /** Where this place is new: what programs beside it have kept, who are the same account. */
  readonly siblings: readonly Bytes[];

  private constructor(
    key: Bytes,
    { journal, siblings }: { readonly journal: readonly Bytes[]; readonly siblings: readonly Bytes[] },
    place?: { readonly folder: string; readonly lock: Deno.FsFile; readonly file: Deno.FsFile },
  ) {
    this.key = key;
    this.journal = journal;
    this.siblings = siblings;
    this.#folder = place?.folder;
    this.#lock = place?.lock;
    this.#file = place?.file;
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
    return new Slot(random(KEY_BYTES), { journal: [], siblings: [] });
  }

  static async #take(all: string, number: number, key: Bytes): Promise<Slot | undefined> {
    const folder = `${all}/${number}`;
    await makeFolder(folder);
    const path = `${folder}/lock`;
    const lock = await Deno.open(path, { create: true, read: true, write: true, mode: 0o600 });
    const pid = Number(await readText(path)) || undefined;
    if (!claim(lock, path, pid)) {
      lock.close();
      return undefined;
    }
    await lock.truncate();
    await lock.write(new TextEncoder().encode(String(Deno.pid)));
    const file = await Deno.open(`${folder}/keys.journal`, {
      create: true,
      read: true,
      append: true,
      mode: 0o600,
    });
    const journal = pieces(await Deno.readFile(`${folder}/keys.journal`));
    const siblings = journal.length > 0 ? [] : await beside(all, number);
    return new Slot(key, { journal, siblings }, { folder, lock, file });
  }

  /** Puts a record on disk. */
  async write(record: Bytes): Promise<void> {
    if (this.#file === undefined) return;
    const size = new Uint8Array(4);
    new DataView(size.buffer).setUint32(0, record.length);
    const bytes = joined([size, record]);
    for (let at = 0; at < bytes.length;) at += await this.#file.write(bytes.subarray(at));
    await this.#file.syncData();
  }

  /** What is trusted, as it was written last. */
  async trusted(): Promise<string | undefined> {
    return this.#folder === undefined ? undefined : await readText(`${this.#folder}/trust.json`);
  }

  async trust(json: string): Promise<void> {
    if (this.#folder !== undefined) await replaceFile(`${this.#folder}/trust.json`, json);
  }

  [Symbol.dispose](): void {
    this.#file?.close();
    this.#lock?.close();
  }
}

/** The key of all slots in a folder; only the owner of the folder can read it. */
async function fileKey(folder: string): Promise<Bytes> {
  const path = `${folder}/key`;
  const known = await readText(path);
  if (known !== undefined) return toBytes(known.trim());
  const key = random(KEY_BYTES);
  try {
    await Deno.writeTextFile(path, `${toText(key)}\n`, { createNew: true, mode: 0o600 });
    return key;
  } catch (error) {
    const made = await readText(path); // by another process, just now
    if (made === undefined || made.trim() === "") throw error;
    return toBytes(made.trim());
  }
}

/** What lies in the other places of a folder. */
async function beside(folder: string, number: number): Promise<Bytes[]> {
  const found: Bytes[] = [];
  for (let other = 1; other <= MOST_SLOTS; other++) {
    if (other === number) continue;
    try {
      found.push(...pieces(await Deno.readFile(`${folder}/${other}/keys.journal`)));
    } catch { /* there is none */ }
  }
  return found;
}

function pieces(bytes: Uint8Array): Bytes[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const found: Bytes[] = [];
  for (let at = 0; at + 4 <= bytes.length;) {
    const end = at + 4 + view.getUint32(at);
    if (end > bytes.length) break;
    found.push(bytes.slice(at + 4, end));
    at = end;
  }
  return found;
}
