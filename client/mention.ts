/** Finds a name in a text where it stands as a word of its own, in any case. */
export function mentionOf(name: string): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}_])${escaped(name)}(?![\\p{L}\\p{N}_])`, "giu");
}

/** What finds exactly this text, within a pattern. */
export function escaped(text: string): string {
  return text.replace(/[^\p{L}\p{N}\s]/gu, (char) => `\\u{${char.codePointAt(0)!.toString(16)}}`);
}
