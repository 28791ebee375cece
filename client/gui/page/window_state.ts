import type { ChatState, Conversation } from "../chat_state.ts";

/** A line that only this window shows, in the conversation where it was asked for. */
export interface LocalLine {
  readonly id: number;
  /** `seq` of the last entry when it came. */
  readonly after: number;
  readonly kind: "tell" | "complain";
  readonly text: string;
}

/** What one window shows besides what all of them do. */
export interface WindowState {
  /** The conversation on view; empty while there is none. */
  readonly selected: string;
  readonly lines: Readonly<Record<string, readonly LocalLine[]>>;
  /**
   * Behind which entry the unread ones began when the conversation came into view; `null`: none were. Nothing before
   * the conversation's first page has come: it is not known yet.
   */
  readonly dividers: Readonly<Record<string, number | null>>;
}

/** What happens in a window. */
export type WindowEvent =
  | {
    readonly kind: "selected";
    readonly to: string;
    readonly found: Conversation | undefined;
    readonly me: string;
  }
  | {
    readonly kind: "line";
    readonly to: string;
    readonly after: number;
    readonly line: "tell" | "complain";
    readonly text: string;
  }
  | { readonly kind: "cleared"; readonly to: string }
  /** News came in: a conversation may be gone, or the first one there. */
  | { readonly kind: "told"; readonly chat: ChatState; readonly inFront: boolean };

/** Lines of a conversation that are kept. */
const LINES = 500;

export const EMPTY: WindowState = { selected: "", lines: {}, dividers: {} };

/** The state of a window after something happened in it: a pure function. */
export function reduceWindow(state: WindowState, event: WindowEvent): WindowState {
  switch (event.kind) {
    case "selected":
      return divided({ ...state, selected: event.to }, event);
    case "line": {
      const before = state.lines[event.to] ?? [];
      const { after, line: kind, text } = event;
      const line = { id: (before.at(-1)?.id ?? 0) + 1, after, kind, text };
      return { ...state, lines: { ...state.lines, [event.to]: [...before, line].slice(-LINES) } };
    }
    case "cleared":
      return { ...state, lines: { ...state.lines, [event.to]: [] } };
    case "told":
      return told(state, event);
    default:
      return event satisfies never;
  }
}

/** Behind which entry the unread ones begin; `null` where nothing is unread. */
export function dividerOf(found: Conversation | undefined, me: string): number | null {
  if (found === undefined) return null;
  return found.entries.some(({ seq, from }) => seq > found.read && from !== me) ? found.read : null;
}

/** With the divider where it belongs now, if that can be told. */
function divided(state: WindowState, { to, found, me }: WindowEvent & { kind: "selected" }): WindowState {
  const { [to]: _before, ...others } = state.dividers;
  if (found?.opened !== true) return { ...state, dividers: others };
  return { ...state, dividers: { ...others, [to]: dividerOf(found, me) } };
}

function told(state: WindowState, { chat, inFront }: WindowEvent & { kind: "told" }): WindowState {
  const { conversations, name } = chat;
  const found = conversations[state.selected];
  if (found === undefined) {
    const first = Object.values(conversations)[0];
    if (first === undefined) return state;
    return reduceWindow(state, { kind: "selected", to: first.to, found: first, me: name });
  }
  const divider = state.dividers[found.to];
  // Once it is known it stays while somebody looks; what comes while nobody does is below the line.
  if (found.opened ? divider !== undefined && inFront : divider === undefined) return state;
  if (found.opened && dividerOf(found, name) === divider) return state;
  return divided(state, { kind: "selected", to: found.to, found, me: name });
}
