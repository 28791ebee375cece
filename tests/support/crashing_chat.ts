// A terminal whose chat falls over at the first thing said: run by tests/terminal_leaving_test.ts.
import type { ClientEvent } from "../../client/chat_client.ts";
import type { Chat } from "../../client/terminal/front.ts";
import { runTerminal } from "../../client/terminal/terminal.ts";

const chat: Chat = {
  events: {
    [Symbol.asyncIterator]: () => ({ next: () => new Promise<IteratorResult<ClientEvent>>(() => {}) }),
  },
  name: "ada",
  rooms: new Map(),
  pending: [],
  speakers: [],
  start() {},
  rename() {},
  say(_to, text) {
    throw new Error(`${text}, as asked`);
  },
  join: () => Promise.resolve([]),
  leave: () => Promise.resolve(),
  users: () => Promise.resolve([]),
  roomList: () => Promise.resolve([]),
  history: () => Promise.resolve([]),
  settled: () => Promise.resolve(),
  bye: () => Promise.resolve(),
};
Deno.exit(await runTerminal(chat, { room: "lobby" }));
