import type { Progress } from "./progress.ts";
import type { Transfer } from "./transfer.ts";
import type { Noted } from "./transfer_notes.ts";

/** What people see of what is remembered, and while it runs of how it gets on. */
export function viewOf(
  { noted, progress }: { readonly noted: Noted; readonly progress: Progress | undefined },
): Transfer {
  const { direction, number, to, name, size, state, message } = noted;
  const path = noted.path === undefined ? {} : { path: noted.path };
  const from = direction === "in" ? noted.from : "";
  const over = state === "sent" || state === "fetched" || state === "saved";
  const at = progress?.view ?? { state, done: over ? size : 0 };
  return {
    number,
    direction,
    to,
    from,
    name,
    size,
    ...path,
    ...message === undefined ? {} : { message },
    ...at,
  };
}
