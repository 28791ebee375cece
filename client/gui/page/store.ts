import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { type ChatState, NOTHING } from "../chat_state.ts";
import type { Answers, Told } from "../told.ts";
import { inFront } from "./in_front.ts";
import { reduceChat } from "../reduce_chat.ts";
import { EMPTY, type LocalLine, reduceWindow, type WindowEvent, type WindowState } from "./window_state.ts";

export type { LocalLine } from "./window_state.ts";

const SELECTED = "selected";

const known = signal<ChatState>(NOTHING);
const state = signal<WindowState>(EMPTY);

/** What all windows of this client show. */
export const chat: ReadonlySignal<ChatState> = known;
/** Which conversation this one shows. */
export const selected: ReadonlySignal<string> = computed(() => state.value.selected);
/** Whether the program behind the window is there, and lets it in. */
export const link: Signal<"opening" | "open" | "lost" | "stranger" | "ended"> = signal("opening");
/** The address of the server, as the person wrote it, and the version of the program. */
export const about: Signal<{ readonly server: string; readonly version: string }> = signal({
  server: "",
  version: "",
});
/** The newest message is on view. */
export const atEnd: Signal<boolean> = signal(true);
/** What is searched for; `null` while nothing is. */
export const search: Signal<string | null> = signal(null);
/** Transfers, as they stood, that one does not want to see any more. */
export const dismissed: Signal<ReadonlySet<string>> = signal(new Set<string>());
/** The words to compare with somebody, while they are on view. */
export const words: Signal<Answers["verify"] | null> = signal(null);
export const settingsOpen: Signal<boolean> = signal(false);
/** The pane that covers the others where there is room for one only. */
export const drawer: Signal<"conversations" | "people" | null> = signal(null);

/** Takes what the program tells. */
export function hear(told: Told & { kind: "state" | "news" }): void {
  if (told.kind === "state") {
    known.value = told.state;
    about.value = { server: told.server, version: told.version };
    link.value = "open";
    const before = sessionStorage.getItem(SELECTED);
    if (before !== null && before !== selected.value && told.state.conversations[before]) select(before);
  } else {
    known.value = told.news.reduce(reduceChat, known.value);
  }
  if (known.value.phase === "ended") link.value = "ended";
  happen({ kind: "told", chat: known.value, inFront: inFront.peek() });
}

/** Shows a conversation. */
export function select(to: string): void {
  happen({ kind: "selected", to, found: chat.value.conversations[to], me: chat.value.name });
  sessionStorage.setItem(SELECTED, to);
  drawer.value = null;
  if (words.value !== null && `@${words.value.name}` !== to) words.value = null;
}

/** `seq` behind which the unread entries begin, or `null`. */
export function divider(to: string): number | null {
  return state.value.dividers[to] ?? null;
}

/** What only this window shows in a conversation. */
export function localLines(to: string): readonly LocalLine[] {
  return state.value.lines[to] ?? [];
}

export function tell(to: string, text: string): void {
  line(to, "tell", text);
}

export function complain(to: string, text: string): void {
  line(to, "complain", text);
}

/** Lets go of the lines that only this window shows. */
export function clearLocal(to: string): void {
  happen({ kind: "cleared", to });
}

export function searchFor(query: string): void {
  search.value = query;
}

export function openSettings(): void {
  settingsOpen.value = true;
}

/** Whom and what one can name in the conversation on view. */
export function suggestionSources(): {
  readonly users: readonly string[];
  readonly rooms: readonly string[];
} {
  const { conversations, name } = chat.value;
  const here = conversations[selected.value];
  const spoke = (here?.entries ?? []).slice(-200).toReversed().map(({ from }) => from);
  const there = Object.values(conversations).flatMap(({ to, users }) =>
    to.startsWith("@") ? [to.slice(1)] : users
  );
  const users = [...new Set([...spoke, ...here?.users ?? [], ...there])].filter((each) => each !== name);
  const rooms = Object.keys(conversations).filter((to) => to.startsWith("#")).map((to) => to.slice(1));
  return { users, rooms };
}

function line(to: string, kind: "tell" | "complain", text: string): void {
  happen({ kind: "line", to, after: chat.value.conversations[to]?.last ?? 0, line: kind, text });
}

function happen(event: WindowEvent): void {
  state.value = reduceWindow(state.value, event);
}
