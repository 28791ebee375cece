import { createHash } from "node:crypto";
import { Refused } from "../refused.ts";
import { nextName } from "./file_name.ts";
import { PIECE_BYTES } from "./pieces.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** Owner only: what came from somebody else is nobody else's business. */
const MODE = 0o600;
const MOST_NAMES = 1_000;

/** A file that comes in: `NAME.part` until it is whole and right. */
export class Landing implements Disposable {
  readonly path: string;
  readonly #file: Deno.FsFile;
  readonly #hash = createHash("sha256");
  #have = 0;

  private constructor(path: string, file: Deno.FsFile) {
    this.path = path;
    this.#file = file;
  }

  /** A part of its own in `folder`, beside whatever is there. */
  static async begin(folder: string, name: string): Promise<Landing> {
    const { path, file } = await firstFree(folder, name, ".part");
    return new Landing(path, file);
  }

  /** Goes on with a part; nothing where it is not the plain file that was left. */
  static async resume(path: string): Promise<Landing | undefined> {
    try {
      const named = await Deno.lstat(path);
      if (!named.isFile || (named.nlink ?? 1) > 1) return undefined;
      const file = await Deno.open(path, { read: true, write: true });
      const { ino, dev } = await file.stat();
      if (ino !== named.ino || dev !== named.dev) { // put in its place just now
        file.close();
        return undefined;
      }
      const landing = new Landing(path, file);
      await landing.#takeUp();
      return landing;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    }
  }

  /** Bytes that are there: whole pieces. */
  get have(): number {
    return this.#have;
  }

  async write(piece: Bytes): Promise<void> {
    this.#hash.update(piece);
    for (let at = 0; at < piece.length;) at += await this.#file.write(piece.subarray(at));
    this.#have += piece.length;
  }

  /** Gives it its name, never another file's. Resolves with the path; nothing where it is not what was offered. */
  async finish(hash: string, { folder, name }: { readonly folder: string; readonly name: string }): Promise<
    string | undefined
  > {
    if (this.#hash.digest("hex") !== hash) return undefined;
    await this.#file.syncData();
    const { path, file } = await firstFree(folder, name); // for the real one to replace
    file.close();
    await Deno.rename(this.path, path);
    return path;
  }

  [Symbol.dispose](): void {
    this.#file.close();
  }

  /** What is behind the last whole piece is dropped; the rest is read again, and so checked at the end. */
  async #takeUp(): Promise<void> {
    const { size } = await this.#file.stat();
    const whole = size - size % PIECE_BYTES;
    await this.#file.truncate(whole);
    const buffer = new Uint8Array(8 * PIECE_BYTES);
    for (let count; (count = await this.#file.read(buffer)) !== null;) {
      this.#hash.update(buffer.subarray(0, count));
    }
    this.#have = whole;
  }
}

/** Takes a name that nothing has: `name`, or the next ones, each with `ending` behind it. The file is empty. */
async function firstFree(
  folder: string,
  name: string,
  ending = "",
): Promise<{ readonly path: string; readonly file: Deno.FsFile }> {
  for (let count = 1; count <= MOST_NAMES; count++) {
    const path = `${folder}/${count === 1 ? name : nextName(name, count)}${ending}`;
    try {
      return { path, file: await Deno.open(path, { read: true, write: true, createNew: true, mode: MODE }) };
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    }
  }
  throw new Refused("file", `There are too many files named ${name} in ${folder}`);
}
