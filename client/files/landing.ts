import { createHash } from "node:crypto";
import { FILE_HASH_BYTES } from "../../protocol/limits.ts";
import { writeAll } from "../../protocol/write_all.ts";
import { changed } from "./download.ts";
import { PIECE_BYTES } from "./pieces.ts";
import { createFree, openPlain } from "./plain_file.ts";

/** Bytes that are gathered before they are written, and read at a time. */
const BATCH_BYTES = 8 * PIECE_BYTES;

/** Where a file goes, if that name is free. */
interface Place {
  readonly folder: string;
  readonly name: string;
}

/** A file that comes in: `NAME.part` until it is whole and right. */
export class Landing implements Disposable {
  readonly path: string;
  readonly #file: Deno.FsFile;
  readonly #size: number;
  readonly #hash = createHash("sha256");
  /** Bytes of the file that have come, whether they are written or not. */
  #have = 0;
  /** What its sender says is its hash, as far as that has come. */
  readonly #said = new Uint8Array(FILE_HASH_BYTES);
  #saidHas = 0;
  /** One batch is written while the next one comes. */
  #batch = new Uint8Array(BATCH_BYTES);
  #spare = new Uint8Array(BATCH_BYTES);
  #filled = 0;
  #writing: Promise<void> = Promise.resolve();

  private constructor(path: string, file: Deno.FsFile, size: number) {
    this.path = path;
    this.#file = file;
    this.#size = size;
  }

  /** A part of its own, beside whatever is there, for a file of `size` bytes; `claimed` hears of it before it is made. */
  static async begin(
    { folder, name, size }: Place & { readonly size: number },
    claimed: (path: string) => Promise<void>,
  ): Promise<Landing> {
    const { path, file } = await createFree({ folder, name, ending: ".part" }, claimed);
    return new Landing(path, file, size);
  }

  /** Goes on with a part; nothing where it is not the plain file that was left. */
  static async resume(path: string, size: number): Promise<Landing | undefined> {
    const file = await openPlain(path);
    if (file === undefined) return undefined;
    const landing = new Landing(path, file, size);
    await landing.#takeUp();
    return landing;
  }

  /** Bytes that are there. */
  get have(): number {
    return this.#have;
  }

  /** Takes the next piece: of the file, and of the hash behind it. Rejects with `Refused` where it is too long. */
  async take(piece: Uint8Array): Promise<void> {
    const own = piece.subarray(0, this.#size - this.#have);
    const said = piece.subarray(own.length);
    if (said.length > FILE_HASH_BYTES - this.#saidHas) throw changed();
    this.#said.set(said, this.#saidHas);
    this.#saidHas += said.length;
    this.#hash.update(own);
    if (this.#filled + own.length > BATCH_BYTES) await this.#write();
    this.#batch.set(own, this.#filled);
    this.#filled += own.length;
    this.#have += own.length;
  }

  /** Resolves when all that has come is in the file. */
  async written(): Promise<void> {
    await this.#write();
    await this.#writing;
  }

  /**
   * Gives it its name, never another file's, where it is what its sender says it is; `claimed` hears of that name before
   * it is taken, with the hash in hex. Resolves with the path; nothing where it is something else.
   */
  async finish(
    place: Place,
    claimed: (path: string, hash: string) => Promise<void>,
  ): Promise<string | undefined> {
    const hash = this.#hash.digest();
    const whole = this.#have === this.#size && this.#saidHas === FILE_HASH_BYTES;
    if (!whole || hash.some((byte, i) => byte !== this.#said[i])) return undefined;
    const { path, file } = await createFree(place, (path) => claimed(path, hash.toString("hex")));
    file.close(); // it is there for the real one to replace
    await Deno.rename(this.path, path);
    return path;
  }

  /** Resolves when it is on the disk for good. */
  async synced(): Promise<void> {
    await this.#file.syncData();
  }

  [Symbol.dispose](): void {
    this.#file.close();
  }

  async #write(): Promise<void> {
    await this.#writing;
    const bytes = this.#batch.subarray(0, this.#filled);
    [this.#batch, this.#spare] = [this.#spare, this.#batch];
    this.#filled = 0;
    this.#writing = writeAll(this.#file, bytes);
    this.#writing.catch(() => {}); // whoever comes next is told
  }

  /** What is behind the last whole piece is dropped; the rest is read again, and so checked at the end. */
  async #takeUp(): Promise<void> {
    const { size } = await this.#file.stat();
    const whole = Math.min(size, this.#size);
    this.#have = whole - whole % PIECE_BYTES;
    await this.#file.truncate(this.#have);
    const buffer = new Uint8Array(BATCH_BYTES);
    for (let count; (count = await this.#file.read(buffer)) !== null;) {
      this.#hash.update(buffer.subarray(0, count));
    }
  }
}
