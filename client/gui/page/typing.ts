import { complete, type Completions, type Sources } from "../../completion.ts";
import { COMMANDS, findCommand } from "../../commands.ts";

/** What could be typed next, and what of it is chosen. */
export interface Menu extends Completions {
  /** What stood there before anything was put in its place, and where the cursor was. */
  readonly base: string;
  readonly end: number;
  /** The chosen one; -1 while none is. */
  readonly at: number;
  /** It is in the text already. */
  readonly placed: boolean;
}

/** Options that are shown. */
const MOST = 50;

/** What is offered without being asked for: behind `/` at the start, and behind `@` and `#`. */
export function offered(text: string, cursor: number, sources: Sources): Menu | null {
  const word = /\S*$/.exec(text.slice(0, cursor))![0];
  const asks = /^[@#]/.test(word) || (text.startsWith("/") && !text.startsWith("//") && word !== "");
  return asks ? asked(text, cursor, sources) : null;
}

/** What there is to complete at the cursor; `null` where there is nothing. */
export function asked(text: string, cursor: number, sources: Sources): Menu | null {
  if (/(^|\s)$/.test(text.slice(0, cursor))) return null; // Tab has another meaning there
  const { start, options } = complete(text, cursor, sources);
  if (options.length === 0) return null;
  return { start, options: options.slice(0, MOST), base: text, end: cursor, at: -1, placed: false };
}

/** Another one chosen, forwards or backwards, around the ends. */
export function moved(menu: Menu, by: 1 | -1): Menu {
  const { options: { length }, at } = menu;
  const next = at < 0 ? (by > 0 ? 0 : length - 1) : (at + by + length) % length;
  return { ...menu, at: next };
}

/** The text with the chosen one in its place, and where the cursor is then. */
export function placed(
  { base, start, end, options, at }: Menu,
): { readonly text: string; readonly cursor: number } {
  const option = options[at] ?? base.slice(start, end);
  return { text: base.slice(0, start) + option + base.slice(end), cursor: start + option.length };
}

/** What is said about an option: of a command, what it does. */
export function hintOf(option: string): string {
  if (!option.startsWith("/")) return "";
  const [command] = findCommand(option.trim().slice(1));
  return command === undefined || !COMMANDS.includes(command) ? "" : command.summary;
}
