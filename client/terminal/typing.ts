import { KeyDecoder } from "./keys.ts";
import type { Key } from "./keys.ts";
import type { Tty } from "./tty.ts";

/** An escape sequence that pauses for longer was the Escape key. */
const ESCAPE_MS = 50;

/** Reads keys until the terminal is gone. */
export async function readKeys(tty: Tty, press: (key: Key) => void): Promise<void> {
  const decoder = new KeyDecoder();
  let timer: ReturnType<typeof setTimeout> | undefined;
  for await (const chunk of tty.input) {
    clearTimeout(timer);
    for (const key of decoder.push(chunk, performance.now())) press(key);
    if (decoder.waiting) timer = setTimeout(() => decoder.flush().forEach(press), ESCAPE_MS);
  }
  clearTimeout(timer);
}

/** Where what is typed on a terminal without a cursor goes. */
export interface Typed {
  /** A whole line, which the terminal itself let the person edit. */
  readonly enter: (line: string) => void;
  /** A secret is being typed: keys come one by one. */
  readonly hidden: () => boolean;
  readonly press: (key: Key) => void;
}

/** Reads lines, and keys while a secret is typed, until the terminal is gone. */
export async function readLines(tty: Tty, { enter, hidden, press }: Typed): Promise<void> {
  const decoder = new KeyDecoder();
  let line = "";
  let timer: ReturnType<typeof setTimeout> | undefined;
  for await (const chunk of tty.input) {
    clearTimeout(timer);
    for (const char of chunk) {
      if (hidden()) decoder.push(char, performance.now()).forEach(press);
      else if (char !== "\n" && char !== "\r") line += char;
      else {
        const entered = line;
        line = "";
        enter(entered);
      }
    }
    if (decoder.waiting) timer = setTimeout(() => decoder.flush().forEach(press), ESCAPE_MS);
  }
  clearTimeout(timer);
}
