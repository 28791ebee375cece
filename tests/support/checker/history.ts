/** What all who hold one place of a conversation must agree on. */
export interface Content {
  /** The name of who wrote it, and the id it chose: together they are a send. */
  readonly from: string;
  readonly id: string;
  readonly hash: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** An entry. A conversation is `#room`, or the two names of a pair as {@linkcode pairOf} writes them. */
export interface Place extends Content {
  readonly conversation: string;
  readonly seq: number;
}

/** What one client may write down: what it did, was told and showed. */
interface Acts {
  /** The process began, with these places in memory. */
  readonly start: { readonly name: string; readonly cursors: Readonly<Record<string, number>> };
  /** About to keep and send something: written before anything else is done about it. */
  readonly attempt: { readonly conversation: string; readonly id: string; readonly hash: string };
  /** It is on this client's disk. */
  readonly kept: { readonly id: string };
  /** It leaves (again) for the server. */
  readonly sent: { readonly id: string };
  /** Its own copy came. */
  readonly ack: Place;
  readonly refused: { readonly id: string; readonly code: string };
  readonly show: Place;
  /** Told that entries `from` to `to` will not come. */
  readonly gap: {
    readonly conversation: string;
    readonly from: number;
    readonly to: number;
    readonly why: string;
  };
  /** Signed in to the log of this name, and in these rooms, each with its last seq. */
  readonly online: { readonly log: string; readonly rooms: Readonly<Record<string, number>> };
  readonly joined: { readonly conversation: string };
  readonly left: { readonly conversation: string };
  readonly offline: { readonly why: string };
  /** Nothing waits to be sent, and everything there is has been shown. */
  readonly quiet: unknown;
  /** The process ended in good order: what it remembers is all that it showed. */
  readonly end: unknown;
}

/** One thing that a client wrote down. */
export type Act = { [K in keyof Acts]: { readonly kind: K } & Acts[K] }[keyof Acts];

/** An act of one client, and when it was. */
export type LineOf<K extends keyof Acts> = Acts[K] & {
  readonly kind: K;
  /** Microseconds of a clock that all processes of the machine share and nobody sets. */
  readonly t: number;
  /** Which client: several may have one name. */
  readonly client: string;
};

/** What one client did or was told, in the order in which it wrote it down. */
export type Line = { [K in keyof Acts]: LineOf<K> }[keyof Acts];

/** The store, as a program that is not ours reads it. */
export interface Dump {
  readonly entries: readonly Place[];
  /** The lowest seq still kept in each conversation, and the last one given. */
  readonly extents: Readonly<Record<string, { readonly floor: number; readonly head: number }>>;
  /** `ok`, or what `PRAGMA integrity_check` found. */
  readonly integrity: string;
}

/** Everything that is judged. Lines of one client are in their order. */
export interface History {
  readonly lines: readonly Line[];
  readonly dump: Dump;
}

/** The conversation of two people, the same whoever asks. */
export function pairOf(one: string, other: string): string {
  return one < other ? `@${one} ${other}` : `@${other} ${one}`;
}

/** The names of a pair; nothing for a room. */
export function membersOf(conversation: string): readonly string[] | undefined {
  return conversation.startsWith("@") ? conversation.slice(1).split(" ") : undefined;
}
