const ARABIC_DIGIT = /[\u0660-\u0669\u{10d30}-\u{10d39}]/u;
const EUROPEAN_DIGIT = /[0-9\u06f0-\u06f9]/;
const MARK = /\p{M}/u;
/** The right-to-left blocks; of what a name may hold there, all but marks and these digits reads right to left. */
const BLOCKS = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/**
 * The bidi rule (RFC 5893, section 2) for the characters a name may hold: without it, what stands beside a name could
 * change the order in which it is read.
 */
export function readsOneWay(name: string): boolean {
  const chars = [...name];
  if (!chars.some((char) => ARABIC_DIGIT.test(char) || rightToLeft(char))) return true;
  if (!rightToLeft(chars[0]!)) return false;
  if (chars.some((char) => !MARK.test(char) && !"-._".includes(char) && !inside(char))) return false;
  if (ARABIC_DIGIT.test(name) && EUROPEAN_DIGIT.test(name)) return false;
  const last = chars.findLast((char) => !MARK.test(char));
  return last !== undefined && inside(last);
}

/** Classes R and AL. */
function rightToLeft(char: string): boolean {
  return BLOCKS.test(char) && !MARK.test(char) && !ARABIC_DIGIT.test(char) && !EUROPEAN_DIGIT.test(char);
}

/** What a right-to-left name may also end with. */
function inside(char: string): boolean {
  return rightToLeft(char) || ARABIC_DIGIT.test(char) || EUROPEAN_DIGIT.test(char);
}
