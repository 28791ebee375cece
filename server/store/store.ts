/** A text on its way into a conversation. */
export interface Draft {
  /** `#room`, or the two names of a whisper as {@linkcode pairKey} writes them. */
  readonly conversation: string;
  readonly from: string;
  /** Whose `id` it is; (`sender`, `id`) is stored once. Names come and go, so this may be more than the name. */
  readonly sender: string;
  /** Chosen by the sender. */
  readonly id: string;
  readonly text: string;
  /** When the server took it, in milliseconds since 1970. Within a conversation times never go back. */
  readonly at: number;
}

/** One place of a conversation's log, 1, 2, 3 … without gaps. */
export interface Stored extends Draft {
  readonly seq: number;
}

/** What became of a draft: its entry, or the one that the same sender's same id has had before. */
export interface Appended {
  readonly entry: Stored;
  readonly duplicate: boolean;
}

/** How far a conversation reaches: the last seq given, and the oldest one that can still be read. Both 0 when empty. */
export interface Extent {
  readonly head: number;
  readonly floor: number;
}

/** What the hub needs remembered. */
export interface Store extends AsyncDisposable {
  /** Names this incarnation of the logs; another one means that seqs start anew. */
  readonly incarnation: string;
  /** Stores all of `drafts` in their order; they are as durable as this store promises once it resolves. */
  append(drafts: readonly Draft[]): Promise<readonly Appended[]>;
  extent(conversation: string): Promise<Extent>;
  /** Entries with `after` < seq < `before`, oldest first: the first `limit` of them, or with `last` the last ones. */
  read(conversation: string, range: Range): Promise<readonly Stored[]>;
}

export interface Range {
  readonly after?: number;
  readonly before?: number;
  readonly limit: number;
  readonly last?: boolean;
}

/** The key of the conversation of two people, the same whoever asks. */
export function pairKey(one: string, other: string): string {
  return one < other ? `@${one} ${other}` : `@${other} ${one}`;
}
