import data from "./confusables.json" with { type: "json" };
import { narrowed, normalised } from "./normalise.ts";

const PLAIN = /^[A-Za-z0-9_.-]*$/;
const IGNORABLE = /\p{Default_Ignorable_Code_Point}/u;
/** The look-alikes among the characters of {@linkcode PLAIN}; `tests/names_test.ts` compares with the whole table. */
const PLAIN_LOOKALIKES: Readonly<Record<string, string>> = { 0: "O", 1: "l", I: "l", m: "rn" };

/**
 * What a name looks like (the skeletons of UTS 39), as it is kept and as it was typed. Two names are too alike to live
 * side by side when they share any of these.
 */
export function skeletons(raw: string): string[] {
  return [...new Set([normalised(raw), narrowed(raw), raw].map(skeleton))];
}

/** Lower case comes last, so that 0 and O, 1 and l and I, m and rn fall together. */
function skeleton(text: string): string {
  if (PLAIN.test(text)) return text.replace(/[01Im]/g, (char) => PLAIN_LOOKALIKES[char]!).toLowerCase();
  let out = "";
  for (const char of text.normalize("NFD")) {
    if (!IGNORABLE.test(char)) out += prototypeOf(char);
  }
  // A dot above an i or a j (Turkish İ in lower case) is the dot it has anyway.
  return out.normalize("NFD").toLowerCase().replace(/([ij])\u0307/g, "$1");
}

/**
 * What a character is mistaken for, or itself. Searched in place: building a Map takes longer than reading any name.
 * A character that is mistaken for another never stands for others.
 */
function prototypeOf(char: string): string {
  const at = data.lines.indexOf(char);
  if (at < 0) return char;
  const start = data.lines.lastIndexOf("\n", at) + 1;
  const tab = data.lines.indexOf("\t", start);
  return tab < at ? data.lines.slice(start, tab) : char;
}
