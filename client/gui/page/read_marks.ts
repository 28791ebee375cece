import { effect } from "@preact/signals";
import { inFront } from "./in_front.ts";
import { ask } from "./link.ts";
import { atEnd, chat, link, selected } from "./store.ts";

/** Tells what this window has shown, and what has been read in it. */
export function keepReadMarks(): void {
  const shown = new Map<string, number>();
  effect(() => {
    if (link.value !== "open") return shown.clear();
    const marks: [string, number][] = [];
    for (const { to, last, entries, gaps } of Object.values(chat.value.conversations)) {
      const drawn = Math.min(last, Math.max(entries.at(-1)?.seq ?? 0, gaps.at(-1)?.until ?? 0));
      if (drawn > (shown.get(to) ?? 0)) marks.push([to, drawn]);
    }
    if (marks.length === 0) return;
    for (const [to, seq] of marks) shown.set(to, seq);
    requestAnimationFrame(() => ask({ kind: "shown", marks }).catch(() => {}));
  });
  effect(() => {
    const found = chat.value.conversations[selected.value];
    const seq = found?.entries.at(-1)?.seq ?? 0;
    if (link.value !== "open" || !inFront.value || !atEnd.value || found === undefined || !found.opened) {
      return;
    }
    if (seq > found.read) ask({ kind: "read", to: found.to, seq }).catch(() => {}); // the next news try again
  });
}
