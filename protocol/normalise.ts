const PLAIN = /^[\0-\x7f]*$/;
/** Full-width Latin and half-width katakana. Half-width Hangul is left alone: what it stands for is no name either. */
const WIDE = /[\uff01-\uff9f]/g;
/** RFC 8264, section 7: mapping again must change nothing; after this many times it never has. */
const MAX_ROUNDS = 4;

/** The one way a name is written: width, lower case and NFC as in UsernameCaseMapped (RFC 8265, section 3.3). */
export function normalised(raw: string): string {
  if (PLAIN.test(raw)) return raw.toLowerCase();
  let name = raw;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const next = narrowed(name).toLowerCase().normalize("NFC");
    if (next === name) break;
    name = next;
  }
  return name;
}

/** The width mapping alone: full-width and half-width forms become what they are forms of. */
export function narrowed(raw: string): string {
  return raw.replace(WIDE, (char) => char.normalize("NFKC"));
}
