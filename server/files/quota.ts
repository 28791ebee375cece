import type { Denial } from "../denial.ts";
import type { Limits } from "../limits.ts";
import type { FileRecord } from "./file_record.ts";

/** Bytes of the disk that are left to everything else. */
const KEPT_FREE = 1024 ** 3;

/** Why a file of `size` bytes cannot be taken in now, where it cannot: before a byte of it is sent. */
export function quotaDenial(
  { owner, size, free, busy }: {
    readonly owner: string;
    readonly size: number;
    /** Bytes free on the disk, where that is known. */
    readonly free: number | undefined;
    /** Files that this owner is sending. */
    readonly busy: number;
  },
  { files, limits }: { readonly files: readonly FileRecord[]; readonly limits: Limits },
): Denial | undefined {
  const all = sum(files);
  const own = sum(files.filter((each) => each.owner === owner));
  if (busy >= limits.fileUploads) {
    return denial(`You are sending ${busy} files already: wait until one of them is there`);
  }
  if (own + size > limits.fileOwnerBytes) {
    const message = `You have files of ${own} of ${limits.fileOwnerBytes} bytes here already: ` +
      "withdraw some with /cancel, or wait until they are fetched";
    return denial(message);
  }
  const pending = all - files.reduce((sum, { have }) => sum + have, 0);
  const short = free !== undefined && free - pending - size < KEPT_FREE;
  if (all + size > limits.fileTotalBytes || short) {
    return denial("The server has no room for more files now: try again later");
  }
  return undefined;
}

function sum(files: readonly FileRecord[]): number {
  return files.reduce((sum, { size }) => sum + size, 0);
}

function denial(message: string): Denial {
  return { code: "file_quota", message };
}
