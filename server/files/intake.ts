import { CHANNEL_BYTES } from "../../protocol/chunk_frames.ts";
import { FrameReader } from "../../protocol/frames.ts";
import { FILE_CHANNEL, FILE_CHUNK } from "../../protocol/limits.ts";
import type { FileRecord } from "./file_record.ts";
import type { Taken } from "./file_link.ts";

/** So many bytes go to the disk at a time: few, or what else waits for the disk would wait long. */
const SYNC_BYTES = 2 * 1024 * 1024;
/** With so many on their way to the disk no more are taken: it is slower than the sender. */
const MOST_BYTES = 4 * SYNC_BYTES;
/** After so many it is noted down that they are there. */
const NOTE_BYTES = 8 * 1024 * 1024;

/** One upload, from frames to the disk. */
export class Intake implements Disposable {
  readonly #file: Deno.FsFile;
  readonly #record: FileRecord;
  readonly #note: (have: number) => Promise<void>;
  #frames = new FrameReader({ welcomed: true });
  #have: number;
  /** Of these so many are on the disk, and so many of these would be known to be after a crash. */
  #synced: number;
  #stored: number;
  /** The disk is waited for while more comes. */
  #syncing: Promise<void> | undefined;

  /** `note` notes down how much is on disk. */
  constructor(file: Deno.FsFile, record: FileRecord, note: (have: number) => Promise<void>) {
    this.#file = file;
    this.#record = record;
    this.#note = note;
    this.#have = this.#synced = this.#stored = record.have;
  }

  /** Frames are awaited from their beginning; what there was of one is forgotten. */
  begin(): number {
    this.#frames = new FrameReader({ welcomed: true });
    return this.#have;
  }

  async take(bytes: Uint8Array): Promise<Taken> {
    try {
      for (const { kind, payload } of this.#frames.push(bytes)) {
        const problem = kind === "binary" ? this.#judge(payload) : "Only chunks of the file were awaited";
        if (problem !== undefined) return { have: this.#have, stored: this.#stored, problem };
        this.#write(payload.subarray(CHANNEL_BYTES));
      }
    } catch (error) {
      if (!(error instanceof Error) || error.name !== "ProtocolError") throw error;
      return { have: this.#have, stored: this.#stored, problem: error.message };
    }
    if (this.#have === this.#record.size) await this.sync();
    else if (this.#have - this.#synced >= SYNC_BYTES) {
      this.#syncing ??= this.#sync(NOTE_BYTES).finally(() => this.#syncing = undefined);
      this.#syncing.catch(() => {}); // the last one tells
      if (this.#have - this.#synced >= MOST_BYTES) await this.#syncing;
    }
    return { have: this.#have, stored: this.#stored };
  }

  /** Waits for the disk. */
  async sync(): Promise<void> {
    await this.#syncing;
    if (this.#stored < this.#have) await this.#sync(0);
  }

  [Symbol.dispose](): void {
    this.#file.close();
  }

  /** Waits for the disk; notes down how much it has when that are more than `most` bytes more than was noted. */
  async #sync(most: number): Promise<void> {
    const have = this.#have;
    await this.#file.syncData();
    this.#synced = have;
    if (have - this.#stored < most) return;
    await this.#note(have);
    this.#stored = have;
  }

  #judge(payload: Uint8Array): string | undefined {
    const channel = payload.length < CHANNEL_BYTES
      ? -1
      : new DataView(payload.buffer, payload.byteOffset).getUint32(0);
    if (channel !== FILE_CHANNEL) return `Chunks come on channel ${FILE_CHANNEL}`;
    const due = Math.min(FILE_CHUNK, this.#record.size - this.#have);
    const came = payload.length - CHANNEL_BYTES;
    if (due === 0) return "More than was announced";
    return came === due ? undefined : `A chunk of ${came} bytes, where ${due} were due`;
  }

  /** Into the system's memory: nothing to be waited for, in a Worker that does nothing else. */
  #write(chunk: Uint8Array): void {
    this.#file.seekSync(this.#have, Deno.SeekMode.Start);
    for (let at = 0; at < chunk.length;) at += this.#file.writeSync(chunk.subarray(at));
    this.#have += chunk.length;
  }
}
