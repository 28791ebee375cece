import { assertEquals } from "@std/assert";
import { type ChatState, NOTHING } from "../client/gui/chat_state.ts";
import type { News } from "../client/gui/news.ts";
import { freshOf } from "../client/gui/page/fresh.ts";
import { unreadOf, unreadOfAll } from "../client/gui/page/unread.ts";
import { lastWhisperer } from "../client/gui/page/whisperer.ts";
import { EMPTY, reduceWindow } from "../client/gui/page/window_state.ts";
import { reduceChat } from "../client/gui/reduce_chat.ts";

const AT = "2026-01-02T03:04:05.000Z";

function entry(seq: number, from: string, text: string, to = "#lobby"): News {
  const said = to.startsWith("#")
    ? { type: "message" as const, room: to.slice(1), id: `${from}${seq}`, seq, at: AT, from, text }
    : {
      type: "whisper" as const,
      to: from === "alice" ? to.slice(1) : "alice",
      id: `${from}${seq}`,
      seq,
      at: AT,
      from,
      text,
    };
  return { kind: "entry", to, entry: said, mine: from === "alice" };
}

const ONLINE: News = {
  kind: "online",
  name: "alice",
  rooms: [{ room: "lobby", seq: 0, users: ["alice"] }],
  first: true,
  log: "same",
  account: null,
  read: [],
};
const OPENED: News = { kind: "page", to: "#lobby", before: null, entries: [], more: false, expired: null };

function chatAfter(...news: readonly News[]): ChatState {
  return [ONLINE, OPENED, ...news].reduce(reduceChat, NOTHING);
}

Deno.test("unread: what others said behind the read mark; whispers and one's name count apart", () => {
  const chat = chatAfter(
    entry(1, "bob", "one"),
    entry(2, "bob", "two for Alice!"),
    entry(3, "bob", "malice"),
    entry(4, "alice", "mine"),
    entry(1, "bob", "psst", "@bob"),
  );
  assertEquals(unreadOf(chat.conversations["#lobby"]!, "alice"), { count: 3, mentions: 1 });
  assertEquals(unreadOfAll(chat), { count: 4, mentions: 2 });
  const read = reduceChat(chat, { kind: "read", to: "#lobby", seq: 2 });
  assertEquals(unreadOf(read.conversations["#lobby"]!, "alice"), { count: 1, mentions: 0 });
});

Deno.test("the divider stays where unread began, and moves only when nobody looks", () => {
  const chat = chatAfter(entry(1, "bob", "one"));
  const found = chat.conversations["#lobby"]!;
  let state = reduceWindow(EMPTY, { kind: "selected", to: "#lobby", found, me: "alice" });
  assertEquals(state.dividers["#lobby"], 0);
  const read = [{ kind: "read", to: "#lobby", seq: 1 } as const, entry(2, "bob", "two")].reduce(
    reduceChat,
    chat,
  );
  state = reduceWindow(state, { kind: "told", chat: read, inFront: true });
  assertEquals(state.dividers["#lobby"], 0);
  state = reduceWindow(state, { kind: "told", chat: read, inFront: false });
  assertEquals(state.dividers["#lobby"], 1);
});

Deno.test("the divider of what was missed is there, though the window looked before the first page came", () => {
  const online = reduceChat(NOTHING, { ...ONLINE, read: [["#lobby", 1]] });
  let state = reduceWindow(EMPTY, { kind: "told", chat: online, inFront: true });
  assertEquals("#lobby" in state.dividers, false);
  const missed = [1, 2, 3].map((seq) => entry(seq, "bob", "missed")).reduce(reduceChat, online);
  state = reduceWindow(state, { kind: "told", chat: missed, inFront: true });
  state = reduceWindow(state, { kind: "told", chat: reduceChat(missed, OPENED), inFront: true });
  assertEquals(state.dividers["#lobby"], 1);
  const read = reduceChat(reduceChat(missed, OPENED), { kind: "read", to: "#lobby", seq: 3 });
  state = reduceWindow(state, { kind: "told", chat: read, inFront: true });
  assertEquals(state.dividers["#lobby"], 1);
});

Deno.test("where nothing was missed no divider comes while somebody looks; a new log has a new one", () => {
  const chat = chatAfter();
  let state = reduceWindow(EMPTY, { kind: "told", chat, inFront: true });
  assertEquals(state.dividers["#lobby"], null);
  const said = reduceChat(chat, entry(1, "bob", "one"));
  assertEquals(reduceWindow(state, { kind: "told", chat: said, inFront: true }), state);
  state = reduceWindow(state, { kind: "told", chat: said, inFront: false });
  assertEquals(state.dividers["#lobby"], 0);
  const anew = reduceChat(said, { ...ONLINE, log: "new" });
  state = reduceWindow(state, { kind: "told", chat: anew, inFront: true });
  assertEquals("#lobby" in state.dividers, false);
});

Deno.test("a window shows the first conversation there is, and another one when that is gone", () => {
  const chat = chatAfter({ kind: "opened", to: "@bob" });
  let state = reduceWindow(EMPTY, { kind: "told", chat, inFront: true });
  assertEquals(state.selected, "#lobby");
  const left = reduceChat(chat, { kind: "left", room: "lobby", user: "alice" });
  state = reduceWindow(state, { kind: "told", chat: left, inFront: true });
  assertEquals(state.selected, "@bob");
});

Deno.test("lines of a window: each after the last entry of its time, until they are cleared", () => {
  let state = reduceWindow(EMPTY, { kind: "line", to: "#lobby", after: 3, line: "tell", text: "a" });
  state = reduceWindow(state, { kind: "line", to: "#lobby", after: 4, line: "complain", text: "b" });
  assertEquals(state.lines["#lobby"], [
    { id: 1, after: 3, kind: "tell", text: "a" },
    { id: 2, after: 4, kind: "complain", text: "b" },
  ]);
  assertEquals(reduceWindow(state, { kind: "cleared", to: "#lobby" }).lines["#lobby"], []);
});

Deno.test("what is fresh is what others have just said, once", () => {
  const before = chatAfter(entry(1, "bob", "one"));
  const now = [entry(2, "alice", "mine"), entry(3, "bob", "for alice")].reduce(reduceChat, before);
  assertEquals(freshOf(before, now).map(({ entry, personal }) => [entry.seq, personal]), [[3, true]]);
  assertEquals(freshOf(now, now), []);
  assertEquals(freshOf(chatAfter(), NOTHING), []);
});

Deno.test("/reply goes to whoever whispered last", () => {
  assertEquals(lastWhisperer(chatAfter(entry(1, "alice", "psst", "@bob"))), undefined);
  assertEquals(lastWhisperer(chatAfter(entry(1, "bob", "psst", "@bob"))), "bob");
});
