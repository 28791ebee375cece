/** Turns text into styled text; where styles are off, gives it back unchanged. */
export interface Style {
  /** Whether anything but the text itself comes out. */
  readonly on: boolean;
  dim(text: string): string;
  bold(text: string): string;
  /** Bold and reversed: somebody says this person's name. */
  loud(text: string): string;
  /** What was searched for. */
  found(text: string): string;
  red(text: string): string;
  magenta(text: string): string;
  /** `text` in a colour that depends on `name` alone, the same on every device. */
  ofName(name: string, text: string): string;
}

/** What decides about colour. */
export interface ColourChoice {
  /** `--color` or `--no-color`; undefined when neither was given. */
  readonly flag: boolean | undefined;
  readonly tty: boolean;
  readonly env: (name: string) => string | undefined;
}

/** The flag wins, then NO_COLOR, then CLICOLOR_FORCE and FORCE_COLOR, then whether there is a terminal to colour. */
export function wantsColour({ flag, tty, env }: ColourChoice): boolean {
  if (flag !== undefined) return flag;
  if (set(env("NO_COLOR"))) return false;
  if (forced(env("CLICOLOR_FORCE")) || forced(env("FORCE_COLOR"))) return true;
  return tty && env("TERM") !== "dumb" && env("CLICOLOR") !== "0";
}

/** The styles for a terminal with or without colour. */
export function styleFor(colour: boolean, env: (name: string) => string | undefined): Style {
  const sgr = (codes: string) => (text: string) =>
    colour && text !== "" ? `\x1b[${codes}m${text}\x1b[0m` : text;
  const many = /256color|direct|kitty/.test(env("TERM") ?? "") || set(env("COLORTERM"));
  const names = (many ? MANY : SIXTEEN).map(sgr);
  return {
    on: colour,
    dim: sgr("2"),
    bold: sgr("1"),
    loud: sgr("1;7"),
    found: sgr("1;4"),
    red: sgr("31"),
    magenta: sgr("35"),
    ofName: (name, text) => names[hash(name) % names.length]!(text),
  };
}

/** Readable on dark and on light, red left out: it means an error. */
const SIXTEEN = ["32", "33", "34", "35", "36", "1;32", "1;34", "1;35", "1;36"];
const MANY = [28, 30, 32, 62, 64, 67, 71, 97, 99, 100, 130, 132, 133, 136, 166, 168, 172, 31].map((n) =>
  `38;5;${n}`
);

function set(value: string | undefined): boolean {
  return value !== undefined && value !== "";
}

function forced(value: string | undefined): boolean {
  return set(value) && value !== "0";
}

/** FNV-1a over the code points. */
export function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const char of text) value = Math.imul(value ^ char.codePointAt(0)!, 0x01000193) >>> 0;
  return value;
}
