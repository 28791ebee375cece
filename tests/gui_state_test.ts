import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { type ChatState, type Conversation, NOTHING } from "../client/gui/chat_state.ts";
import type { News } from "../client/gui/news.ts";
import { reduceChat } from "../client/gui/reduce_chat.ts";
import type { Entry } from "../client/entry.ts";

const AT = "2026-01-02T03:04:05.000Z";

const said = (seq: number, from = "bob", text = `text ${seq}`): Entry => ({
  type: "message",
  room: "lobby",
  id: `${from}-${seq}`,
  seq,
  at: AT,
  from,
  text,
});
const whispered = (seq: number, from: string, to: string): Entry => ({
  type: "whisper",
  id: `${from}-${seq}`,
  seq,
  at: AT,
  from,
  to,
  text: "psst",
});
const entry = (seq: number, from = "bob"): News => ({
  kind: "entry",
  to: "#lobby",
  entry: said(seq, from),
  mine: from === "alice",
});
const page = (from: number, until: number, before: number | null = null, more = false): News => ({
  kind: "page",
  to: "#lobby",
  before,
  entries: Array.from({ length: until - from + 1 }, (_, at) => said(from + at)),
  more,
  expired: null,
});
const online = (given: Partial<News & { kind: "online" }> = {}): News => ({
  kind: "online",
  name: "alice",
  rooms: [{ room: "lobby", seq: 0, users: ["alice"] }],
  first: true,
  log: "same",
  account: null,
  read: [],
  ...given,
});

function after(...news: readonly News[]): ChatState {
  return news.reduce(reduceChat, NOTHING);
}

function lobby(state: ChatState): Conversation {
  return state.conversations["#lobby"]!;
}

function seqs(state: ChatState): number[] {
  return lobby(state).entries.map(({ seq }) => seq);
}

Deno.test("signing in: who one is, where one is, and how far one has read", () => {
  const state = after(
    online({
      account: "owner",
      rooms: [{ room: "lobby", seq: 9, users: ["alice", "bob"] }, { room: "ops", seq: 4, users: ["alice"] }],
      read: [["#lobby", 7], ["@carol", 3], ["#gone", 8]],
    }),
  );
  assertEquals([state.phase, state.name, state.account], ["online", "alice", "owner"]);
  assertEquals(Object.keys(state.conversations), ["#lobby", "#ops", "@carol"]);
  const { member, users, last, read, opened } = lobby(state);
  assertEquals([member, users, last, read, opened], [true, ["alice", "bob"], 9, 7, false]);
  assertEquals(state.conversations["#ops"]!.read, 4); // what was said before one first came was not missed
  assertEquals(state.conversations["@carol"]!.read, 3);
});

Deno.test("a page and what is said meanwhile make one row without a hole and without twins", () => {
  assertEquals(seqs(after(online(), entry(4), entry(5), page(2, 4), entry(6))), [2, 3, 4, 5, 6]);
  assertEquals(seqs(after(online(), page(5, 6), page(1, 4, 5))), [1, 2, 3, 4, 5, 6]);
  assertEquals(seqs(after(online(), page(5, 6), entry(6), entry(6))), [5, 6]);
});

Deno.test("whether there are earlier ones is what the earliest page said", () => {
  const opened = after(online(), page(5, 6, null, true));
  assert(lobby(opened).more && lobby(opened).opened);
  assert(!lobby(reduceChat(opened, page(1, 4, 5))).more);
  assert(lobby(reduceChat(reduceChat(opened, page(3, 4, 5, true)), page(5, 6))).more);
});

Deno.test("one's own message: on its way, then stored; a refused one stays until it is discarded", () => {
  const draft = { id: "alice-1", to: "#lobby", text: "text 1" };
  const under = after(online(), { kind: "queued", draft });
  assertEquals(lobby(under).outgoing, [{ id: "alice-1", text: "text 1" }]);
  const stored = reduceChat(under, entry(1, "alice"));
  assertEquals([lobby(stored).outgoing, seqs(stored)], [[], [1]]);
  const refused = reduceChat(under, { kind: "refused", draft, code: "mailbox_full", message: "Full" });
  assertEquals(lobby(refused).outgoing[0]!.refused, { code: "mailbox_full", message: "Full" });
  assertEquals(lobby(reduceChat(refused, { kind: "discarded", id: "alice-1" })).outgoing, []);
});

