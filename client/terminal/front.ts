import type { ChatClient } from "../chat_client.ts";
import type { Item } from "./item.ts";

/** What the terminal asks of the library; a scripted stand-in will do. */
export type Chat = Pick<
  ChatClient,
  | "events"
  | "start"
  | "name"
  | "rooms"
  | "pending"
  | "speakers"
  | "rename"
  | "say"
  | "join"
  | "leave"
  | "users"
  | "roomList"
  | "history"
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
  /** The oldest entry seen of each conversation, for `/history`. */
  readonly oldest: Map<string, number>;
}

/** A way to put something into the transcript. */
export type Print = (item: Item) => void;
