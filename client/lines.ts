import { MAX_TEXT_BYTES } from "../protocol/limits.ts";

/** One line of an input, without its end. */
export interface Line {
  /** From 1. */
  readonly number: number;
  /** `undefined`: longer than any message may be; what it said was not kept. */
  readonly text: string | undefined;
}

const NEWLINE = 10;

/** Cuts bytes into lines, keeping no more of one than a message may have. Bytes that are not UTF-8 become U+FFFD. */
export async function* lines(
  input: AsyncIterable<Uint8Array>,
  { maxBytes = MAX_TEXT_BYTES } = {},
): AsyncGenerator<Line> {
  let number = 1;
  let parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of input) {
    for (let at = 0; at < chunk.length;) {
      const newline = chunk.indexOf(NEWLINE, at);
      const end = newline < 0 ? chunk.length : newline;
      size += end - at;
      if (size <= maxBytes + 1) parts.push(chunk.slice(at, end));
      else parts = [];
      at = end + 1;
      if (newline < 0) break;
      yield line(number++, parts, size, maxBytes);
      parts = [];
      size = 0;
    }
  }
  if (size > 0) yield line(number, parts, size, maxBytes);
}

function line(number: number, parts: readonly Uint8Array[], size: number, maxBytes: number): Line {
  const decoder = new TextDecoder();
  const whole = parts.map((part) => decoder.decode(part, { stream: true })).join("") + decoder.decode();
  // The byte above the limit may be the carriage return of a line end.
  const tooLong = size > maxBytes + 1 || (size > maxBytes && !whole.endsWith("\r"));
  return { number, text: tooLong ? undefined : whole.replace(/\r$/, "") };
}
