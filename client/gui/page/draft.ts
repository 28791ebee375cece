import { useEffect, useRef, useState } from "preact/hooks";
import type { Conversation } from "../chat_state.ts";
import { ask } from "./link.ts";

/** How long typing rests before the other windows, and the next one, are told. */
const REST_MS = 300;

/** What is typed in a conversation: it outlives this window, and is the same in others. */
export function useDraft({ to, draft }: Conversation): readonly [string, (text: string) => void] {
  const [text, setText] = useState(draft);
  const told = useRef(draft);
  const typed = useRef(draft);
  const resting = useRef<ReturnType<typeof setTimeout>>(undefined);
  const flush = () => {
    clearTimeout(resting.current);
    if (typed.current === told.current) return;
    told.current = typed.current;
    ask({ kind: "draft", to, text: typed.current }).catch(() => {}); // it is in the field all the same
  };
  useEffect(() => {
    addEventListener("pagehide", flush);
    return () => {
      removeEventListener("pagehide", flush);
      flush();
    };
  }, []);
  useEffect(() => {
    if (draft === told.current) return;
    told.current = typed.current = draft; // another window typed
    setText(draft);
  }, [draft]);
  const change = (next: string) => {
    typed.current = next;
    setText(next);
    clearTimeout(resting.current);
    if (next === "") flush();
    else resting.current = setTimeout(flush, REST_MS);
  };
  return [text, change];
}
