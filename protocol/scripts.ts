/**
 * The scripts of living languages (UAX 31, recommended and limited use). What a name may mix is that of UTS 39, "highly
 * restrictive": one script, or one of the three sets in which Chinese, Japanese and Korean are written.
 */
const SCRIPTS =
  `Latin Cyrillic Greek Han Arabic Hebrew Devanagari Bengali Armenian Georgian Thai Hangul Hiragana Katakana Bopomofo
  Ethiopic Gujarati Gurmukhi Kannada Khmer Lao Malayalam Myanmar Oriya Sinhala Tamil Telugu Thaana Tibetan Adlam Balinese
  Bamum Batak Canadian_Aboriginal Chakma Cham Cherokee Hanifi_Rohingya Javanese Kayah_Li Lepcha Limbu Lisu Mandaic
  Meetei_Mayek Miao New_Tai_Lue Newa Nko Nyiakeng_Puachue_Hmong Ol_Chiki Osage Saurashtra Sundanese Syloti_Nagri Syriac
  Tai_Le Tai_Tham Tai_Viet Tifinagh Vai Wancho Yi`.split(/\s+/);
const SETS = ["Han Hiragana Katakana", "Han Bopomofo", "Han Hangul"];

const SHARED = /[\p{scx=Common}\p{scx=Inherited}]/u;
const LATIN = /[a-z]/;
/** Strokes and slashes: beside Latin letters they pass for punctuation. */
const STROKES = /[ーヽヾノソゾン一丨丶丿乀乁]+/u;
/** A letter of these scripts, or the second half of one. */
const EAST_ASIAN = /[\u2e80-\uffff]/;

/** All letters of a normalised name belong together. */
export function oneScript(name: string): boolean {
  const chars = [...name].filter((char) => !SHARED.test(char));
  if (SCRIPTS.some((script) => chars.every((char) => charOf(script).test(char)))) return true;
  const others = chars.filter((char) => !LATIN.test(char));
  if (!SETS.some((set) => others.every((char) => charOf(set).test(char)))) return false;
  return others.length === chars.length || strokesBelong(name);
}

const compiled = new Map<string, RegExp>();

/** Matches a character of one of these scripts. Compiled when first asked for. */
function charOf(scripts: string): RegExp {
  let pattern = compiled.get(scripts);
  if (pattern === undefined) {
    pattern = new RegExp(`[${scripts.split(" ").map((script) => `\\p{scx=${script}}`).join("")}]`, "u");
    compiled.set(scripts, pattern);
  }
  return pattern;
}

/** Each stroke, or row of strokes, has a full character of its own kind for a neighbour. */
function strokesBelong(name: string): boolean {
  const between = name.split(STROKES);
  return between.every((before, at) => {
    const after = between[at + 1];
    return after === undefined || EAST_ASIAN.test(before.slice(-1)) || EAST_ASIAN.test(after.slice(0, 1));
  });
}
