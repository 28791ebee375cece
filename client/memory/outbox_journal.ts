import { type Note, Notes } from "./notes.ts";
import { claim } from "./claim.ts";

/** Lines beyond which a journal is written anew, when most of them have no meaning any more. */
const MANY = 2_000;
const MOSTLY = 4;

const encoder = new TextEncoder();

/**
 * What one process has said and shown, line by line, in a file that it alone holds: a line is with the system when
 * {@linkcode note} returns, so that killing the process loses nothing, and on disk when {@linkcode synced} resolves.
 */
export class OutboxJournal {
  readonly path: string;
  readonly notes = new Notes();
  #file: Deno.FsFile;
  #lines = 0;
  /** The last write failed, maybe halfway through a line. */
  #torn = false;
  /** The commit under way, and the one that takes what gathers meanwhile. */
  #commit: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  /** Makes a new journal; throws where that cannot be. */
  constructor(path: string) {
    this.path = path;
    this.#file = created(path);
    this.note({ began: Date.now(), pid: Deno.pid });
  }

  /** Adds a line; throws where it cannot be written, and then it does not count. */
  note(note: Note): void {
    this.#write(`${this.#torn ? "\n" : ""}${JSON.stringify(note)}\n`);
    this.notes.take(note);
    if (++this.#lines > MANY && this.#lines > MOSTLY * this.notes.size) this.#compact();
  }

  /** Resolves when everything noted so far is on disk: all who ask while a commit is under way share the next. */
  synced(): Promise<void> {
    return this.#next ??= this.#sync(this.#commit);
  }

  /** Nothing more will be noted; whoever opens the folder next takes over what is left, unless it is removed. */
  async close({ remove }: { readonly remove: boolean }): Promise<void> {
    await this.#commit.catch(() => {});
    await this.#next?.catch(() => {});
    if (remove) await Deno.remove(this.path).catch(() => {});
    this.#file.close();
  }

  async #sync(before: Promise<void>): Promise<void> {
    await before.catch(() => {}); // told to those who waited for it
    this.#commit = this.#next!;
    this.#next = undefined;
    await this.#file.syncData();
  }

  #write(text: string): void {
    const bytes = encoder.encode(text);
    try {
      for (let at = 0; at < bytes.length;) at += this.#file.writeSync(bytes.subarray(at));
      this.#torn = false;
    } catch (error) {
      this.#torn = true;
      throw error;
    }
  }

  /** Puts a shorter file that says the same in the place of this one; where that fails, all stays as it is. */
  #compact(): void {
    const fresh = `${this.path}.new`;
    let file: Deno.FsFile | undefined;
    try {
      file = created(fresh);
      const text = Array.from(this.notes.whole(), (note) => `${JSON.stringify(note)}\n`).join("");
      const bytes = encoder.encode(text);
      for (let at = 0; at < bytes.length;) at += file.writeSync(bytes.subarray(at));
      file.syncDataSync();
      Deno.renameSync(fresh, this.path);
    } catch {
      file?.close();
      this.#lines = 0; // not again with every line
      return;
    }
    this.#file.close();
    this.#file = file;
    this.#torn = false;
    this.#lines = this.notes.size;
  }
}

/** A new file for the owner only, held by this process for as long as it is open. */
function created(path: string): Deno.FsFile {
  const file = Deno.openSync(path, { append: true, create: true, mode: 0o600 });
  claim(file, path);
  return file;
}
