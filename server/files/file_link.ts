// What the file desk and its Worker say to each other. They trust one another: both are this program.
import type { FileRecord } from "./file_record.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** Chunks that are read at a time, at the most: half a MiB. */
export const CHUNKS_AT_ONCE = 8;

/** How far an upload is. */
export interface Reached {
  /** So many bytes have come, and of these so many are on disk for good. */
  readonly have: number;
  readonly stored: number;
}

/** What came of some bytes of an upload. */
export interface Taken extends Reached {
  /** What was sent is not what was announced: nothing more is taken. */
  readonly problem?: string;
}

/** What may be asked of the Worker that has the files. */
export interface FileCalls {
  /** Makes the folder where there is none, and tells what is in it. */
  open(folder: string): Promise<readonly FileRecord[]>;
  create(record: FileRecord): Promise<void>;
  /**
   * Goes on with an upload from what is there, at `now` (milliseconds since 1970); frames are awaited from their
   * beginning. Resolves with how much there is.
   */
  begin(id: string, now: number): Promise<number>;
  /** Takes bytes of an upload, as they come, and gives their buffer back. */
  take(id: string, bytes: Bytes): Promise<Taken & { readonly bytes: Bytes }>;
  /** No more will come for now; resolves with how much is on disk for good. */
  pause(id: string): Promise<number>;
  /** The frames of a file from the byte `at`, where a chunk begins, up to `end`: in `into`, which has room for them. */
  frames(id: string, range: { readonly at: number; readonly end: number }, into: Bytes): Promise<{
    readonly bytes: Bytes;
  }>;
  remove(id: string): Promise<void>;
  /** Bytes that are free on the disk; nothing where that cannot be known. */
  free(): Promise<number | undefined>;
}

export interface Job {
  readonly n: number;
  readonly call: keyof FileCalls;
  readonly args: readonly unknown[];
}

export type Done =
  | { readonly n: number; readonly value: unknown }
  | { readonly n: number; readonly error: string; readonly full: boolean };
