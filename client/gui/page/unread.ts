import { mentionOf } from "../../mention.ts";
import type { ChatState, Conversation } from "../chat_state.ts";

/** What waits in a conversation. */
export interface Unread {
  readonly count: number;
  /** Of them, those that name one, and all whispers. */
  readonly mentions: number;
}

const known = new WeakMap<Conversation, Unread>();

/** How many entries of others there are that were not read, and how many of them concern one. */
export function unreadOf(found: Conversation, me: string): Unread {
  const before = known.get(found);
  if (before !== undefined) return before;
  const counted = count(found, me);
  known.set(found, counted);
  return counted;
}

/** The same over all conversations. */
export function unreadOfAll({ conversations, name }: ChatState): Unread {
  const all = Object.values(conversations).map((found) => unreadOf(found, name));
  return {
    count: all.reduce((sum, { count }) => sum + count, 0),
    mentions: all.reduce((sum, { mentions }) => sum + mentions, 0),
  };
}

function count({ to, entries, read, opened }: Conversation, me: string): Unread {
  const room = to.startsWith("#");
  if (room && !opened) return { count: 0, mentions: 0 };
  const mention = mentionOf(me);
  let unread = 0;
  let mentions = 0;
  for (let at = entries.length - 1; at >= 0 && entries[at]!.seq > read; at--) {
    const { from, text } = entries[at]!;
    if (from === me) continue;
    unread++;
    if (!room || text.search(mention) >= 0) mentions++;
  }
  return { count: unread, mentions };
}
