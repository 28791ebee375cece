import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Conversation } from "../chat_state.ts";
import { ask } from "./link.ts";
import { link } from "./store.ts";

/** How long typing rests before the other windows, and the next one, are told. */
const REST_MS = 300;

/** What is typed in a conversation: it outlives this window, and is the same in others. */
export function useDraft({ to, draft }: Conversation): readonly [string, (text: string) => void] {
  const [text, setText] = useState(draft);
  const typed = useRef(draft);
  /** Unknown while it could not be told. */
  const told = useRef<string | undefined>(draft);
  /** Of what was told, so often no answer has come. */
  const waiting = useRef(0);
  const resting = useRef<ReturnType<typeof setTimeout>>(undefined);
  const flush = () => {
    clearTimeout(resting.current);
    if (typed.current === told.current) return;
    told.current = typed.current;
    waiting.current++;
    ask({ kind: "draft", to, text: typed.current })
      .catch(() => told.current = undefined) // it is in the field all the same
      .finally(() => waiting.current--);
  };
  useEffect(() => {
    addEventListener("pagehide", flush);
    return () => {
      removeEventListener("pagehide", flush);
      flush();
    };
  }, []);
  useEffect(flush, [link.value]);
  useLayoutEffect(() => {
    // What is typed here is later than what is heard of until it is told: another window's, or one's own of before.
    if (waiting.current > 0 || typed.current !== told.current || draft === typed.current) return;
    told.current = typed.current = draft;
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
