import { damaged } from "./failures.ts";
import { makePrivate } from "./folder_lock.ts";

/** Digits of the number, always as many: it is written over in one piece. */
const DIGITS = 16;

const encoder = new TextEncoder();

/**
 * How many entries were stored in all, in a file beside the database. It is written when they are on disk, and is not
 * waited for: after a power cut it may say less, but never more than there were. So a database that has fewer has lost
 * some: its log was cut off, or removed, or an old copy was put in its place.
 */
export class HighWater implements Disposable {
  readonly #file: Deno.FsFile;
  #said = -1;

  constructor(path: string) {
    makePrivate(path);
    this.#file = Deno.openSync(path, { write: true });
  }

  raise(stored: number): void {
    if (stored === this.#said) return;
    this.#said = stored;
    try {
      this.#file.seekSync(0, Deno.SeekMode.Start);
      this.#file.writeSync(encoder.encode(String(stored).padStart(DIGITS, "0")));
    } catch {
      // nothing is lost by it, and whether the disk still takes what counts is seen there
    }
  }

  [Symbol.dispose](): void {
    this.#file.close();
  }
}

/** Throws `Damaged` where the database at `path` has fewer entries than were stored once. */
export function checkHighWater(path: string, stored: number): void {
  const once = markOf(path);
  if (once > stored) throw damaged(path, `${once} entries were stored in it once, and it knows of ${stored}`);
}

/** The file that goes with a database. */
export function highWaterOf(path: string): string {
  return `${path}-stored`;
}

function markOf(path: string): number {
  try {
    const text = Deno.readTextFileSync(highWaterOf(path));
    return /^\d{16}$/.test(text) ? Number(text) : 0;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}
