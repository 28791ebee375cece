import { sanitise } from "../sanitise.ts";
import { cellsOf, cut, graphemes } from "./cells.ts";
import type { Page } from "./line_format.ts";

/** What stands below the transcript and changes: messages on their way, a hint, and the line being typed. */
export interface Live {
  /** Rows above the prompt, ready to draw; the oldest are left out where there is no room. */
  readonly above: readonly string[];
  readonly hint: string;
  readonly prompt: string;
  readonly line: string;
  /** In UTF-16 units of `line`. */
  readonly cursor: number;
}

/** The live region as rows, with the place of the cursor among them. */
export interface Region {
  readonly rows: readonly string[];
  readonly cursor: { readonly row: number; readonly column: number };
}

/** Lays the live region out so that it never is higher than the screen, and the cursor always is on it. */
export function layLive(live: Live, page: Page & { readonly rows: number }): Region {
  const room = Math.max(1, page.columns - 1);
  const hint = live.hint === "" || page.rows < 3
    ? []
    : [page.style.dim(cut(onOneRow(live.hint, page), room, page.signs.more))];
  const typed = layTyped(live, page, room);
  const height = Math.max(1, page.rows - hint.length);
  const top = Math.max(0, Math.min(typed.cursor.row - Math.floor(height / 2), typed.rows.length - height));
  const shown = typed.rows.slice(top, top + height);
  const free = Math.max(0, Math.min(page.rows - 1, Math.ceil(page.rows / 2)) - shown.length - hint.length);
  const above = [...(free === 0 ? [] : live.above.slice(-free)), ...hint];
  const row = above.length + typed.cursor.row - top;
  return { rows: [...above, ...shown], cursor: { row, column: typed.cursor.column } };
}

function layTyped({ prompt, line, cursor }: Live, page: Page, room: number): Region {
  const { style, signs } = page;
  const sign = room < 20
    ? cut(">", room) + (room > 8 ? " " : "")
    : cut(onOneRow(prompt, page), Math.floor(room / 2), `${signs.more} `);
  const before = cellsOf(sign) + cellsOf(onOneRow(line.slice(0, cursor), page));
  const rows: string[] = [];
  let row = "";
  let used = 0;
  let total = 0;
  let place: Region["cursor"] | undefined;
  for (const each of graphemes(sign + onOneRow(line, page))) {
    const cells = cellsOf(each);
    if (used + cells > room && used > 0) {
      rows.push(row);
      row = "";
      used = 0;
    }
    if (place === undefined && total >= before) place = { row: rows.length, column: used };
    row += each;
    used += cells;
    total += cells;
  }
  rows.push(row);
  if (place === undefined) {
    if (used >= room) rows.push("");
    place = { row: rows.length - 1, column: used >= room ? 0 : used };
  }
  rows[0] = rows[0]!.startsWith(sign) ? style.bold(sign) + rows[0]!.slice(sign.length) : rows[0]!;
  return { rows, cursor: place };
}

/** On one row, whatever is in it. */
function onOneRow(text: string, { ascii, signs }: Page): string {
  return text.split("\n").map((part) => sanitise(part, { lines: "escape", ascii })).join(signs.newline);
}
