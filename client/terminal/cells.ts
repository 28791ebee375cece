/** Drawn over what is before it, or not at all. */
const NO_CELL = /[\p{Mn}\p{Me}\p{DI}\u1160-\u11ff\ud7b0-\ud7ff]/u;
/** East Asian Width W and F (UAX 11) by blocks, and what is drawn as an emoji. */
const TWO_CELLS =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6b\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18d7f}\u{1aff0}-\u{1b2fb}\u{1d300}-\u{1d376}\u{1f200}-\u{1f265}\u{20000}-\u{3fffd}\p{Emoji_Presentation}]/u;
/** Emoji are joined from several, and still drawn as one. */
const EMOJI = /[\p{Extended_Pictographic}\p{Regional_Indicator}\u20e3]/u;

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const ASCII = /^[\x20-\x7e]*$/;

/** The characters of `text` as a person counts them. */
export function graphemes(text: string): string[] {
  return ASCII.test(text) ? text.split("") : Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** Columns that `text` takes on a terminal. */
export function cellsOf(text: string): number {
  if (ASCII.test(text)) return text.length;
  return graphemes(text).reduce((sum, each) => sum + graphemeCells(each), 0);
}

function graphemeCells(cluster: string): number {
  if (ASCII.test(cluster)) return cluster.length;
  if (EMOJI.test(cluster) && cluster.includes("\ufe0f")) return 2;
  let cells = 0;
  for (const char of cluster) cells += NO_CELL.test(char) ? 0 : TWO_CELLS.test(char) ? 2 : 1;
  return EMOJI.test(cluster) ? Math.min(2, cells) : cells;
}

/** The longest beginning of `text` that fits into `cells` columns, with `mark` at its end if it had to be cut. */
export function cut(text: string, cells: number, mark = "…"): string {
  if (cellsOf(text) <= cells) return text;
  const room = cells - cellsOf(mark);
  let kept = "";
  let used = 0;
  for (const each of graphemes(text)) {
    used += graphemeCells(each);
    if (used > room) break;
    kept += each;
  }
  return room < 0 ? "" : kept + mark;
}

/** `text` pushed to the right edge of a field of `cells` columns. */
export function alignRight(text: string, cells: number): string {
  return " ".repeat(Math.max(0, cells - cellsOf(text))) + text;
}

/**
 * Breaks sanitised text into rows of at most `cells` columns: at its newlines, at spaces where there are any, else
 * between characters. Never an empty list; a character wider than the row still gets one of its own.
 */
export function wrap(text: string, cells: number): string[] {
  const room = Math.max(1, cells);
  return text.split("\n").flatMap((paragraph) =>
    cellsOf(paragraph) <= room ? [paragraph] : fill(paragraph, room)
  );
}

function fill(paragraph: string, room: number): string[] {
  const rows: string[] = [];
  let row = "";
  let used = 0;
  for (const word of paragraph.split(/(?<= )(?=[^ ])/)) {
    if (used > 0 && used + cellsOf(word.trimEnd()) > room) {
      rows.push(row.trimEnd());
      row = "";
      used = 0;
    }
    for (const each of graphemes(word)) {
      const cells = graphemeCells(each);
      if (used > 0 && used + cells > room) {
        if (each === " ") continue; // spaces at the end of a row are not carried over
        rows.push(row.trimEnd());
        row = "";
        used = 0;
      }
      row += each;
      used += cells;
    }
  }
  rows.push(row);
  return rows;
}
