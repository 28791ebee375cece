import type { KeyStore } from "./key_store.ts";

/** A text on its way into a conversation. */
export interface Draft {
  /** `#room`, or the two names of a whisper as {@linkcode pairKey} writes them. */
  readonly conversation: string;
  readonly from: string;
  /** Whose `id` it is; (`sender`, `id`) is stored once. Names come and go, so this may be more than the name. */
  readonly sender: string;
  /** Chosen by the sender. */
  readonly id: string;
  /** Empty where it is sealed. */
  readonly text: string;
  /** What the entry has beside its text, as members of a JSON object: `"sealed":"…"`. */
  readonly also?: string;
  /** When the server took it, in milliseconds since 1970. Within a conversation times never go back. */
  readonly at: number;
}

/** One place of a conversation's log, 1, 2, 3 … without gaps. */
export interface Stored extends Draft {
  readonly seq: number;
}

/**
 * What became of a draft: its entry, or the one that the same sender's same id has had before; `undefined` when that
 * one has expired since.
 */
export interface Appended {
  readonly entry: Stored | undefined;
  readonly duplicate: boolean;
}

/** How far a conversation reaches: the last seq given, and the oldest one that can still be read. Both 0 when empty. */
export interface Extent {
  readonly head: number;
  readonly floor: number;
}

/** There is no room for more: nothing of the batch was stored, and nothing before it is lost. */
export class StoreFull extends Error {
  override readonly name = "StoreFull";
}

/** What the hub needs remembered. Any rejection but {@linkcode StoreFull} means that nothing may be acknowledged any more. */
export interface Store extends AsyncDisposable {
  /** Names this incarnation of the logs; another one means that seqs start anew. */
  readonly incarnation: string;
  /** People's accounts, devices, rooms and marks. */
  readonly people: PeopleStore;
  /** Keys of accounts. */
  readonly keys: KeyStore;
  /** Stores all of `drafts` in their order; they are as durable as this store promises once it resolves. */
  append(drafts: readonly Draft[]): Promise<readonly Appended[]>;
  extent(conversation: string): Promise<Extent>;
  /** Entries with `after` < seq < `before`, oldest first: the first `limit` of them, or with `last` the last ones. */
  read(conversation: string, range: Range): Promise<readonly Stored[]>;
  /** What a sender's id was stored as, where it was and has not expired. */
  find(sender: string, id: string): Promise<Stored | undefined>;
  /** Entries that match, the newest first, at most `limit`. */
  search(query: Query): Promise<readonly Stored[]>;
  /** Names of all rooms in which something was ever said, without `#`, in the order of their code units. */
  rooms(): Promise<readonly string[]>;
  /** Removes, in rooms only, what is older than a room's `before` says (milliseconds since 1970), always from the start. */
  expire(before: (room: string) => number | undefined): Promise<void>;
}

export interface Range {
  readonly after?: number;
  readonly before?: number;
  readonly limit: number;
  readonly last?: boolean;
}

/** What is searched for, and where. All that is given must hold. */
export interface Query {
  /** Words, all of which must occur; words in double quotes next to each other. Case and accents do not count. */
  readonly text?: string;
  readonly from?: string;
  /** Milliseconds since 1970. */
  readonly since?: number;
  /** Only these conversations, and of each only what comes after that seq. */
  readonly within: ReadonlyMap<string, number>;
  readonly limit: number;
}

/** Whose name it is, for good. */
export interface Account {
  /** Never used again. */
  readonly id: number;
  readonly name: string;
  /** No other account may resemble it: as `skeletons` of protocol/names.ts says. */
  readonly skeletons: readonly string[];
  /** Under which its messages are stored, see {@linkcode Draft}. */
  readonly identity: string;
  /** What OPAQUE keeps of the password, with the parameters that were used. */
  readonly record: string;
  readonly stretching: { readonly iterations: number; readonly memory: number; readonly parallelism: number };
  readonly role: "member" | "owner";
  readonly disabled: boolean;
  /** Milliseconds since 1970. */
  readonly created: number;
}

/** Something that may sign in to an account without the password. */
export interface Device {
  /** 1, 2, 3 … in each account; never used again. */
  readonly device: number;
  /** SHA-256 of its token, in lower-case hex. The token itself is nowhere. */
  readonly hash: string;
  readonly label: string;
  readonly created: number;
  readonly seen: number;
}

