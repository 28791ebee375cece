import { MAX_TEXT_BYTES, MAX_TEXT_POINTS } from "../../../protocol/limits.ts";

const encoder = new TextEncoder();
/** With so few characters left, or fewer, it is said how many. */
const NEARLY = 200;

/** How many characters a text may still grow by, where that is worth saying; below 0 it is too long to be sent. */
export function roomLeft(text: string): number | undefined {
  if (text.length < MAX_TEXT_BYTES / 4 && text.length < MAX_TEXT_POINTS - NEARLY) return undefined;
  const points = MAX_TEXT_POINTS - [...text].length;
  const bytes = MAX_TEXT_BYTES - encoder.encode(text).length;
  const left = Math.min(points, Math.floor(bytes / 4) < points && bytes < 0 ? bytes : points);
  return left <= NEARLY ? left : undefined;
}
