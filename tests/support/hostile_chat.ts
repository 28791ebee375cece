// A terminal whose server sends hostile text in every field there is: run by tests/terminal_hostile_test.ts.
import type { ClientEvent } from "../../client/chat_client.ts";
import { runTerminal } from "../../client/terminal/terminal.ts";
import { hostileTexts } from "./hostile_text.ts";
import { ScriptedChat } from "./scripted_chat.ts";

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
  yield { kind: "receipt", with: `r${text}`, seq, id: undefined, status: "kept" };
  yield { kind: "notSaved", message: `s${text}` };
  yield { kind: "notice", code: `j${text}`, message: `k${text}` };
  const draft = { id: "x", to: `@l${text}`, text: `m${text}` };
  yield { kind: "refused", draft, code: `n${text}`, message: `o${text}` };
}

const chat = new ScriptedChat();
chat.speakers.push(...hostileTexts().slice(0, 20));
chat.pending.push(
  ...hostileTexts().slice(-2).map((text) => ({ id: "p", to: `#p${text}`, text: `q${text}` })),
);
chat.logs.set(
  "#lobby",
  hostileTexts().slice(0, 50).map((text, at) => (
    {
      type: "message",
      room: "lobby",
      seq: at + 1,
      at: "now" + text,
      from: `t${text}`,
      id: `h${at}`,
      text: `u${text}`,
    }
  )),
);
const users = hostileTexts().slice(0, 50);
const online = { name: "ada", first: true, log: "same", account: "member" } as const;
const read = new Map([["#lobby", 5]]);
chat.events.push({ kind: "passwordWanted", name: `v${users[0]}`, why: "throttled", message: `w${users[0]}` });
chat.events.push({ kind: "online", rooms: [{ room: "lobby", seq: 0, users }], read, ...online });
for (const text of hostileTexts()) {
  for (const event of eventsWith(text)) chat.events.push(event);
}
chat.events.push({ kind: "notice", code: "done", message: "that was all" });
Deno.exit(await runTerminal(chat, { room: "lobby", bell: false }));
