import { EXIT, Exit } from "../exit.ts";
import { Damaged, FolderInUse, NewerSchema, StoreFailed } from "../store/failures.ts";
import { isBusy, isDamage, isFull, messageOf } from "../store/sqlite_error.ts";
import { StoreFull } from "../store/store.ts";

/** How the program ends for an error about the data in `folder`; `undefined` where it is not about that. */
export function exitOf(error: unknown, folder: string): Exit | undefined {
  if (error instanceof Exit) return error;
  const message = messageOf(error);
  if (error instanceof FolderInUse) return new Exit(EXIT.taken, message);
  if (error instanceof NewerSchema) return new Exit(EXIT.config, message);
  if (error instanceof Damaged) return new Exit(EXIT.damaged, message);
  if (error instanceof StoreFailed || error instanceof StoreFull) return new Exit(EXIT.io, message);
  if (isDamage(error)) return new Exit(EXIT.damaged, `the data in ${folder} are damaged: ${message}`);
  if (isBusy(error)) return new Exit(EXIT.taken, `the data in ${folder} are in use: try again later`);
  if (isFull(error)) return new Exit(EXIT.io, "no space is left on the disk: make room, then try again");
  if (isOfDisk(error)) return new Exit(EXIT.io, `cannot use the data in ${folder}: ${message}`);
  return undefined;
}

function isOfDisk(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return "code" in error && typeof error.code === "string" && /^(?:ERR_SQLITE|E[A-Z]+$)/.test(error.code) ||
    error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotFound;
}
