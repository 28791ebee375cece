/** Lines that are remembered. */
const MOST = 200;

const lines: string[] = [];
/** The one that is in the field; behind the last while none is. */
let at = 0;

/** A line was sent. */
export function remember(line: string): void {
  if (lines.at(-1) !== line) lines.push(line);
  if (lines.length > MOST) lines.shift();
  at = lines.length;
}

/** What was sent before, or after, the line in the field; nothing while something else is being typed. */
export function pastLine(text: string, by: 1 | -1): string | undefined {
  if (text === "") at = lines.length;
  else if (text !== lines[at]) return undefined;
  const next = at + by;
  if (next < 0 || next > lines.length || (next === lines.length && by < 0)) return undefined;
  at = next;
  return lines[at] ?? "";
}
