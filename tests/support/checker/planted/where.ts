import type { Content, Line, LineOf, Place } from "../history.ts";
import { isOf, type Tampering } from "../tampering.ts";

type Send = { readonly client: string; readonly id: string };

export function nameOf(history: Tampering, client: string): string {
  return history.all("start", (start) => start.client === client)[0]!.name;
}

/** Where a send is stored now. */
export function stored(history: Tampering, { client, id }: Send): Place | undefined {
  return history.entries.find(isOf({ from: nameOf(history, client), id }));
}

/** Whether a place is no longer kept. */
export function expired(history: Tampering, { conversation, seq }: Place): boolean {
  return seq < history.extents[conversation]!.floor;
}

/** Entries that are kept and that their senders know of. */
export function acknowledged(history: Tampering): readonly Place[] {
  const known = new Set(history.all("ack").map(({ from, id }) => `${from} ${id}`));
  return history.entries.filter(({ from, id }) => known.has(`${from} ${id}`));
}

/** The last entry of each conversation. */
export function lastOnes(history: Tampering): readonly Place[] {
  return history.entries.filter(({ conversation, seq }) => history.extents[conversation]!.head === seq);
}

/** Every time that an entry was shown. */
export function shown(history: Tampering, { conversation, seq }: Place): LineOf<"show">[] {
  return history.all("show", (show) => show.conversation === conversation && show.seq === seq);
}

/** Whether a show is of the same client and conversation. */
export function isInView(show: LineOf<"show">): (other: LineOf<"show">) => boolean {
  return ({ client, conversation }) => client === show.client && conversation === show.conversation;
}

/** What next concerned the same client's view of the conversation. */
export function next(history: Tampering, line: Line & { readonly conversation: string }): Line | undefined {
  return history.after(line).find((each) => concerns(each, line.conversation));
}

/** What last concerned it before. */
export function previous(
  history: Tampering,
  line: Line & { readonly conversation: string },
): Line | undefined {
  return history.before(line).findLast((each) => concerns(each, line.conversation));
}

/** The show right before this one, where nothing but that decides what had to come. */
export function inTheMiddle(history: Tampering, show: LineOf<"show">): LineOf<"show"> | undefined {
  const before = previous(history, show);
  return before?.kind === "show" && before.seq === show.seq - 1 ? before : undefined;
}

/** Whether a client that remembers this place at its start had shown it, and done something else since. */
export function wasShown(
  history: Tampering,
  { start, conversation, seq }: { start: LineOf<"start">; conversation: string; seq: number },
): boolean {
  const [, ...before] = history.before(start).toReversed();
  return seq > 2 &&
    before.some((line) => line.kind === "show" && line.conversation === conversation && line.seq === seq);
}

/** Stores something at the end of a conversation. */
export function append(history: Tampering, conversation: string, content: Content): void {
  const extent = history.extents[conversation]!;
  const at = Math.max(
    content.at,
    ...history.entries.filter((each) => each.conversation === conversation).map((each) => each.at),
  );
  const { from, id, hash } = content;
  history.entries.push({ conversation, seq: ++extent.head, from, id, hash, at });
}

/** Two sends of one conversation take each other's places, for everybody. */
export function exchange(history: Tampering, one: Place, other: Place): void {
  const [isOne, isOther] = [isOf(one), isOf(other)];
  const swapped = (place: Place): Place => {
    const now = isOne(place) ? other : isOther(place) ? one : undefined;
    return now ? { ...place, from: now.from, id: now.id, hash: now.hash } : place;
  };
  history.entries = history.entries.map(swapped);
  history.lines = history.lines.map((line) => {
    if (line.kind === "show") return { ...line, ...swapped(line) };
    const now = line.kind !== "ack" ? undefined : isOne(line) ? other : isOther(line) ? one : undefined;
    return line.kind === "ack" && now ? { ...line, seq: now.seq, at: now.at } : line;
  });
}

function concerns(line: Line, conversation: string): boolean {
  if (line.kind === "start" || line.kind === "end") return true;
  const isPlace = line.kind === "show" || line.kind === "gap" || line.kind === "joined" ||
    line.kind === "left";
  return isPlace && line.conversation === conversation;
}
