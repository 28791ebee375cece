import type { Stored } from "./store.ts";

const BASIS = 0x811c9dc5;
const PRIME = 0x01000193;

/**
 * A sum over all of an entry (FNV-1a over code units, 32 bits, each part ended by one that is in no text). It is stored
 * beside it: SQLite itself would not notice a letter that has become another.
 */
export function entrySum({ conversation, seq, at, from, sender, id, text, also }: Stored): number {
  let sum = BASIS;
  const parts = [conversation, String(seq), String(at), from, sender, id, text];
  if (also !== undefined) parts.push(also);
  for (const part of parts) {
    for (let i = 0; i < part.length; i++) sum = Math.imul(sum ^ part.charCodeAt(i), PRIME);
    sum = Math.imul(sum ^ 0xffff, PRIME);
  }
  return sum >>> 0;
}
