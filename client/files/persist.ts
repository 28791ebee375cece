import { Refused } from "../refused.ts";

/** What trying again cannot mend. */
const FINAL: ReadonlySet<string> = new Set([
  "file",
  "file_size",
  "file_quota",
  "file_hash",
  "unknown_user",
  "unsaid",
  "not_member",
  "room",
  "changed",
  "no_file",
  "unknown_type",
  "schema",
  "ended",
]);
const FIRST_MS = 500;
const LONGEST_MS = 15_000;

/** Tries again, at longer and longer intervals, until it is done, cannot be mended, or is `halted`. */
export async function persist(
  attempt: () => Promise<void>,
  { halted, waiting }: { readonly halted: AbortSignal; readonly waiting: () => void },
): Promise<void> {
  for (let ms = FIRST_MS;; ms = Math.min(LONGEST_MS, 2 * ms)) {
    try {
      return await attempt();
    } catch (error) {
      halted.throwIfAborted();
      if (error instanceof Refused && FINAL.has(error.code)) throw error;
      if (isLocal(error)) throw new Refused("no_file", error.message);
    }
    waiting();
    await rest(ms, halted);
  }
}

/** Something about files on this side, which no other connection will mend. */
function isLocal(error: unknown): error is Error {
  return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.PermissionDenied ||
    error instanceof Deno.errors.NotCapable ||
    error instanceof Error && /os error (28|122)\)/.test(error.message);
}

async function rest(ms: number, halted: AbortSignal): Promise<void> {
  halted.throwIfAborted();
  const over = Promise.withResolvers<void>();
  const timer = setTimeout(over.resolve, ms);
  const end = () => over.resolve();
  halted.addEventListener("abort", end);
  await over.promise;
  clearTimeout(timer);
  halted.removeEventListener("abort", end);
  halted.throwIfAborted();
}
