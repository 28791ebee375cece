/**
 * What an argument names, so that a front end can complete it. `text` takes the rest of the line; `word` is one of a
 * few; `place` is a room with `#` or a person; `path` takes the rest of the line; `code` is neither shown in examples
 * nor completed; a `flag` may stand there or not.
 */
export type ArgumentKind =
  | "user"
  | "room"
  | "text"
  | "number"
  | "command"
  | "word"
  | "code"
  | "flag"
  | "place"
  | "path";

/** One argument of a command. What follows an optional one that was given is needed, unless it is optional itself. */
export interface Argument {
  readonly kind: ArgumentKind;
  readonly optional?: true;
  /** Of a `word`: which there are; of a `flag`: the one. */
  readonly choices?: readonly string[];
  /** Of a `number`: the greatest. */
  readonly most?: number;
}

/** A slash command as it was meant, its arguments checked for presence but not for truth. */
export type Call =
  | { readonly name: "help"; readonly command: string | undefined }
  /** `plain`: the server may read it. */
  | { readonly name: "whisper"; readonly to: string; readonly text: string; readonly plain: boolean }
  /** `same`: the words were the same on both screens; `accept`: the other key is theirs. */
  | { readonly name: "verify"; readonly user: string; readonly step: "show" | "same" | "accept" }
  | { readonly name: "reply" | "me"; readonly text: string }
  | { readonly name: "query"; readonly user: string | undefined }
  | { readonly name: "join"; readonly room: string }
  | { readonly name: "leave" | "list"; readonly room: string | undefined }
  | { readonly name: "history"; readonly count: number | undefined }
  | { readonly name: "search"; readonly query: string }
  | { readonly name: "register"; readonly code: string | undefined }
  /** `revoke`: the number of the device to sign out; without it they are listed. */
  | { readonly name: "devices"; readonly revoke: number | undefined }
  /** `to`: a room with `#`, or somebody's name. */
  | { readonly name: "send"; readonly to: string; readonly path: string }
  | { readonly name: "accept"; readonly transfer: number | undefined; readonly path: string | undefined }
  | { readonly name: "cancel"; readonly transfer: number | undefined }
  | { readonly name: "transfers" }
  | { readonly name: "rooms" | "passwd" | "unregister" | "clear" | "quit" };

/** One row of the table: what a command is called, what it takes, and what is said about it. */
export interface Command {
  readonly name: Call["name"];
  readonly aliases: readonly string[];
  readonly usage: string;
  readonly summary: string;
  readonly example: string;
  readonly args: readonly Argument[];
  /** It leads to a password: lines with this command are never kept in a history. */
  readonly secret?: true;
  readonly call: (args: readonly string[]) => Call;
}
