import type { Entry } from "../entry.ts";
import type { ClientEvent, Role, RoomView } from "../client_event.ts";
import type { Level } from "./chat_state.ts";

/**
 * What windows are told, in order: the events of the client in a form that JSON can carry, and what the windows of one
 * client did. `reduceChat` makes the state of them.
 */
export type News =
  | Exclude<ClientEvent, { readonly kind: "online" }>
  | {
    readonly kind: "online";
    readonly name: string;
    readonly rooms: readonly RoomView[];
    readonly first: boolean;
    readonly log: "same" | "new";
    readonly account: Role | null;
    readonly read: readonly (readonly [to: string, seq: number])[];
  }
  /** No name was given: the first thing to ask. */
  | { readonly kind: "nameWanted" }
  /** The chat goes on under this name; it is being connected, or asked whether it may. */
  | { readonly kind: "named"; readonly name: string }
  /** The name is an account now, or no longer. */
  | { readonly kind: "account"; readonly role: Role | null }
  /** Earlier entries, oldest first: those before `before`, or the last ones. */
  | {
    readonly kind: "page";
    readonly to: string;
    readonly before: number | null;
    readonly entries: readonly Entry[];
    readonly more: boolean;
    readonly expired: number | null;
  }
  /** Who is in a room. */
  | { readonly kind: "users"; readonly room: string; readonly users: readonly string[] }
  /** A conversation with somebody is wanted, though nothing was said yet. */
  | { readonly kind: "opened"; readonly to: string }
  /** A window typed this, and has not sent it. */
  | { readonly kind: "draft"; readonly to: string; readonly text: string }
  /** What is notified of. */
  | { readonly kind: "level"; readonly to: string; readonly level: Level }
  /** A refused message is not wanted any more. */
  | { readonly kind: "discarded"; readonly id: string };
