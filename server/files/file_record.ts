import { FILE_CHUNK, FILE_HASH_BYTES, FILE_SALT_BYTES, FILE_TAG_BYTES } from "../../protocol/limits.ts";

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
export function isWhole({ have, size }: Pick<FileRecord, "have" | "size">): boolean {
  return have === size;
}

/** How much of it may be handed out: its last chunk only when all of it is on the disk, for good. */
export function handable(have: number, { size, have: stored }: Pick<FileRecord, "size" | "have">): number {
  if (stored === size) return size;
  return Math.min(have, Math.floor((size - 1) / FILE_CHUNK) * FILE_CHUNK);
}

/** Bytes of what is inside, as far as a server can tell. */
export function sizeInside(sealed: number): number {
  const added = FILE_SALT_BYTES + FILE_TAG_BYTES;
  return Math.max(0, sealed - FILE_HASH_BYTES - added * Math.ceil(sealed / FILE_CHUNK));
}
