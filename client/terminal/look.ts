import { type Style, styleFor, wantsColour } from "./colours.ts";

type Env = (name: string) => string | undefined;

/** How things are drawn on the terminal at hand. */
export interface Look {
  readonly style: Style;
  readonly signs: Signs;
  /** The terminal is not known to understand UTF-8. */
  readonly ascii: boolean;
}

/** The few characters of our own that are not ASCII, and what stands for them where only ASCII can be shown. */
export type Signs = typeof UNICODE;

const UNICODE = {
  bar: "│",
  loud: "»",
  to: "→",
  pending: "◌",
  stored: "✓",
  delivered: "✓✓",
  more: "…",
  newline: "⏎",
  line: "─",
};
const ASCII: Signs = {
  bar: "|",
  loud: ">",
  to: "->",
  pending: ".",
  stored: "+",
  delivered: "++",
  more: "..",
  newline: "\\n",
  line: "-",
};

/** Looks at the environment once. */
export function lookFor(env: Env, flag: boolean | undefined): Look {
  const ascii = !speaksUtf8(env);
  const style = styleFor(wantsColour({ flag, tty: true, env }), env);
  return { style, ascii, signs: ascii ? ASCII : UNICODE };
}

/** Whether the cursor may be moved about; if not, every event is printed once, line after line. */
export function isDumb(env: Env): boolean {
  return env("TERM") === "dumb";
}

/** A locale that names another character set, C and POSIX included, gets ASCII; none at all only on a dumb terminal. */
function speaksUtf8(env: Env): boolean {
  const locale = env("LC_ALL") || env("LC_CTYPE") || env("LANG");
  return locale ? /utf-?8/i.test(locale) : !isDumb(env);
}
