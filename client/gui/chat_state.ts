import type { Entry } from "../entry.ts";
import type { Role } from "../client_event.ts";
import type { Transfer } from "../files/transfer.ts";
import type { Privacy } from "../keys/keys.ts";

/** What one is told of with a notification: everything, what names one, or nothing. */
export type Level = "all" | "mentions" | "none";

/** A message of one's own that the server has not taken, or has refused for good. */
export interface Outgoing {
  readonly id: string;
  readonly text: string;
  /** Why it was refused; without it the message is still on its way. */
  readonly refused?: { readonly code: string; readonly message: string };
}

/** Entries `from` to `until` that can no longer be had. */
export interface Gap {
  readonly from: number;
  readonly until: number;
  readonly why: string;
}

/** One conversation, `"#room"` or `"@name"`, as far as it is known here. */
export interface Conversation {
  readonly to: string;
  /** Whether one is in the room; always, with a person. */
  readonly member: boolean;
  /** Who is in the room; nobody is listed for a person. */
  readonly users: readonly string[];
  /** Ascending by `seq`. */
  readonly entries: readonly Entry[];
  /** The last page was asked for and has come: `entries` reach without a hole from there to now. */
  readonly opened: boolean;
  /** There are earlier ones to be had. */
  readonly more: boolean;
  /** Those up to here are kept no more. */
  readonly expired?: number;
  readonly gaps: readonly Gap[];
  /** The highest `seq` heard of. */
  readonly last: number;
  /** How far one has read, here or on another device. */
  readonly read: number;
  /** With a person: all of one's own up to here have arrived. */
  readonly delivered: number;
  /** With a person: the last of one's own that is kept until they come back. */
  readonly kept: number;
  /** Oldest first. */
  readonly outgoing: readonly Outgoing[];
  /** What was typed here and not sent yet. */
  readonly draft: string;
  readonly level: Level;
  /** Who can read it. */
  readonly privacy: Privacy;
}

/** What the page has to ask before the chat can go on. */
export type Question =
  | { readonly kind: "name"; readonly message?: string }
  | {
    readonly kind: "password";
    readonly why: "account" | "wrong" | "unregistered" | "throttled";
    readonly message: string;
    readonly retryMs?: number;
  };

/** Everything a window shows but what is its own: the same in all windows of one client. */
export interface ChatState {
  readonly phase: "asking" | "connecting" | "online" | "offline" | "ended";
  /** Empty while it is not known yet. */
  readonly name: string;
  /** What one is on the server; `null` for a guest. */
  readonly account: Role | null;
  readonly question: Question | null;
  /** Why the link is lost, or why the chat has ended. */
  readonly trouble: string | null;
  /** What concerns no conversation, the latest last; a few. */
  readonly notices: readonly Notice[];
  /** The files that were sent and offered, the oldest first. */
  readonly transfers: readonly Transfer[];
  /** By `"#room"` or `"@name"`, in the order in which they came. */
  readonly conversations: Readonly<Record<string, Conversation>>;
}

/** Something the server or the client has to say; `id` counts up. */
export interface Notice {
  readonly id: number;
  readonly text: string;
}

/** A client that knows nothing yet. */
export const NOTHING: ChatState = {
  phase: "connecting",
  name: "",
  account: null,
  question: null,
  trouble: null,
  notices: [],
  transfers: [],
  conversations: {},
};
