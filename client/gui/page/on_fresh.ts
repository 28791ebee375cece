import { effect } from "@preact/signals";
import type { ChatState } from "../chat_state.ts";
import { type Fresh, freshOf } from "./fresh.ts";
import { chat, link } from "./store.ts";

/** Calls back with whatever comes while this window is open. */
export function onFresh(tell: (fresh: readonly Fresh[]) => void): () => void {
  let before: ChatState | undefined;
  return effect(() => {
    const now = chat.value;
    const fresh = before === undefined ? [] : freshOf(before, now);
    before = link.value === "open" ? now : undefined;
    if (fresh.length > 0) tell(fresh);
  });
}
