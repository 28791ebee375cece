import type { ChatClient, Role } from "../chat_client.ts";
import type { Item } from "./item.ts";

/** What the terminal asks of the library; a scripted stand-in will do. */
export type Chat = Pick<
  ChatClient,
  | "events"
  | "start"
  | "name"
  | "rooms"
  | "pending"
  | "keys"
  | "files"
  | "speakers"
  | "rename"
  | "say"
  | "join"
  | "leave"
  | "users"
  | "roomList"
  | "historyPage"
  | "search"
  | "signIn"
  | "register"
  | "changePassword"
  | "unregister"
  | "devices"
  | "revoke"
  | "shown"
  | "read"
  | "settled"
  | "bye"
>;

/** What the person at this terminal is doing; the parts of the front end share it. */
export interface Talk {
  /** Where plain lines go: `#room` or `@name`. */
  target: string;
  /** The room to return to from a conversation with one person. */
  room: string;
  /** Who whispered last, for `/reply`. */
  peer: string | undefined;
  /** The name was refused, and another is being typed. */
  asking: boolean;
  /** What the person's name is here; nothing for guests. */
  account: Role | undefined;
  /** The oldest entry seen of each conversation, for `/history`. */
  readonly oldest: Map<string, number>;
}

/** Somebody who talks in a room, and has done nothing yet. */
export function talkIn(room: string): Talk {
  return { target: room, room, peer: undefined, asking: false, account: undefined, oldest: new Map() };
}

/** A way to put something into the transcript. */
export type Print = (item: Item) => void;

/** Whom one can name: who spoke last first, without oneself. */
export function knownTo({ speakers, rooms, name }: Pick<Chat, "speakers" | "rooms" | "name">): string[] {
  const there = [...rooms.values()].flatMap((users) => [...users]);
  return [...new Set([...speakers, ...there])].filter((each) => each !== name);
}
