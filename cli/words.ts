import { wordlist } from "@scure/bip39/wordlists/english.js";

const BITS = 11;

/** Words that stand for the first bits of some bytes, 11 for each: from the list of BIP 39, made to be read aloud. */
export function wordsOf(bytes: Uint8Array, count: number): string[] {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, "0")).join("");
  return Array.from(
    { length: count },
    (_, i) => wordlist[parseInt(bits.slice(i * BITS, (i + 1) * BITS), 2)]!,
  );
}
