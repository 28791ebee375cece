import type { Draft } from "../client_event.ts";

/** What an earlier process of the same name on the same server has left. */
export interface Remembered {
  /** Proves that the name is this client's: a guest's session, or an account's device token. */
  readonly session?: string;
  /** Of the server whose logs the cursors and marks are about. */
  readonly log?: string;
  readonly account: boolean;
  /** The server's key at the last sign-in with a password. */
  readonly serverKey?: string;
  /** The last seq shown of each conversation, `"#room"` or `"@name"`. */
  readonly cursors: ReadonlyMap<string, number>;
  /** The last seq read of each. */
  readonly read: ReadonlyMap<string, number>;
  /** What was said and has no outcome, in the order in which it was said. */
  readonly drafts: readonly Draft[];
}

/** How this client has signed in, to do so again without a question. */
export interface SignedIn {
  readonly session: string;
  readonly log: string;
  readonly account: boolean;
  readonly serverKey?: string;
}

/** What survives the process, for one name on one server. A `ChatClient` closes the one it was given when it ends. */
export interface Memory extends AsyncDisposable {
  /** As it was found at the start. */
  readonly remembered: Remembered;
  /** Resolves when the draft is on disk: only then is it sent. Rejects when it cannot be put there. */
  keep(draft: Draft): Promise<void>;
  /** A draft has its outcome. */
  done(id: string): void;
  /** Another `log` than before makes cursors and marks void; `undefined`: the session is of no use any more. */
  signedIn(as: SignedIn | undefined): Promise<void>;
  /** Everything up to `seq` need not be shown again. Holds from when this returns, also if the process is killed. */
  seen(to: string, seq: number): void;
  /** Everything up to `seq` was read. */
  read(to: string, seq: number): void;
  /** The place in a conversation means nothing any more. */
  forget(to: string): void;
  /** Closes this one, and opens that of another name on the same server. */
  renamed(name: string): Promise<Memory>;
}
