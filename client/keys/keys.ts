import type { Offer, WhisperEntry } from "../../protocol/schema.ts";
import type { Seal } from "../entry.ts";
import type { AskOnLink } from "../requests.ts";

/**
 * How whispers with somebody are protected: `verified` and `e2e`, only the two can read them, and the keys were compared
 * or not; `plain`, the server can; `changed`, nothing is sent until the other key is accepted.
 */
export type Privacy = Seal | "plain" | "changed";

/** What two people compare, one emoji for each word. */
export interface SafetyWords {
  readonly words: readonly string[];
  readonly emoji: readonly { readonly symbol: string; readonly name: string }[];
}

/** What is sealed. */
export interface Body {
  readonly text: string;
  readonly file?: Offer;
}

/** What came of a sealed whisper; `unreadable` is why not, `message` the same for people. */
export type Opened =
  | { readonly body: Body; readonly seal: Seal }
  | { readonly unreadable: string; readonly message: string };

/** Something about keys that people have to know of. */
export type KeyNews =
  /** How a conversation stands now; told when that changes. */
  | { readonly kind: "privacy"; readonly with: string; readonly privacy: Privacy }
  /**
   * `new_device` of somebody; `key_changed`, `key_rollback`: nothing is sent; `split_view`: the server shows different
   * people different keys; `missing`: some whispers have not come; `late`: one of them has; `password_needed`: no keys on
   * this device; `not_saved`: the disk is full, and what is sealed waits.
   */
  | {
    readonly kind: "keys";
    readonly code: string;
    readonly with: string | undefined;
    readonly message: string;
  };

/** What keys act upon. */
export interface KeysWorld {
  /** Asks the server over the present link; rejects with `Refused`, `offline` when it is gone. */
  readonly ask: AskOnLink;
  readonly tell: (news: KeyNews) => void;
}

/** The keys of an account on this device. A `ChatClient` disposes of the ones it was given when it ends. */
export interface Keys extends AsyncDisposable {
  /**
   * Before an account is made with this password: makes its keys, so that whatever happens next it has some. Resolves
   * when they are on disk, or have to wait for that.
   */
  found(account: { readonly name: string; readonly exportKey: string }): Promise<void>;
  /**
   * After each sign-in to an account; `exportKey` where the password was given. Publishes, refills, catches up, in the
   * background: what needs that waits for it. What goes wrong is told.
   */
  signedIn(as: { readonly name: string; readonly exportKey?: string }): void;
  /** The account's secrets, sealed for a new password; nothing where there are none here. */
  vaultFor(exportKey: string): Promise<string | undefined>;
  /** How a conversation stands, as far as is known here. */
  privacy(name: string): Privacy;
  /** The same, after asking the server where nothing is known yet. */
  look(name: string): Promise<Privacy>;
  /**
   * Seals a whisper. Resolves with nothing where the other has no keys and never had any. Rejects with `Refused`:
   * `key_changed`, `key_rollback`, `key_forged`, `key_log`, `split_view`, `no_key`, `no_device`, `password_needed`,
   * `offline`.
   */
  seal(
    whisper: { readonly to: string; readonly id: string; readonly body: Body },
  ): Promise<{ readonly sealed: string; readonly keys: readonly [theirs: number, own: number] } | undefined>;
  /** Puts with the server what other devices of the account need to read. Never rejects. */
  settle(): Promise<void>;
  /** The server says that what was sealed for `name` was sealed for keys of yesterday: somebody's, or one's own. */
  stale(name: string): void;
  /** Opens a whisper, live or from a page of history. Never rejects. */
  open(entry: Omit<WhisperEntry, "text" | "sealed"> & { readonly sealed: string }): Promise<Opened>;
  /** What both see if nobody stands between them. Rejects with `Refused` where somebody has no keys. */
  words(name: string): Promise<SafetyWords>;
  /** They were the same on both screens. */
  confirm(name: string): Promise<void>;
  /** Takes another key of somebody's for theirs, from now on. */
  accept(name: string): Promise<void>;
}
