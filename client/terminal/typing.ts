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

/** Reads whole lines that the terminal itself let the person edit. */
export async function readLines(tty: Tty, enter: (line: string) => void): Promise<void> {
  let rest = "";
  for await (const chunk of tty.input) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop()!;
    lines.forEach(enter);
  }
}
