import * as v from "valibot";
import { lockFile } from "../memory/lock_file.ts";
import { makeFolder, readJson, readText, replaceFile } from "../memory/own_file.ts";

const text = v.string();
const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const outgoing = v.object({
  direction: v.literal("out"),
  number: whole,
  to: text,
  path: text,
  name: text,
  size: whole,
  /** When the file was changed last, in milliseconds since 1970. */
  modified: whole,
  key: text,
  /** What the server calls it; offered as soon as it has a name. */
  file: v.exactOptional(text),
  offered: v.exactOptional(v.boolean()),
  /** The process that sent it has ended in order, so whoever ran it knows what came of it. */
  closed: v.exactOptional(v.boolean()),
  state: v.picklist(["sending", "sent", "fetched", "failed", "cancelled"]),
  message: v.exactOptional(text),
});
/** A file that this person sends. */
export type Outgoing = v.InferOutput<typeof outgoing>;

const incoming = v.object({
  direction: v.literal("in"),
  number: whole,
  to: text,
  from: text,
  file: text,
  name: text,
  size: whole,
  key: text,
  state: v.picklist(["offered", "receiving", "saved", "failed", "cancelled"]),
  /** Where it goes: the folder, and the name it shall have there. */
  folder: v.exactOptional(text),
  as: v.exactOptional(text),
  /** What there is of it. */
  part: v.exactOptional(text),
  /** The name it got in the end, and its SHA-256 in hex. */
  path: v.exactOptional(text),
  hash: v.exactOptional(text),
  /** The server has still to hear that it is saved. */
  owed: v.exactOptional(v.boolean()),
  message: v.exactOptional(text),
});
/** A file that somebody has offered. */
export type Incoming = v.InferOutput<typeof incoming>;

export type Noted = Outgoing | Incoming;

const notes = v.object({ v: v.literal(1), transfers: v.array(v.variant("direction", [outgoing, incoming])) });

/** Transfers that are remembered, those that are over included. */
const MOST = 200;

/** What is kept of transfers between runs. Only one program of a name keeps them; the others forget. */
export class TransferNotes implements Disposable {
  readonly #path: string | undefined;
  readonly #lock: Deno.FsFile | undefined;
  readonly remembered: readonly Noted[];
  #writing: Promise<void> = Promise.resolve();

  private constructor(
    remembered: readonly Noted[],
    place?: { readonly path: string; readonly lock: Deno.FsFile },
  ) {
    this.remembered = remembered;
    this.#path = place?.path;
    this.#lock = place?.lock;
  }

  /** Without a folder, or where another program has it, nothing is kept. Never rejects. */
  static async open(folder: string | undefined): Promise<TransferNotes> {
    if (folder === undefined) return new TransferNotes([]);
    try {
      await makeFolder(folder);
      const lock = await lockFile(`${folder}/transfers.lock`);
      if (lock === undefined) return new TransferNotes([]);
      const path = `${folder}/transfers.json`;
      const read = readJson(notes, await readText(path) ?? "");
      return new TransferNotes(read?.transfers ?? [], { path, lock });
    } catch {
      return new TransferNotes([]);
    }
  }

  /** Writes them all, one time after the other. Never rejects: what cannot be kept is forgotten at the end. */
  async write(transfers: readonly Noted[]): Promise<void> {
    const path = this.#path;
    if (path === undefined) return;
    const json = JSON.stringify({ v: 1, transfers: transfers.slice(-MOST) });
    this.#writing = this.#writing.then(() => replaceFile(path, json)).catch(() => {});
    await this.#writing;
  }

  [Symbol.dispose](): void {
    this.#lock?.close();
  }
}
