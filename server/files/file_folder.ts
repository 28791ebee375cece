import { writeAll } from "../../protocol/write_all.ts";
import { statfs } from "node:fs/promises";
import { FRAMING_BYTES, putFraming } from "../../protocol/chunk_frames.ts";
import { FILE_CHUNK } from "../../protocol/limits.ts";
import { readRecord } from "./file_note.ts";
import type { Taken } from "./file_link.ts";
import { type FileRecord, isWhole } from "./file_record.ts";
import { Intake } from "./intake.ts";

/** The files in a folder: sealed bytes under the name of the file's id, and what is known of it in a note beside. */
export class FileFolder {
  readonly #path: string;
  readonly #records = new Map<string, FileRecord>();
  readonly #intakes = new Map<string, Intake>();

  private constructor(path: string) {
    this.#path = path;
  }

  /** Makes the folder where there is none; what nobody knows is removed. */
  static async open(path: string): Promise<FileFolder> {
    await Deno.mkdir(path, { recursive: true, mode: 0o700 });
    const folder = new FileFolder(path);
    const names: string[] = [];
    for await (const { name } of Deno.readDir(path)) names.push(name);
    for (const name of names.filter((name) => name.endsWith(".json"))) await folder.#recall(name);
    const known = (name: string) => folder.#records.has(name.replace(/\.json$/, ""));
    for (const name of names) if (!known(name)) await Deno.remove(`${path}/${name}`);
    return folder;
  }

  records(): readonly FileRecord[] {
    return [...this.#records.values()];
  }

  async create(record: FileRecord): Promise<void> {
    const file = await Deno.open(this.#of(record.id), { write: true, createNew: true, mode: 0o600 });
    file.close();
    await this.#note(record);
  }

  async begin(id: string, touched: number): Promise<number> {
    const known = this.#intakes.get(id);
    if (known !== undefined) return known.begin();
    const record = this.#records.get(id)!;
    const file = await Deno.open(this.#of(id), { write: true });
    await file.truncate(record.have); // what is behind it may never have reached the disk
    const intake = new Intake(file, record, async (have) => {
      await this.#note({ ...record, have, touched });
    });
    this.#intakes.set(id, intake);
    return intake.begin();
  }

  async take(id: string, bytes: Uint8Array): Promise<Taken> {
    const taken = await this.#intakes.get(id)!.take(bytes);
    if (taken.stored === this.#records.get(id)!.size) this.#close(id);
    return taken;
  }

  async pause(id: string): Promise<number> {
    await this.#intakes.get(id)?.sync();
    this.#close(id);
    return this.#records.get(id)?.have ?? 0;
  }

  async frames(
    id: string,
    { at, end }: { readonly at: number; readonly end: number },
    into: Uint8Array<ArrayBuffer>,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const out = into.subarray(0, end - at + Math.ceil((end - at) / FILE_CHUNK) * FRAMING_BYTES);
    const view = new DataView(out.buffer);
    using file = await Deno.open(this.#of(id));
    file.seekSync(at, Deno.SeekMode.Start);
    let to = 0;
    for (let from = at; from < end; from += FILE_CHUNK) {
      const length = Math.min(FILE_CHUNK, end - from);
      putFraming(view, to, length);
      to += FRAMING_BYTES;
      for (const stop = to + length; to < stop;) {
        const count = file.readSync(out.subarray(to, stop));
        if (count === null) throw new Error(`The file ${id} has lost its end`);
        to += count;
      }
    }
    return out;
  }

  async remove(id: string): Promise<void> {
    await this.#intakes.get(id)?.sync().catch(() => {}); // or it would be noted down again
    this.#close(id);
    this.#records.delete(id);
    for (const path of [`${this.#of(id)}.json`, this.#of(id)]) await removed(path);
  }

  async free(): Promise<number | undefined> {
    try {
      const { bavail, bsize } = await statfs(this.#path);
      return bavail * bsize;
    } catch {
      return undefined; // not every system tells
    }
  }

  #of(id: string): string {
    return `${this.#path}/${id}`;
  }

  #close(id: string): void {
    this.#intakes.get(id)?.[Symbol.dispose]();
    this.#intakes.delete(id);
  }

  async #recall(name: string): Promise<void> {
    const record = readRecord(await Deno.readTextFile(`${this.#path}/${name}`));
    if (record === undefined || `${record.id}.json` !== name) return;
    try {
      const { size } = await Deno.stat(this.#of(record.id));
      if (size < record.have || isWhole(record) && size !== record.size) return;
    } catch {
      return;
    }
    this.#records.set(record.id, record);
  }

  /** Writes a note, or the old one stays. */
  async #note(record: FileRecord): Promise<void> {
    const path = `${this.#of(record.id)}.json`;
    const file = await Deno.open(`${path}.new`, { write: true, create: true, truncate: true, mode: 0o600 });
    try {
      const bytes = new TextEncoder().encode(JSON.stringify(record));
      await writeAll(file, bytes);
      await file.syncData();
    } finally {
      file.close();
    }
    await Deno.rename(`${path}.new`, path);
    this.#records.set(record.id, record);
  }
}

async function removed(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
