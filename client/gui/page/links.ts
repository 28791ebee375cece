/** A piece of a text; with `href` it leads there. */
export interface Piece {
  readonly text: string;
  readonly href?: string;
}

const LINK = /https?:\/\/[^\s<>"\u{7f}-\u{a0}]+/giu;
const TRAILING = /[.,;:!?'*_~|]$/;
const BRACKETS: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };
/** Longer ones are text: nobody reads them. */
const MAX_LINK = 2_048;

/** Cuts a text into links, http and https only, and what lies between. Takes time in proportion to the text. */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const { 0: found, index } of text.matchAll(LINK)) {
    const typed = trimmed(found);
    const link = linkOf(typed);
    if (link === undefined) continue;
    if (index > from) pieces.push({ text: text.slice(from, index) });
    pieces.push(link);
    from = index + typed.length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from) });
  return pieces;
}

/** Where it leads must be what one reads: no name and password before the host, and no letters that only look like others. */
function linkOf(typed: string): Piece | undefined {
  if (typed.length > MAX_LINK || !URL.canParse(typed)) return undefined;
  const { protocol, hostname, username, password, href } = new URL(typed);
  if (protocol !== "http:" && protocol !== "https:") return undefined;
  if (username !== "" || password !== "" || hostname === "" || typed.includes("\\")) return undefined;
  const plain = typed.toLowerCase().startsWith(`${protocol}//${hostname}`);
  return { text: plain ? typed : href, href };
}

/** Without what belongs to the sentence around it: its punctuation, and a bracket that was opened before it. */
function trimmed(link: string): string {
  const open: Record<string, number> = {};
  for (const char of link) open[char] = (open[char] ?? 0) + 1;
  let end = link.length;
  while (end > 0) {
    const last = link[end - 1]!;
    const opening = BRACKETS[last];
    const loose = opening === undefined ? TRAILING.test(last) : (open[last] ?? 0) > (open[opening] ?? 0);
    if (!loose) break;
    open[last] = (open[last] ?? 0) - 1;
    end--;
  }
  return link.slice(0, end);
}
