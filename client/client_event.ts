import type { Entry } from "./entry.ts";
import type { Offer } from "../protocol/schema.ts";
import type { Transfer } from "./files/transfer.ts";
import type { KeyNews } from "./keys/keys.ts";

/** A message of one's own on its way: queued, sent, but without an outcome yet. */
export interface Draft {
  readonly id: string;
  /** `"#room"` or `"@name"`. */
  readonly to: string;
  readonly text: string;
  /** A whisper that the server may read: asked for on purpose. */
  readonly plain?: true;
  /** The file that it offers. */
  readonly file?: Offer;
}

/** What the owner of an account may do. */
export type Role = "member" | "owner";

/** A room that this client is in, as the server described it at sign-in. Names are written without `#`. */
export interface RoomView {
  readonly room: string;
  readonly seq: number;
  readonly users: readonly string[];
}

/** What a `ChatClient` has to tell its front end, in order. `ended` is the last one, and always comes. */
export type ClientEvent =
  /** Signed in, for the first time or again. `log: "new"`: the server's memory is not the one known before. */
  | {
    readonly kind: "online";
    readonly name: string;
    readonly rooms: readonly RoomView[];
    readonly first: boolean;
    readonly log: "same" | "new";
    /** What one is on this server: nothing for a guest. */
    readonly account: Role | undefined;
    /** How far one has read, by conversation, on this device or any other. */
    readonly read: ReadonlyMap<string, number>;
  }
  /** The name was refused: answer with `rename()` or `bye()`; nothing happens until then. */
  | { readonly kind: "nameRefused"; readonly name: string; readonly code: string; readonly message: string }
  /**
   * The name needs a password, or (`unregistered`) an account: answer with `signIn()`, `register()`, `rename()` or
   * `bye()`; nothing happens until then. `wrong`: the one given was not right; `throttled`: not before `retryMs`.
   */
  | {
    readonly kind: "passwordWanted";
    readonly name: string;
    readonly why: "account" | "wrong" | "unregistered" | "throttled";
    readonly message: string;
    readonly retryMs?: number;
  }
  /** The link broke; the client tries again by itself after `retryMs`. */
  | { readonly kind: "offline"; readonly why: string; readonly retryMs: number }
  /**
   * An entry of the conversation `to` (`"#room"`, or `"@name"` of the other side): each `seq` once, in order. Say
   * `shown()` when it is on the screen; the next process shows again what was not.
   */
  | { readonly kind: "entry"; readonly to: string; readonly entry: Entry; readonly mine: boolean }
  /** Accepted into the outbox; after `online` also what an earlier process could not get rid of. */
  | { readonly kind: "queued"; readonly draft: Draft }
  /** Messages cannot be kept on disk: they are sent all the same, but do not survive this process. Told once. */
  | { readonly kind: "notSaved"; readonly message: string }
  /** Refused for good; the text is here, so that it is not lost. */
  | { readonly kind: "refused"; readonly draft: Draft; readonly code: string; readonly message: string }
  /** Somebody came or went; `user` may be this client itself. `room` is written without `#`. */
  | { readonly kind: "joined" | "left"; readonly room: string; readonly user: string }
  /** A whisper of one's own is kept for `with`, who is away; or all of one's own up to `seq` have reached a client of it. */
  | {
    readonly kind: "receipt";
    readonly with: string;
    readonly seq: number;
    readonly id: string | undefined;
    readonly status: "delivered" | "kept";
  }
  /** Another device of one's own has read the conversation `to` up to `seq`. */
  | { readonly kind: "read"; readonly to: string; readonly seq: number }
  /** Entries `from` to `until` of the conversation `to` can no longer be had. Say `shown()` of `until`, as for entries. */
  | {
    readonly kind: "gap";
    readonly to: string;
    readonly from: number;
    readonly until: number;
    readonly why: string;
  }
  /** How a file gets on; some times a second while it moves. */
  | { readonly kind: "transfer"; readonly transfer: Transfer }
  /** Something about keys that people have to know of, or how a conversation stands now. */
  | KeyNews
  /** The server said something that answers nothing this client asked. */
  | { readonly kind: "notice"; readonly code: string; readonly message: string }
  /** The last event. `code` is the server's, where it gave one. */
  | {
    readonly kind: "ended";
    readonly why: "bye" | "refused" | "replaced" | "unreachable";
    readonly code?: string;
    readonly message: string;
  };
