import { wordsOf } from "../../cli/words.ts";
import { EMOJI } from "./emoji.ts";
import { joined } from "../../protocol/joined.ts";
import { type Bytes, utf8 } from "./encoding.ts";
import type { SafetyWords } from "./keys.ts";

const WORDS = 6;
/** How often is hashed: whoever looks for a key with the same words has to do it for each. */
const ROUNDS = 5_200;

/** Somebody, and the key of the account. */
export interface Party {
  readonly name: string;
  readonly key: string;
}

/** The same for both, whoever asks: 66 bits in words, and a picture for each of them. */
export async function safetyWords(one: Party, other: Party): Promise<SafetyWords> {
  const lines = [one, other].map(({ name, key }) => `${name} ${key}`).sort();
  const about = utf8(["chat words 1", ...lines].join("\n"));
  let digest: Bytes = new Uint8Array(0);
  for (let round = 0; round < ROUNDS; round++) {
    digest = new Uint8Array(await crypto.subtle.digest("SHA-512", joined([digest, about])));
  }
  const words = wordsOf(digest, WORDS);
  const emoji = Array.from(digest.slice(-WORDS), (byte) => {
    const [symbol, name] = EMOJI[byte % EMOJI.length]!;
    return { symbol, name };
  });
  return { words, emoji };
}
