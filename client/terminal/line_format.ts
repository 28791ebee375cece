import { sanitise, sanitiseName } from "../sanitise.ts";
import { alignRight, cellsOf, cut, wrap } from "./cells.ts";
import type { Item } from "./item.ts";
import type { Look } from "./look.ts";
import { escaped, mentionOf } from "../mention.ts";

/** Where and for whom an item is drawn. */
export interface Page extends Look {
  readonly columns: number;
  readonly me: string;
}

/** Cells a name may take beside a message. */
const MAX_NAME = 16;
/** Narrower terminals get no time and no column of names. */
const NARROW = 32;

/**
 * The rows of one item, none wider than the page less one column. All that peers wrote passes the sanitiser here, and
 * every row starts with layout of our own: text of a peer never stands at the left edge.
 */
export function formatItem(item: Item, page: Page): string[] {
  switch (item.kind) {
    case "message":
      return formatMessage(item, page);
    case "whisper":
      return formatWhisper(item, page);
    case "system":
      return lay("-- ", [], body(item.text, page), page).map(page.style.dim);
    case "error": {
      const code = item.code === undefined ? "" : ` (${item.code})`;
      return lay("!! ", [], body(item.text + code, page), page).map(page.style.red);
    }
    case "date":
      return lay("-- ", [], `${DATE.format(item.at)} --`, page).map(page.style.dim);
    case "divider":
      return [formatDivider(item.text, page)];
    case "found":
      return formatFound(item, page);
    default:
      return item satisfies never;
  }
}

/** One of the person's own messages without an outcome yet, on a single row. */
export function formatPending(to: string, text: string, page: Page): string {
  const whom = sanitiseName(to, page);
  const row = `${page.signs.pending} ${whom}: ${sanitise(text, { lines: "escape", ascii: page.ascii })}`;
  return page.style.dim(cut(row, Math.max(1, page.columns - 1), page.signs.more));
}

/** How a file gets on, on a single row. */
export function formatTransfer(text: string, page: Page): string {
  const row = sanitise(text, { lines: "escape", ascii: page.ascii });
  return page.style.dim(cut(row, Math.max(1, page.columns - 1), page.signs.more));
}

const DATE = new Intl.DateTimeFormat("en-GB", {
  weekday: "long",
  day: "numeric",
  month: "long",
  year: "numeric",
});

function formatMessage(item: Item & { kind: "message" }, page: Page): string[] {
  const { style, signs } = page;
  const action = /^\/me\s/.test(item.text);
  const bar = item.mention ? signs.loud : signs.bar;
  const label = item.label === undefined ? "" : cut(sanitiseName(item.label, page), MAX_NAME, signs.more);
  const name = shownName(item.from, page);
  const text = body(action ? `${item.from} ${item.text.slice(4)}` : item.text, page);
  const left = action ? "*" : name;
  const middle = label === "" ? ` ${bar} ` : ` ${bar}${label}${signs.bar} `;
  const paint = item.mine ? style.bold : (text: string) => style.ofName(item.from, text);
  const loud = (row: string) => item.mention ? highlight(row, page) : row;
  if (page.columns < NARROW) return lay(left + middle, [], text, page, loud);
  const head = clock(item.at) + " " + alignRight(left, nameCells(page)) + middle;
  const painted: Paint[] = [[clock(item.at), style.dim], [left, paint], [
    middle,
    item.mention ? style.loud : style.dim,
  ]];
  return lay(head, painted, text, page, loud);
}

function formatWhisper(item: Item & { kind: "whisper" }, page: Page): string[] {
  const { style, signs } = page;
  const peer = shownName(item.peer, page);
  const pair = item.mine ? `[you ${signs.to} ${peer}]` : `[${peer} ${signs.to} you]`;
  const kept = item.state === "kept" ? ` kept for ${peer}` : "";
  const open = item.open ? " (server can read)" : "";
  const sign = (item.mine ? ` ${item.state === "delivered" ? signs.delivered : signs.stored}${kept}` : "") +
    open;
  const action = /^\/me\s/.test(item.text);
  const text = body(action ? `* ${item.mine ? page.me : item.peer} ${item.text.slice(4)}` : item.text, page) +
    sign;
  if (page.columns < NARROW) return lay(`${pair} `, [], text, page);
  const head = `${clock(item.at)} ${alignRight(pair, nameCells(page) + 2)} `;
  return lay(head, [[clock(item.at), style.dim], [pair, style.magenta]], text, page);
}

