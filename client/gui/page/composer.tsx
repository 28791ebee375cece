import type { TargetedEvent, TargetedKeyboardEvent } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { parseInput } from "../../parse_input.ts";
import type { Conversation } from "../chat_state.ts";
import { dropFiles } from "./drop.ts";
import { useDraft } from "./draft.ts";
import { ask } from "./link.ts";
import { titleOf } from "./names.tsx";
import { perform } from "./perform.ts";
import { pastLine, remember } from "./past_lines.ts";
import { complain, suggestionSources } from "./store.ts";
import { optionId, Suggestions } from "./suggestions.tsx";
import { roomLeft } from "./text_length.ts";
import { asked, type Menu, moved, offered, placed } from "./typing.ts";

type Field = HTMLTextAreaElement;

/** Commands with something to see at the end of the conversation. */
const ANSWERED_HERE: ReadonlySet<string> = new Set(["me", "list", "rooms", "help"]);

/** Where one writes; a component for each conversation. */
export function Composer({ conversation }: { readonly conversation: Conversation }) {
  const { to } = conversation;
  const [text, setText] = useDraft(conversation);
  const [menu, setMenu] = useState<Menu | null>(null);
  const field = useRef<Field>(null);
  const cursor = useRef<number | null>(null);
  useLayoutEffect(() => field.current?.focus({ preventScroll: true }), []);
  useLayoutEffect(() => {
    if (field.current === null || cursor.current === null) return;
    field.current.setSelectionRange(cursor.current, cursor.current);
    cursor.current = null;
  }, [text]);

  const put = (next: string, at: number, then: Menu | null) => {
    cursor.current = at;
    setText(next);
    setMenu(then);
  };
  const take = (chosen: Menu, stay: boolean) => {
    const { text, cursor } = placed(chosen);
    put(text, cursor, stay ? { ...chosen, placed: true } : null);
  };
  const send = () => {
    if (text.trim() === "") return;
    const input = parseInput(text, { interactive: true });
    if (input.kind !== "command" || ANSWERED_HERE.has(input.call.name)) jump();
    if (input.kind === "problem") {
      if (input.secret) setText("");
      return complain(to, input.message);
    }
    if (input.kind === "say" && (roomLeft(input.text) ?? 0) < 0) {
      return complain(to, `This is ${-roomLeft(input.text)!} characters too long: send it in parts`);
    }
    remember(text);
    put("", 0, null);
    if (input.kind === "command") return perform(input.call, to);
    ask({ kind: "say", to, text: input.text }).catch(({ message }: { message: string }) => {
      if (field.current?.value === "") setText(text); // else it is among the past lines
      complain(to, message);
    });
  };
  const typed = (event: TargetedEvent<Field>) => {
    const { value, selectionStart } = event.currentTarget;
    setText(value);
    setMenu(offered(value, selectionStart, suggestionSources()));
  };
  /** Says whether the key meant something here. */
  const press = (event: TargetedKeyboardEvent<Field>): boolean => {
    const { key, shiftKey, altKey, ctrlKey, metaKey, currentTarget: { selectionStart, selectionEnd } } =
      event;
    // 229: Safari says that the key ends a composition after it has ended.
    if (event.isComposing || event.keyCode === 229 || altKey || ctrlKey || metaKey) return false;
    switch (key) {
      case "Tab": {
        const plain = selectionStart === selectionEnd
          ? asked(text, selectionStart, suggestionSources())
          : null;
        const found = menu ?? plain;
        if (found === null) return false;
        take(moved(found, shiftKey ? -1 : 1), true);
        return true;
      }
      case "Enter":
        if (shiftKey) return false;
        if (menu !== null && menu.at >= 0 && !menu.placed) take(menu, false);
        else send();
        return true;
      case "Escape":
        if (menu === null) return jump();
        setMenu(null);
        return true;
      case "ArrowUp":
      case "ArrowDown": {
        const by = key === "ArrowUp" ? -1 : 1;
        if (menu !== null && !menu.placed) {
          setMenu(moved(menu, by));
          return true;
        }
        const past = pastLine(text, by);
        if (past !== undefined) put(past, past.length, null);
        return past !== undefined;
      }
      case "PageUp":
      case "PageDown":
        return scroll(key === "PageUp" ? -1 : 1);
      default:
        return false;
    }
  };
  const title = titleOf(to);
  const left = roomLeft(text);
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
        field.current?.focus();
      }}
    >
      {menu === null ? null : <Suggestions menu={menu} choose={(at) => take({ ...menu, at }, false)} />}
      <label class="hidden" for="composer">Message {title}</label>
      <div class="grow" data-text={`${text} `}>
        <textarea
          id="composer"
          ref={field}
          rows={1}
          value={text}
          placeholder={`Message ${title} · Tab completes · /help`}
          autocomplete="off"
          dir="auto"
          aria-autocomplete="list"
          aria-controls={menu === null ? undefined : "suggestions"}
          aria-activedescendant={menu === null || menu.at < 0 ? undefined : optionId(menu.at)}
          onInput={typed}
          onKeyDown={(event) => press(event) && event.preventDefault()}
          onBlur={() => setMenu(null)}
        />
      </div>
      {left === undefined ? null : (
        <span class={left < 0 ? "left problem" : "left"} role="status">
          {left < 0 ? `${-left} too many` : `${left} left`}
        </span>
      )}
      <label class="attach" title="Send a file">
        <span aria-hidden="true">＋</span>
        <input
          type="file"
          class="hidden"
          aria-label={`Send a file to ${title}`}
          multiple
          onChange={({ currentTarget }) => {
            dropFiles(currentTarget.files ?? [], to);
            currentTarget.value = "";
          }}
        />
      </label>
      <button type="submit">Send</button>
    </form>
  );
}

function log(): HTMLElement | null {
  return document.querySelector<HTMLElement>("[role=log]");
}

function scroll(by: 1 | -1): boolean {
  const pane = log();
  pane?.scrollBy({ top: by * pane.clientHeight * 0.9 });
  return true;
}

/** To the newest; says whether one was elsewhere. */
function jump(): boolean {
  const button = document.querySelector<HTMLElement>(".jump");
  button?.click();
  return button !== null;
}
