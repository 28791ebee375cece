import { Refused } from "../refused.ts";

/** Bytes of UTF-8 that a password has at the most, and characters that a new one has at least. */
const MOST_BYTES = 256;
const FEWEST_POINTS = 8;

const encoder = new TextEncoder();

/**
 * The one form of a password, whatever keyboard or system wrote it: the PRECIS profile OpaqueString (RFC 8265). Throws a
 * {@linkcode Refused} that says what is wrong with it; `fresh` asks more of one that is only now being chosen.
 */
export function preparePassword(typed: string, { fresh = false } = {}): string {
  if (typed === "") throw refused("A password cannot be empty");
  if (typed.length > 4 * MOST_BYTES) throw tooLong(); // before any work is put into it
  if (!typed.isWellFormed()) throw refused("A password is text: this one has half a character in it");
  const password = typed.replace(/\p{Zs}/gu, " ").normalize("NFC");
  if (/\p{Cc}/u.test(password)) {
    throw refused("A password cannot have control characters, tabs and line breaks among them");
  }
  if (encoder.encode(password).length > MOST_BYTES) throw tooLong();
  if (fresh && [...password].length < FEWEST_POINTS) {
    throw refused(`A new password needs at least ${FEWEST_POINTS} characters`);
  }
  return password;
}

function tooLong(): Refused {
  return refused(`A password has at most ${MOST_BYTES} bytes`);
}

function refused(message: string): Refused {
  return new Refused("password", message);
}
