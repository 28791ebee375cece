import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { List, Place } from "./list.ts";
import type { Row } from "./rows.ts";

/** A list that has been at one place for so many frames is there. */
const STILL_FRAMES = 3;
/** One that moves for longer is moved by its reader. */
const MOST_FRAMES = 30;

/** Where conversations were left, unless at their end. */
const places = new Map<string, Place>();

/** Where the conversation was left; nothing where that was its end. */
export function placeOf(to: string): Place | undefined {
  return places.get(to);
}

/** Keeps where the conversation is left. */
export function keepPlace(to: string, list: List): void {
  if (list.isAtEnd()) places.delete(to);
  else places.set(to, { offset: list.scrollOffset ?? 0, sizes: list.takeSnapshot() });
}

/** Begins where the reader was, at what is unread, or at the end; says whether it is there. */
export function useStart(list: List, rows: readonly Row[], to: string): boolean {
  const begun = useRef(places.has(to));
  const [there, setThere] = useState(false);
  useLayoutEffect(() => {
    if (begun.current || rows.length === 0) return;
    begun.current = true;
    const at = rows.findIndex(({ kind }) => kind === "divider");
    if (at < 0) list.scrollToEnd();
    else list.scrollToIndex(at, { align: "start" });
  }, [rows]);
  useEffect(() => {
    if (rows.length === 0) return;
    let [still, frames] = [0, 0];
    let offset = list.scrollOffset;
    let frame = requestAnimationFrame(function look() {
      still = list.scrollOffset === offset ? still + 1 : 0;
      offset = list.scrollOffset;
      if (still >= STILL_FRAMES || ++frames >= MOST_FRAMES) setThere(true);
      else frame = requestAnimationFrame(look);
    });
    return () => cancelAnimationFrame(frame);
  }, [rows.length === 0]);
  return there;
}
