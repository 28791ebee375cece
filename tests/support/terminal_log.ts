// deno-lint-ignore-file no-control-regex
const START = "\x1b[?25l\x1b[?7l";
const END = "\x1b[?7h\x1b[?25h";
/** Back to the top of the live region, which is erased; or the whole screen, row by row. */
const TOP = /^(?:\x1b\[\d+A)?\r\x1b\[J/;
const REPAINT = /^(?:(?:\x1b\[\d+A)?\r\x1b\[J\x1b\[\d+;1H(?:\r\n)+)?\x1b\[H/;
/** To the cursor's place, from the end of the last row. */
const BACK = /(?:\x1b\[\d+A)?\r(?:\x1b\[\d+C)?$/;

/**
 * Reads every byte that a terminal without colour wrote, frame by frame, and gives what is not layout of our own: the
 * text of its rows. Throws at the first byte that has no place in a frame; so no order in a text can hide as ours.
 */
export function rowsOfLog(log: string): string[] {
  const rows: string[] = [];
  const sent = log.replaceAll("\r\r\n", "\r\n"); // the system adds one
  let rest = sent.slice(Math.max(0, sent.indexOf("\x1b[?2004h"))); // before that, Deno itself may say something
  while (rest !== "") {
    const mode = /^(?:\x1b\[\?2004[hl]|\x07|(?:\x1b\[\d+A)?\r\x1b\[J(?!.))/s.exec(rest)?.[0] ??
      /^(?:\x1b\[\d+A)?\r\x1b\[J(?=\x1b\[\?2004l)/.exec(rest)?.[0];
    if (mode !== undefined) {
      rest = rest.slice(mode.length);
      continue;
    }
    if (!rest.startsWith(START)) throw new Error(`Not a frame: ${JSON.stringify(rest.slice(0, 80))}`);
    const end = rest.indexOf(END);
    if (end < 0) return rows; // not all of it has been written
    rows.push(...rowsOfFrame(rest.slice(START.length, end)));
    rest = rest.slice(end + END.length);
  }
  return rows;
}

function rowsOfFrame(frame: string): string[] {
  const body = frame.replace(BACK, "");
  const painted = REPAINT.exec(body)?.[0];
  if (painted !== undefined) {
    return body.slice(painted.length).replace(/\x1b\[J$/, "").split("\r\n").map((row) =>
      row.replace(/^\x1b\[K/, "")
    );
  }
  const top = TOP.exec(body)?.[0];
  if (top === undefined) throw new Error(`Not a frame's start: ${JSON.stringify(frame.slice(0, 80))}`);
  return body.slice(top.length).split("\r\n");
}
