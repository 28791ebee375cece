import { FrameReader } from "../../protocol/frames.ts";
import { FILE_CHANNEL, FILE_CHUNK } from "../../protocol/limits.ts";
import type { FileRecord } from "./file_record.ts";
import type { Taken } from "./file_link.ts";

const CHANNEL_BYTES = 4;
/** So many bytes may be lost when the power fails: after them the disk is waited for. */
const SYNC_BYTES = 8 * 1024 * 1024;

/** One upload, from frames to the disk. */
export class Intake implements Disposable {
  readonly #file: Deno.FsFile;
  readonly #record: FileRecord;
  readonly #synced: (have: number) => Promise<void>;
  #frames = new FrameReader({ welcomed: true });
  #have: number;
  #stored: number;

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
        await this.#write(payload.subarray(CHANNEL_BYTES));
      }
    } catch (error) {
      if (!(error instanceof Error) || error.name !== "ProtocolError") throw error;
      return { have: this.#have, stored: this.#stored, problem: error.message };
    }
    const { size } = this.#record;
    if (this.#have - this.#stored >= SYNC_BYTES || this.#have === size) await this.sync();
    return { have: this.#have, stored: this.#stored };
  }

  /** Waits for the disk. */
  async sync(): Promise<void> {
    if (this.#stored === this.#have) return;
    const have = this.#have;
    await this.#file.syncData();
    await this.#synced(have);
    this.#stored = have;
  }

  [Symbol.dispose](): void {
    this.#file.close();
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

  async #write(chunk: Uint8Array): Promise<void> {
    await this.#file.seek(this.#have, Deno.SeekMode.Start);
    for (let at = 0; at < chunk.length;) at += await this.#file.write(chunk.subarray(at));
    this.#have += chunk.length;
  }
}
