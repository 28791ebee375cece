import { mentionOf } from "../../mention.ts";
import type { ChatState, Conversation } from "../chat_state.ts";
import type { Entry } from "../../entry.ts";

/** An entry of somebody else that has just come. */
export interface Fresh {
  readonly conversation: Conversation;
  readonly entry: Entry;
  /** It is a whisper, or names one. */
  readonly personal: boolean;
}

/** What came with the last news, oldest first: nothing that was there when this window or the connection began. */
export function freshOf(before: ChatState, now: ChatState): Fresh[] {
  const fresh: Fresh[] = [];
  if (before === now || before.phase !== "online" || now.phase !== "online") return fresh;
  const mention = mentionOf(now.name);
  for (const conversation of Object.values(now.conversations)) {
    const was = before.conversations[conversation.to];
    if (was === conversation || was?.opened !== conversation.opened && conversation.to.startsWith("#")) {
      continue;
    }
    for (const entry of conversation.entries.slice(-50)) {
      if (entry.seq <= Math.max(was?.last ?? 0, conversation.read) || entry.from === now.name) continue;
      const personal = conversation.to.startsWith("@") || entry.text.search(mention) >= 0;
      fresh.push({ conversation, entry, personal });
    }
  }
  return fresh;
}
