import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Conversation } from "../chat_state.ts";
import { ask } from "./link.ts";
import { useList } from "./list.ts";
import { titleOf } from "./names.tsx";
import { RowContent } from "./row.tsx";
import { rowsOf } from "./rows.ts";
import { keepPlace, placeOf, useStart } from "./start.ts";
import { atEnd, chat, divider, link, localLines } from "./store.ts";
import { unreadOf } from "./unread.ts";

/** With so few rows left above, more are fetched. */
const NEAR_TOP = 10;
/** What was refused is asked for again after this. */
const AGAIN_MS = 500;

/** What was said, as far as it is on view; a component for each conversation. */
export function Messages({ conversation }: { readonly conversation: Conversation }) {
  const { to } = conversation;
  const me = chat.value.name;
  const [divided, lines] = [divider(to), localLines(to)];
  const rows = useMemo(() => rowsOf({ conversation, me, divider: divided, lines }), [
    conversation,
    me,
    divided,
    lines,
  ]);
  const keys = useMemo(() => rows.map(({ key }) => key), [rows]);
  const scroller = useRef<HTMLElement>(null);
  const list = useList({
    scroller,
    keys,
    place: useRef(placeOf(to)).current,
    leave: (left) => keepPlace(to, left),
  });
  const items = list.getVirtualItems();
  const there = useStart(list, rows, to);
  useEarlier(conversation, there && (items[0]?.index ?? Infinity) < NEAR_TOP);
  useEffect(() => {
    atEnd.value = list.isAtEnd();
  });
  const title = titleOf(to);
  const { count } = unreadOf(conversation, me);
  return (
    <div class="pane">
      <section
        ref={scroller}
        class="log"
        role="log"
        aria-live="off"
        aria-label={to.startsWith("#") ? `Messages in ${title}` : `Messages with ${title}`}
        tabIndex={0}
      >
        <ol style={{ height: `${list.getTotalSize()}px` }}>
          {items.map(({ key, index, start }) => {
            const row = rows[index];
            if (row === undefined) return null;
            return (
              <li
                key={key}
                ref={list.measureElement}
                data-index={index}
                data-kind={row.kind}
                data-seq={row.kind === "entry" ? row.entry.seq : undefined}
                data-id={row.kind === "outgoing" ? row.outgoing.id : undefined}
                class={row.kind}
                aria-setsize={rows.length}
                aria-posinset={index + 1}
                style={{ transform: `translateY(${start}px)` }}
              >
                <RowContent to={to} row={row} />
              </li>
            );
          })}
        </ol>
      </section>
      {atEnd.value || rows.length === 0 ? null : (
        <button
          type="button"
          class="jump"
          onClick={() => list.scrollToEnd()}
          aria-label="Jump to the latest"
        >
          ↓ {count > 0 ? `${count} new` : "Latest"}
        </button>
      )}
    </div>
  );
}

/** Fetches what was said before, when the reader comes near to its top. */
function useEarlier({ to, opened, more, entries }: Conversation, nearTop: boolean): void {
  const asked = useRef<number | null | undefined>(undefined);
  const [failures, setFailures] = useState(0);
  const before = opened ? entries[0]?.seq ?? null : null;
  const open = link.value === "open" && chat.value.phase === "online";
  useEffect(() => {
    const wanted = !opened || (more && before !== null && nearTop);
    if (!open || !wanted || asked.current === before) return;
    asked.current = before;
    ask({ kind: "history", to, ...before === null ? {} : { before } }).catch(() => {
      asked.current = undefined; // mostly because it was asked too soon
      setTimeout(() => setFailures((count) => count + 1), AGAIN_MS);
    });
  }, [open, opened, more, before, nearTop, failures]);
}
