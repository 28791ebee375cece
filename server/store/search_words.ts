const BEYOND_ASCII = /[^\p{ASCII}]/u;
const PLAIN_WORD = /[a-z0-9]+/g;
/** Marks that go with letters of any script: accents. Those that only one script has may be vowels. */
const ACCENT = /[\p{Mn}&&\p{sc=Zinh}]/gv;
/** Scripts without spaces between words go sign by sign, as do pictures. */
const WORD =
  /\p{Extended_Pictographic}|\p{sc=Han}|\p{sc=Hira}|\p{sc=Kana}|[[\p{L}\p{M}\p{N}\p{Co}]--[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}]]+/gv;
const QUOTED = /["“”„]([^"“”„]*)["“”„]?|[^\s"“”„]+/g;

/** The words of a text as they are compared: without case and accents. */
export function words(text: string): readonly string[] {
  if (!BEYOND_ASCII.test(text)) return text.toLowerCase().match(PLAIN_WORD) ?? [];
  return text.normalize("NFKD").replaceAll(ACCENT, "").toLowerCase().match(WORD) ?? [];
}

/**
 * What a searched text asks for: phrases, each of words that must stand next to each other. Double quotes make a phrase
 * of what is between them; what has no letters or digits in it asks for nothing.
 */
export function phrases(searched: string): readonly (readonly string[])[] {
  const found: (readonly string[])[] = [];
  for (const [whole, quoted] of searched.matchAll(QUOTED)) {
    const phrase = words(quoted ?? whole);
    if (phrase.length > 0) found.push(phrase);
  }
  return found;
}

/** Whether a phrase occurs among the words of a text. */
export function occurs(phrase: readonly string[], among: readonly string[]): boolean {
  return among.some((_, i) => phrase.every((word, n) => among[i + n] === word));
}
