import type { Entry } from "../../entry.ts";
import type { Conversation, Gap, Outgoing } from "../chat_state.ts";
import type { LocalLine } from "./window_state.ts";

/** What became of an entry of one's own. */
export type Fate = "stored" | "delivered" | "kept";

/** One row of the pane, from the top down. */
export type Row =
  | { readonly kind: "top"; readonly key: string; readonly expired: boolean }
  | { readonly kind: "day"; readonly key: string; readonly at: Date }
  | { readonly kind: "divider"; readonly key: string }
  | { readonly kind: "gap"; readonly key: string; readonly gap: Gap }
  /** `head`: the first of several that one person said in a row. `fate`: of one's own. */
  | {
    readonly kind: "entry";
    readonly key: string;
    readonly entry: Entry;
    readonly head: boolean;
    readonly fate: Fate | null;
  }
  | { readonly kind: "outgoing"; readonly key: string; readonly outgoing: Outgoing }
  | { readonly kind: "local"; readonly key: string; readonly line: LocalLine };

/** What the rows are made from. */
export interface RowsOf {
  readonly conversation: Conversation;
  /** One's own name. */
  readonly me: string;
  /** `seq` behind which the unread entries begin. */
  readonly divider: number | null;
  readonly lines: readonly LocalLine[];
}

/** What one person says within this time is shown as one. */
const TOGETHER_MS = 5 * 60_000;

/** The rows of a conversation: pure, with keys that stay with what they stand for. */
export function rowsOf({ conversation, me, divider, lines }: RowsOf): Row[] {
  const { entries, gaps, outgoing, more, expired, opened } = conversation;
  const rows: Row[] = [];
  // While there is more above, the first row is an entry: what one looks at stays where it is when more comes.
  if (opened && !more) rows.push({ kind: "top", key: "top", expired: expired !== undefined });
  const missed = gaps.filter(({ from, until }, at) =>
    from !== gaps[at - 1]?.from || until !== gaps[at - 1]?.until
  );
  let before: Entry | undefined;
  let divided = divider === null;
  let line = 0;
  let gap = 0;
  for (const entry of entries) {
    for (; line < lines.length && lines[line]!.after < entry.seq; line++) rows.push(local(lines[line]!));
    for (; gap < missed.length && missed[gap]!.from <= entry.seq; gap++) rows.push(missing(missed[gap]!));
    const news = dayOf(entry) !== "" && (before === undefined ? !more : dayOf(before) !== dayOf(entry));
    // Not by the date: that comes again where the server's clock was set back.
    if (news) rows.push({ kind: "day", key: `day ${entry.seq}`, at: new Date(entry.at) });
    const divides = !divided && entry.seq > divider! && entry.from !== me;
    if (divides) rows.push({ kind: "divider", key: "divider" });
    divided ||= divides;
    const head = before === undefined || news || divides || rows.at(-1)?.kind !== "entry" ||
      !together(before, entry);
    rows.push(said(entry, head, fateOf(entry, me, conversation)));
    before = entry;
  }
  for (; gap < missed.length; gap++) rows.push(missing(missed[gap]!));
  for (; line < lines.length; line++) rows.push(local(lines[line]!));
  for (const each of outgoing) rows.push({ kind: "outgoing", key: `out ${each.id}`, outgoing: each });
  return rows;
}

const made = new WeakMap<Entry, Row & { readonly kind: "entry" }>();

/** The row of an entry, the same one as long as nothing about it changes: there are thousands. */
function said(entry: Entry, head: boolean, fate: Fate | null): Row {
  const before = made.get(entry);
  if (before?.head === head && before.fate === fate) return before;
  const row = { kind: "entry", key: `entry ${entry.seq}`, entry, head, fate } as const;
  made.set(entry, row);
  return row;
}

function local(line: LocalLine): Row {
  return { kind: "local", key: `local ${line.id}`, line };
}

function missing(gap: Gap): Row {
  return { kind: "gap", key: `gap ${gap.from} ${gap.until}`, gap };
}

function fateOf({ type, from, seq }: Entry, me: string, { delivered, kept }: Conversation): Fate | null {
  if (from !== me) return null;
  if (type === "whisper" && seq <= delivered) return "delivered";
  return type === "whisper" && seq <= kept ? "kept" : "stored";
}

function together(before: Entry, entry: Entry): boolean {
  return before.from === entry.from && timeOf(entry) - timeOf(before) < TOGETHER_MS &&
    !entry.text.startsWith("/me ") && !before.text.startsWith("/me ");
}

const days = new WeakMap<Entry, { readonly day: string; readonly time: number }>();

/** Reading a date costs more than all the rest, and there are thousands. */
function known(entry: Entry): { readonly day: string; readonly time: number } {
  let found = days.get(entry);
  if (found === undefined) {
    const at = new Date(entry.at);
    const time = at.getTime();
    found = { day: Number.isNaN(time) ? "" : at.toDateString(), time };
    days.set(entry, found);
  }
  return found;
}

function dayOf(entry: Entry): string {
  return known(entry).day;
}

function timeOf(entry: Entry): number {
  return known(entry).time;
}
