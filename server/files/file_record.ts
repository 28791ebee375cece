import { FILE_CHUNK, FILE_TAG_BYTES } from "../../protocol/limits.ts";

/** A file that is kept for others, sealed by whoever sent it. */
export interface FileRecord {
  /** 16 bytes in base64url; also the name of the file on disk. */
  readonly id: string;
  /** Whose it is, as `Person.identity`, and the name it had. */
  readonly owner: string;
  readonly from: string;
  /** `#room`, or the two names of a pair as `pairKey` writes them. */
  readonly conversation: string;
  /** Bytes, sealed. */
  readonly size: number;
  /** When it was begun, and when something was last added, in milliseconds since 1970. */
  readonly made: number;
  readonly touched: number;
  /** So many bytes are on disk. */
  readonly have: number;
}

/** Whether all of it is there. */
export function isWhole({ have, size }: FileRecord): boolean {
  return have === size;
}

/** Bytes of what is inside, as far as a server can tell. */
export function sizeInside(sealed: number): number {
  return Math.max(0, sealed - FILE_TAG_BYTES * Math.ceil(sealed / FILE_CHUNK));
}
