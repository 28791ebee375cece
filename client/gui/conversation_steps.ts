import type { Entry } from "../entry.ts";
import type { Draft } from "../client_event.ts";
import type { ChatState, Conversation } from "./chat_state.ts";
import type { News } from "./news.ts";

/** Entries of a conversation that stay when so many have come that {@linkcode TRIMMED_AT} is reached; others can be had again. */
const KEPT = 10_000;
const TRIMMED_AT = 12_000;

/** An entry as it is said. */
export function add(found: Conversation, entry: Entry, mine: boolean): Conversation {
  const entries = placed(found.entries, entry);
  const cut = entries.length >= TRIMMED_AT ? entries.slice(-KEPT) : entries;
  return {
    ...found,
    entries: cut,
    more: found.more || cut !== entries,
    last: Math.max(found.last, entry.seq),
    outgoing: mine ? withoutId(found.outgoing, entry.id) : found.outgoing,
  };
}

/** A page of earlier ones. */
export function merge(found: Conversation, page: News & { kind: "page" }): Conversation {
  const { before, entries, more, expired } = page;
  const first = entries[0]?.seq ?? Infinity;
  const reaches = first <= (found.entries[0]?.seq ?? Infinity);
  const last = Math.max(found.last, entries.at(-1)?.seq ?? 0);
  const news = found.to.startsWith("#") && !found.opened && before === null && found.read === 0;
  return {
    ...found,
    entries: union(entries, found.entries),
    opened: found.opened || before === null,
    more: reaches ? more : found.more,
    last,
    read: news ? last : found.read,
    ...expired === null ? {} : { expired },
  };
}

/** A message of one's own sets out. */
export function queue(found: Conversation, { id, text }: Draft): Conversation {
  return { ...found, outgoing: [...withoutId(found.outgoing, id), { id, text }] };
}

/** It was refused for good, and stays until it is sent again or not wanted any more. */
export function refuse(found: Conversation, news: News & { kind: "refused" }): Conversation {
  const { draft: { id, text }, code, message } = news;
  const refused = { id, text, refused: { code, message } };
  const known = found.outgoing.some((each) => each.id === id);
  const outgoing = known
    ? found.outgoing.map((each) => each.id === id ? refused : each)
    : [...found.outgoing, refused];
  return { ...found, outgoing };
}

/** It is not wanted any more. */
export function discard(found: Conversation, id: string): Conversation {
  return found.outgoing.some((each) => each.id === id)
    ? { ...found, outgoing: withoutId(found.outgoing, id) }
    : found;
}

/** Somebody came to a room or left it; `self`: this client came. */
export function moved(
  found: Conversation,
  { kind, user }: News & { kind: "joined" | "left" },
  self: boolean,
): Conversation {
  const others = found.users.filter((each) => each !== user);
  const users = kind === "joined" ? [...others, user] : others;
  return { ...found, users, member: self || found.member };
}

/** The state without a conversation: one has left. */
export function without(state: ChatState, to: string): ChatState {
  const { [to]: _gone, ...conversations } = state.conversations;
  return { ...state, conversations };
}

function withoutId(outgoing: Conversation["outgoing"], id: string | undefined): Conversation["outgoing"] {
  return outgoing.some((each) => each.id === id) ? outgoing.filter((each) => each.id !== id) : outgoing;
}

/** Mostly it is the last one. One with the same number takes the place of the other: the server had lost that. */
function placed(entries: readonly Entry[], entry: Entry): readonly Entry[] {
  if (entry.seq > (entries.at(-1)?.seq ?? 0)) return [...entries, entry];
  return union(entries, [entry]);
}

/** Both, ascending; where two have a number, the one of `after`. */
function union(before: readonly Entry[], after: readonly Entry[]): readonly Entry[] {
  const last = before.at(-1);
  if (last === undefined) return after;
  if (after.length === 0) return before;
  if (last.seq < after[0]!.seq) return [...before, ...after];
  const all = new Map([...before, ...after].map((entry) => [entry.seq, entry]));
  return [...all.values()].sort((a, b) => a.seq - b.seq);
}
