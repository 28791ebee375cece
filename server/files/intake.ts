import { CHANNEL_BYTES } from "../../protocol/chunk_frames.ts";
import { FrameReader } from "../../protocol/frames.ts";
import { FILE_CHANNEL, FILE_CHUNK } from "../../protocol/limits.ts";
import type { FileRecord } from "./file_record.ts";
import type { Taken } from "./file_link.ts";

/** After so many bytes the disk is waited for: few, or chat would have to wait for it, too. */
const SYNC_BYTES = 2 * 1024 * 1024;

/** One upload, from frames to the disk. */
export class Intake implements Disposable {
  readonly #file: Deno.FsFile;
  readonly #record: FileRecord;
  readonly #synced: (have: number) => Promise<void>;
  #frames = new FrameReader({ welcomed: true });
  #have: number;
  #stored: number;
  /** The disk is waited for while more comes. */
  #syncing: Promise<void> | undefined;

  /** `synced` notes down how much is on disk. */
  constructor(file: Deno.FsFile, record: FileRecord, synced: (have: number) => Promise<void>) {
    this.#file = file;
    this.#record = record;
    this.#synced = synced;
    this.#have = this.#stored = record.have;
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
    else if (this.#have - this.#stored >= SYNC_BYTES) {
      this.#syncing ??= this.#sync().finally(() => this.#syncing = undefined);
      this.#syncing.catch(() => {}); // the last one tells
      if (this.#have - this.#stored >= 2 * SYNC_BYTES) await this.#syncing; // the disk is slower than the sender
    }
    return { have: this.#have, stored: this.#stored };
  }

  /** Waits for the disk. */
  async sync(): Promise<void> {
    await this.#syncing;
    if (this.#stored < this.#have) await this.#sync();
  }

  [Symbol.dispose](): void {
    this.#file.close();
  }

  async #sync(): Promise<void> {
    const have = this.#have;
    await this.#file.syncData();
    await this.#synced(have);
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
