import { backToComposer, goInto } from "./focus.ts";
import { chat, drawer, search, select, selected } from "./store.ts";
import { unreadOf } from "./unread.ts";

/** The keys that work wherever one is in the window. */
export function listenToKeys(): void {
  addEventListener("keydown", (event) => {
    if (event.isComposing || event.defaultPrevented) return;
    if (press(event)) event.preventDefault();
  });
}

function press({ key, altKey, ctrlKey, metaKey }: KeyboardEvent): boolean {
  if ((ctrlKey || metaKey) && !altKey && key === "k") {
    goInto("conversations", "#go");
    return true;
  }
  if (altKey && !ctrlKey && (key === "ArrowUp" || key === "ArrowDown")) {
    return step(key === "ArrowUp" ? -1 : 1);
  }
  if (altKey && !ctrlKey && key.toLowerCase() === "a") return nextUnread();
  if (key !== "Escape" || (search.value === null && drawer.value === null)) return false;
  search.value = null;
  drawer.value = null;
  backToComposer();
  return true;
}

function step(by: 1 | -1): boolean {
  const all = inOrder();
  const at = all.indexOf(selected.value);
  const next = all[(at + by + all.length) % all.length];
  if (next !== undefined) select(next);
  return true;
}

/** To what concerns one, then to what else is unread. */
function nextUnread(): boolean {
  const { conversations, name } = chat.value;
  const waiting = inOrder().map((to) => ({ to, ...unreadOf(conversations[to]!, name) }));
  const next = waiting.find(({ mentions }) => mentions > 0) ?? waiting.find(({ count }) => count > 0);
  if (next !== undefined) select(next.to);
  return true;
}

function inOrder(): string[] {
  const all = Object.keys(chat.value.conversations);
  return [...all.filter((to) => to.startsWith("#")), ...all.filter((to) => to.startsWith("@"))];
}
