/** Finds a name in a text where it stands as a word of its own, in any case. */
export function mentionOf(name: string): RegExp {
  const literal = name.replace(/[^\p{L}\p{N}\s]/gu, (char) => `\\u{${char.codePointAt(0)!.toString(16)}}`);
  return new RegExp(`(?<![\\p{L}\\p{N}_])${literal}(?![\\p{L}\\p{N}_])`, "giu");
}
