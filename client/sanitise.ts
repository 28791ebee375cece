/**
 * The one sanitiser at the sink: whatever a peer wrote passes here on its way to a terminal or a pipe, and comes out
 * unable to move the cursor, colour, ring, retitle, reorder or hide anything. The text itself is never changed on its
 * way: this is display only.
 */

/** How a body is shown. */
export interface SanitiseOptions {
  /** `keep`: newlines stay, the caller lays the lines out; `escape`: a newline becomes a visible `\n`. */
  readonly lines: "keep" | "escape";
  /** For terminals that are not UTF-8: everything outside printable ASCII becomes `\u{...}`. */
  readonly ascii?: boolean;
}

/** Marks beyond this many in a row are not shown: nobody's script needs them, and they overdraw other rows. */
const MAX_MARKS = 7;
const MAX_NAME = 64;

const PLAIN = /^[\x20-\x7e]*$/;
// deno-lint-ignore no-control-regex
const CONTROL = /[\x00-\x09\x0b-\x1f\x7f-\x9f]/g;
/** Characters that direct the layout, or annotate, instead of being seen. */
const DIRECTING = /[\u061C\u200E\u200F\u2028\u2029\u202A-\u202E\u2066-\u2069\uFFF9-\uFFFB]/g;
/** One or more characters that show nothing by themselves. */
const INVISIBLE = /\p{DI}+/gu;
/** A lone hint at where a line may or may not break: dropped, the lines are ours to lay out. */
const HINT = /(?<!\p{DI})[\u00AD\u200B\u2060\uFEFF](?!\p{DI})/gu;
const MARKS = new RegExp(`(\\p{M}{${MAX_MARKS}})\\p{M}+`, "gu");
/** A mark with nothing to stand on would stand on our layout. */
const LEADING_MARK = /(^|\n)(?=\p{M})/gu;
/** Ends in a letter of a script whose spelling needs joiners: the cursive ones and those of India and around it. */
const JOINING =
  /[\p{scx=Arab}\p{scx=Syrc}\p{scx=Nko}\p{scx=Mong}\p{scx=Deva}\p{scx=Beng}\p{scx=Guru}\p{scx=Gujr}\p{scx=Orya}\p{scx=Taml}\p{scx=Telu}\p{scx=Knda}\p{scx=Mlym}\p{scx=Sinh}\p{scx=Khmr}\p{scx=Mymr}](?<=[\p{L}\p{M}])$/u;
const PICTURE = /[\p{Extended_Pictographic}\p{Emoji_Modifier}]\uFE0F?$/u;
const STARTS_PICTURE = /^\p{Extended_Pictographic}/u;
const KEYCAP = /[0-9#*]$/;
const IDEOGRAPH = /\p{Script=Han}$/u;
const MONGOLIAN = /\p{Script=Mongolian}$/u;
/** The tags behind a black flag that make it England's, Scotland's or Wales's. */
const FLAG =
  /^\u{E0067}\u{E0062}(?:\u{E0065}\u{E006E}\u{E0067}|\u{E0073}\u{E0063}\u{E0074}|\u{E0077}\u{E006C}\u{E0073})\u{E007F}$/u;

/** Text of a peer, fit for a terminal: no byte below 0x20 but kept newlines, none of 0x7f to 0x9f. Idempotent. */
export function sanitise(text: string, { lines, ascii = false }: SanitiseOptions): string {
  if (PLAIN.test(text)) return text;
  const unix = text.toWellFormed().replace(/\r\n/g, "\n").replace(/\t/g, "    ");
  if (ascii) return escapeAll(unix, lines === "keep");
  let shown = unix.replace(CONTROL, picture);
  if (lines === "escape") shown = shown.replace(/\n/g, "\\n");
  return shown
    .replace(DIRECTING, token)
    .replace(HINT, "")
    .replace(MARKS, "$1")
    .replace(INVISIBLE, invisible)
    .replace(LEADING_MARK, "$1\u25cc");
}

/** A name of a peer: stricter, on one line and never long, because names stand where the layout is ours. */
export function sanitiseName(name: string, { ascii = false } = {}): string {
  if (PLAIN.test(name) && name.length <= MAX_NAME) return name;
  const points = [...name.toWellFormed()];
  const cut = points.length <= MAX_NAME ? points.join("") : points.slice(0, MAX_NAME - 3).join("") + "...";
  if (ascii) return escapeAll(cut, false);
  return cut.replace(CONTROL, picture).replace(/\n/g, "\u240a")
    .replace(DIRECTING, token)
    .replace(/[\p{DI}\p{Cf}\p{Co}\p{Cn}]|(?! )\p{Z}/gu, token)
    .replace(MARKS, "$1")
    .replace(LEADING_MARK, "$1\u25cc");
}

/** C0 and DEL as their control pictures, C1 by number. */
function picture(char: string): string {
  const code = char.charCodeAt(0);
  if (code === 0x7f) return "\u2421";
  return code < 0x20 ? String.fromCharCode(0x2400 + code) : `<${code.toString(16)}>`;
}

function token(char: string): string {
  return `<U+${char.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}>`;
}

/** A joiner or selector where spelling wants it stays; every other invisible run is told. */
function invisible(run: string, at: number, whole: string): string {
  const before = whole.slice(Math.max(0, at - 3), at);
  const beforePicture = STARTS_PICTURE.test(whole.slice(at + run.length, at + run.length + 2));
  if (belongs(run, before, beforePicture)) return run;
  const points = [...run];
  const first = token(points[0]!);
  return points.length === 1 ? first : `${first}<+${points.length - 1} invisible>`;
}

function belongs(run: string, before: string, beforePicture: boolean): boolean {
  switch (run) {
    case "\u200d":
      return (beforePicture && PICTURE.test(before)) || JOINING.test(before);
    case "\ufe0f\u200d":
      return beforePicture && PICTURE.test(before);
    case "\u200c":
      return JOINING.test(before);
    case "\ufe0e":
    case "\ufe0f":
      return PICTURE.test(before) || KEYCAP.test(before);
    default:
      return (/^[\ufe00-\ufe02\u{e0100}-\u{e01ef}]$/u.test(run) && IDEOGRAPH.test(before)) ||
        (/^[\u180b-\u180d\u180f]$/.test(run) && MONGOLIAN.test(before)) ||
        (before.endsWith("\u{1F3F4}") && FLAG.test(run));
  }
}

/** ASCII only, for a terminal that would misread the rest. */
function escapeAll(text: string, keepLines: boolean): string {
  return text.replace(
    keepLines ? /[^\x20-\x7e\n]/gu : /[^\x20-\x7e]/gu,
    (char) => `\\u{${char.codePointAt(0)!.toString(16)}}`,
  );
}
