import { createHash } from "node:crypto";
import { FILE_HASH_BYTES } from "../../protocol/limits.ts";
import type { Bytes } from "../keys/encoding.ts";
import { Refused } from "../refused.ts";

/** Bytes that are looked at together when they are only passed over. */
const SKIPPED_BYTES = 512 * 1024;

/** What is sent of a file, in order: all of it, and its SHA-256 behind it. */
export class Outflow {
  readonly #file: Deno.FsFile;
  readonly #size: number;
  readonly #hash = createHash("sha256");
  #at = 0;
  #digest: Uint8Array | undefined;

  /** `file` is read from its beginning; it has `size` bytes. */
  constructor(file: Deno.FsFile, size: number) {
    this.#file = file;
    this.#size = size;
  }

  /**
   * Fills `into` with what comes next; resolves with how much that was, less where it is the end. Rejects with `Refused`,
   * `changed` where the file has become shorter.
   */
  async fill(into: Bytes): Promise<number> {
    const end = Math.min(this.#at + into.length, this.#size + FILE_HASH_BYTES);
    const count = end - this.#at;
    const own = Math.max(0, Math.min(end, this.#size) - this.#at); // what is the file's of them
    for (let has = 0; has < own;) {
      const more = await this.#file.read(into.subarray(has, own));
      if (more === null) throw new Refused("changed", "The file has become shorter while it was sent");
      has += more;
    }
    if (own > 0) this.#hash.update(into.subarray(0, own));
    if (own < count) {
      this.#digest ??= this.#hash.digest();
      const from = this.#at + own - this.#size;
      into.set(this.#digest.subarray(from, from + count - own), own);
    }
    this.#at = end;
    return count;
  }

  /** Passes over what need not be sent any more, looking at it all the same: the hash stands for everything. */
  async skip(count: number, halted: AbortSignal): Promise<void> {
    const to = Math.min(this.#at + count, this.#size + FILE_HASH_BYTES);
    const into = new Uint8Array(Math.min(SKIPPED_BYTES, to - this.#at));
    while (this.#at < to) {
      halted.throwIfAborted();
      await this.fill(into.subarray(0, to - this.#at));
    }
  }
}