Deno.test("whispers: a conversation of their own, delivered or kept", () => {
  const to = "@bob";
  const state = after(
    online(),
    { kind: "entry", to, entry: whispered(1, "alice", "bob"), mine: true },
    { kind: "receipt", with: "bob", seq: 1, id: "alice-1", status: "kept" },
    { kind: "receipt", with: "bob", seq: 1, id: "alice-1", status: "delivered" },
  );
  const { kept, delivered, member, level } = state.conversations[to]!;
  assertEquals([kept, delivered, member, level], [1, 1, true, "all"]);
});

Deno.test("people come and go; whoever leaves the room oneself leaves it here, too", () => {
  const room = "lobby";
  const both = after(online(), { kind: "joined", room, user: "bob" }, { kind: "joined", room, user: "bob" });
  assertEquals(lobby(both).users, ["alice", "bob"]);
  assertEquals(lobby(reduceChat(both, { kind: "left", room, user: "alice" })), undefined as never);
  assertEquals(lobby(reduceChat(both, { kind: "left", room, user: "bob" })).users, ["alice"]);
});

Deno.test("read marks never go back, wherever they come from", () => {
  const read = (seq: number): News => ({ kind: "read", to: "#lobby", seq });
  assertEquals(lobby(after(online(), read(5), read(3))).read, 5);
  assertEquals(lobby(after(online(), read(5), online({ first: false, read: [["#lobby", 8]] }))).read, 8);
  assertEquals(lobby(after(online(), read(5), online({ first: false, read: [["#lobby", 2]] }))).read, 5);
});

Deno.test("an outage keeps all that was there; a server that started afresh keeps what was typed", () => {
  const draft = { id: "alice-9", to: "#lobby", text: "not sent yet" };
  const cut = after(
    online(),
    page(1, 3),
    { kind: "draft", to: "#lobby", text: "half a" },
    { kind: "offline", why: "gone", retryMs: 100 },
    { kind: "queued", draft },
  );
  assertEquals([cut.phase, cut.trouble], ["offline", "gone"]);
  const again = reduceChat(cut, online({ first: false }));
  assertEquals([again.phase, again.trouble, seqs(again)], ["online", null, [1, 2, 3]]);
  const afresh = lobby(reduceChat(cut, online({ first: false, log: "new" })));
  assertEquals([afresh.entries, afresh.opened, afresh.draft], [[], false, "half a"]);
  assertEquals(afresh.outgoing.map(({ id }) => id), ["alice-9"]);
});

Deno.test("what the server lost and numbers anew takes the place of the old", () => {
  const state = after(online(), page(1, 3), { kind: "gap", to: "#lobby", from: 3, until: 3, why: "lost" }, {
    kind: "entry",
    to: "#lobby",
    entry: said(3, "carol", "another third"),
    mine: false,
  });
  assertEquals(lobby(state).entries.at(-1)!.text, "another third");
  assertEquals(lobby(state).gaps, [{ from: 3, until: 3, why: "lost" }]);
});

Deno.test("of very many entries the last ones stay, and earlier ones can be had again", () => {
  let state = after(online(), page(1, 11_999));
  assert(!lobby(state).more);
  state = reduceChat(state, entry(12_000));
  assertEquals([lobby(state).entries.length, lobby(state).entries[0]!.seq, lobby(state).more], [
    10_000,
    2_001,
    true,
  ]);
});

Deno.test("questions: a name, another one, a password; answered, they are gone", () => {
  assertEquals(after({ kind: "nameWanted" }).question, { kind: "name" });
  const refused: News = { kind: "nameRefused", name: "bob", code: "name_taken", message: "Taken" };
  assertEquals(after(refused).question, { kind: "name", message: "Taken" });
  const wanted = {
    kind: "passwordWanted",
    name: "ada",
    why: "account",
    message: "Needs a password",
  } as const;
  assertEquals(after(wanted).question, { kind: "password", why: "account", message: "Needs a password" });
  assertEquals(after(wanted, { kind: "named", name: "eve" }).question, null);
  assertEquals(after(wanted, online()).question, null);
});

Deno.test("what did not change stays the same object, so that nothing is drawn for nothing", () => {
  const state = after(
    online(),
    online({ first: false, rooms: [{ room: "lobby", seq: 0, users: ["alice"] }] }),
  );
  const opened = reduceChat(state, { kind: "opened", to: "@bob" });
  assertStrictEquals(reduceChat(opened, { kind: "opened", to: "@bob" }), opened);
  const next = reduceChat(opened, entry(1));
  assertStrictEquals(next.conversations["@bob"], opened.conversations["@bob"]);
});

Deno.test("it survives JSON, so that a window that opens later is told the same", () => {
  const state = after(online(), page(1, 3), { kind: "opened", to: "@bob" }, {
    kind: "offline",
    why: "x",
    retryMs: 1,
  });
  assertEquals(JSON.parse(JSON.stringify(state)), state);
});