function formatDivider(text: string, page: Page): string {
  const { line } = page.signs;
  const room = Math.max(1, page.columns - 1);
  const row = `${line}${line} ${text} `;
  return page.style.red(cut(row + line.repeat(Math.max(2, room - cellsOf(row))), room, ""));
}

function formatFound(item: Item & { kind: "found" }, page: Page): string[] {
  const { style, signs } = page;
  const date = `${day(item.on)} ${clock(item.on)}`;
  const place = cut(sanitiseName(item.to, page), MAX_NAME, signs.more);
  const name = shownName(item.from, page);
  const text = body(item.text, page);
  const mark = (row: string) => markWords(row, item.words, page);
  const head = `${date} ${place} ${signs.bar} ${name} ${signs.bar} `;
  if (page.columns < 2 * NARROW) return lay("-- ", [], `${head}${text}`, page, mark);
  const paint: Paint[] = [[date, style.dim], [name, (text) => style.ofName(item.from, text)]];
  return lay(head, paint, text, page, mark);
}

/** Words as the search finds them: whole ones, in any case. */
function markWords(row: string, words: readonly string[], page: Page): string {
  if (!page.style.on || words.length === 0) return row;
  const longest = [...words].sort((one, other) => other.length - one.length).map(escaped);
  const found = new RegExp(`(?<![\\p{L}\\p{N}_])(?:${longest.join("|")})(?![\\p{L}\\p{N}_])`, "giu");
  return row.replace(found, page.style.found);
}

type Styled = (text: string) => string;
type Paint = readonly [part: string, style: Styled];

/** Puts `text` to the right of `head` and further rows under it, then paints the parts of the head in their order. */
function lay(
  head: string,
  parts: readonly Paint[],
  text: string,
  page: Page,
  ofText: Styled = same,
): string[] {
  const room = Math.max(1, page.columns - 1);
  if (page.columns < NARROW) {
    const hanging = room > 6 ? 2 : 0;
    return wrap(head + text, room - hanging).map((row, at) =>
      " ".repeat(at === 0 ? 0 : hanging) + ofText(row)
    );
  }
  const indent = cellsOf(head);
  const [first = "", ...more] = wrap(text, room - indent);
  let painted = "";
  let rest = head;
  for (const [part, style] of parts) {
    const at = rest.indexOf(part);
    painted += rest.slice(0, at) + style(part);
    rest = rest.slice(at + part.length);
  }
  return [painted + rest + ofText(first), ...more.map((row) => " ".repeat(indent) + ofText(row))];
}

function same(text: string): string {
  return text;
}

function body(text: string, page: Page): string {
  return sanitise(text, { lines: "keep", ascii: page.ascii });
}

function shownName(name: string, page: Page): string {
  return cut(sanitiseName(name, page), Math.min(MAX_NAME, nameCells(page)), page.signs.more);
}

function nameCells({ columns }: Page): number {
  return Math.max(4, Math.min(MAX_NAME, Math.floor(columns / 5)));
}

function highlight(row: string, page: Page): string {
  const name = sanitiseName(page.me, page);
  return page.style.on && name !== "" ? row.replace(mentionOf(name), page.style.loud) : row;
}

/** `09:05`, where this computer is. */
export function clock(at: Date): string {
  if (Number.isNaN(at.getTime())) return "--:--";
  return `${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** `2026-02-14`, where this computer is. */
export function day(at: Date): string {
  if (Number.isNaN(at.getTime())) return "----------";
  return `${String(at.getFullYear()).padStart(4, "0")}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

function two(part: number): string {
  return String(part).padStart(2, "0");
}
