import { MAX_TEXT_BYTES, MAX_TEXT_POINTS } from "./limits.ts";

// The last two code points of every plane, U+FDD0 to U+FDEF, and NUL.
const NOT_TEXT =
  /[\0\uFDD0-\uFDEF\uFFFE\uFFFF\u{1FFFE}\u{1FFFF}\u{2FFFE}\u{2FFFF}\u{3FFFE}\u{3FFFF}\u{4FFFE}\u{4FFFF}\u{5FFFE}\u{5FFFF}\u{6FFFE}\u{6FFFF}\u{7FFFE}\u{7FFFF}\u{8FFFE}\u{8FFFF}\u{9FFFE}\u{9FFFF}\u{AFFFE}\u{AFFFF}\u{BFFFE}\u{BFFFF}\u{CFFFE}\u{CFFFF}\u{DFFFE}\u{DFFFF}\u{EFFFE}\u{EFFFF}\u{FFFFE}\u{FFFFF}\u{10FFFE}\u{10FFFF}]/u;

/** The issue message by which {@linkcode text} says that a limit was passed, so that it becomes the code `too_long`. */
export const TOO_LONG = `Expected at most ${MAX_TEXT_POINTS} characters and ${MAX_TEXT_BYTES} bytes`;

const encoder = new TextEncoder();

/** Whether this may be part of a message: well formed, without NUL and non-characters. */
export function isText(text: string): boolean {
  return text.isWellFormed() && !NOT_TEXT.test(text);
}

/** Whether a text is short enough, in code points and in bytes of UTF-8. */
export function fits(text: string): boolean {
  if (text.length > 2 * MAX_TEXT_POINTS) return false;
  if (text.length > MAX_TEXT_POINTS && [...text].length > MAX_TEXT_POINTS) return false;
  return text.length * 3 <= MAX_TEXT_BYTES || encoder.encode(text).length <= MAX_TEXT_BYTES;
}