/** How far an account is in a conversation. Marks never go back. */
export interface Marks {
  /** Whispers up to here were before its time, and are not its own to read. */
  readonly floor: number;
  /** The last seq that one of its devices has taken. */
  readonly delivered: number;
  /** The last seq that its owner has seen. */
  readonly read: number;
  /** The last seq of its own whispers that it has been told the other one has. */
  readonly told: number;
}

/** What has come for somebody and was not taken yet. */
export interface Waiting {
  readonly entries: number;
  /** Of UTF-8 text. */
  readonly bytes: number;
}

/** Names, and what is kept of those who have them. What is written here is durable when it resolves. */
export interface PeopleStore {
  /** A value under a name, such as the server's OPAQUE secret. */
  setting(key: string): Promise<string | undefined>;
  setSetting(key: string, value: string): Promise<void>;

  accounts(): Promise<readonly Account[]>;
  /** Skeletons of names that were given up, and until when nobody can have them. */
  retired(): Promise<ReadonlyMap<string, number>>;
  /** Makes an account with its first device; resolves with nothing where its name, or one like it, is taken or was lately. */
  enrol(
    account: Omit<Account, "id" | "disabled">,
    device: Omit<Device, "device">,
  ): Promise<Account | undefined>;
  /** A new password: `record`, `stretching` and `vault` replace the old ones, and all devices but `keep` go. */
  repass(
    account: number,
    record: {
      readonly record: string;
      readonly stretching: Account["stretching"];
      readonly vault?: string | undefined;
    },
    keep: number | undefined,
  ): Promise<void>;
  setRole(account: number, role: Account["role"]): Promise<void>;
  /** Disabling takes all devices away. */
  setDisabled(account: number, disabled: boolean): Promise<void>;
  /** The account, its devices, rooms and marks go; its name stays taken until `until` (milliseconds since 1970). */
  unregister(account: number, until: number): Promise<void>;

  devices(account: number): Promise<readonly Device[]>;
  /** Adds a device; of more than `most` those unseen for longest go. */
  addDevice(account: number, device: Omit<Device, "device">, most: number): Promise<Device>;
  seenDevice(account: number, device: number, at: number): Promise<void>;
  removeDevice(account: number, device: number): Promise<void>;

  /** Rooms that the account is in, without `#`. */
  roomsOf(account: number): Promise<readonly string[]>;
  setRoom(account: number, room: string, here: boolean): Promise<void>;

  /** All marks of an account, by conversation. */
  marksOf(account: number): Promise<ReadonlyMap<string, Marks>>;
  /** The marks of an account in one conversation; where there are none they are made, all at `floor`, or at the head. */
  openMarks(account: number, conversation: string, floor?: number): Promise<Marks>;
  /** Raises marks; what is not given or lower stays. Marks of a room that are not there yet are made, at 0; those of whispers are not. */
  mark(account: number, conversation: string, marks: Partial<Marks>): Promise<void>;
  /** Whispers to the account named `name` that no device of it has taken: from everybody, and from each name. */
  waiting(account: number, name: string): Promise<ReadonlyMap<string, Waiting>>;
  /** The last seq at or below `through` that `from` wrote in a conversation, or 0. */
  lastOf(conversation: string, from: string, through: number): Promise<number>;

  /**
   * Under which identity the guest `name` writes: that of `shown`, a session it had before (as a SHA-256), else the one
   * the name has now, else `fresh`. From now on the name and `session` stand for it.
   */
  identify(guest: {
    readonly name: string;
    readonly shown: string | undefined;
    readonly session: string;
    readonly fresh: string;
    readonly at: number;
  }): Promise<string>;
  /** Since which seq the guest with this session (a SHA-256) takes part in a conversation of two: from the head on, if it is new there. */
  openGuest(session: string, name: string, conversation: string): Promise<number>;
  /** What a guest had under `shown`, an earlier session, is that of `session` as well: since which seq, by conversation. */
  inherit(shown: string, session: string, name: string): Promise<ReadonlyMap<string, number>>;
  /** Whoever takes this name next without a session is somebody else. */
  release(name: string): Promise<void>;
}

/** The key of the conversation of two people, the same whoever asks. */
export function pairKey(one: string, other: string): string {
  return one < other ? `@${one} ${other}` : `@${other} ${one}`;
}
