// A terminal whose server sends hostile text in every field there is: run by tests/terminal_hostile_test.ts.
import type { ClientEvent } from "../../client/chat_client.ts";
import type { Chat } from "../../client/terminal/front.ts";
import { runTerminal } from "../../client/terminal/terminal.ts";
import { hostileTexts } from "./hostile_text.ts";

const at = new Date(2026, 1, 14, 12, 0).toISOString();
let seq = 0;

/** One hostile text in each of the fields that reach the screen. */
function* eventsWith(text: string): Generator<ClientEvent> {
  const entry = { seq: ++seq, at, from: `a${text}`, id: `i${seq}`, text: `b${text}` };
  yield { kind: "entry", to: `#c${text}`, mine: false, entry: { ...entry, type: "message", room: text } };
  yield { kind: "entry", to: `@d${text}`, mine: false, entry: { ...entry, type: "whisper", to: "ada" } };
  yield { kind: "joined", room: `e${text}`, user: `f${text}` };
  yield { kind: "offline", why: `g${text}`, retryMs: 1_000 };
  yield { kind: "gap", to: `#h${text}`, from: 1, until: 2, why: `i${text}` };
  yield { kind: "notice", code: `j${text}`, message: `k${text}` };
  const draft = { id: "x", to: `@l${text}`, text: `m${text}` };
  yield { kind: "refused", draft, code: `n${text}`, message: `o${text}` };
}

async function* events(): AsyncGenerator<ClientEvent> {
  const rooms = [{ room: "lobby", seq: 0, users: hostileTexts().slice(0, 50) }];
  yield { kind: "online", name: "ada", rooms, first: true, log: "same" };
  for (const text of hostileTexts()) {
    yield* eventsWith(text);
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  yield { kind: "notice", code: "done", message: "that was all" };
  await new Promise(() => {});
}

const chat: Chat = {
  events: events(),
  name: "ada",
  rooms: new Map(),
  pending: hostileTexts().slice(-2).map((text) => ({ id: "p", to: `#p${text}`, text: `q${text}` })),
  speakers: hostileTexts().slice(0, 20),
  start() {},
  rename() {},
  say: (to, text) => ({ id: "y", to, text }),
  join: () => Promise.resolve([]),
  leave: () => Promise.resolve(),
  users: () => Promise.resolve([]),
  roomList: () => Promise.resolve([]),
  history: () => Promise.resolve([]),
  settled: () => Promise.resolve(),
  bye: () => Promise.resolve(),
};
Deno.exit(await runTerminal(chat, { room: "lobby", bell: false }));
