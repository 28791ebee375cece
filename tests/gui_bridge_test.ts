import { assert, assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import type { ChatState, Conversation } from "../client/gui/chat_state.ts";
import { PasswordSource } from "../client/password_source.ts";
import { NO_LIMITS } from "../server/limits.ts";
import { serve, type ServeOptions, type Server } from "../server/serve.ts";
import { GuiProcess } from "./support/gui_process.ts";
import { GuiRig } from "./support/gui_rig.ts";
import { GuiSocket, passFor } from "./support/gui_socket.ts";
import { FaultProxy } from "./support/proxy.ts";
import { temporary } from "./support/temporary.ts";
import { signedIn } from "./support/watched.ts";

const PASSWORD = "correct horse battery";

async function open(options: ServeOptions = {}): Promise<Server> {
  return await serve({ limits: NO_LIMITS, workers: 1, ...options });
}

function texts(state: ChatState, to: string): string[] {
  return state.conversations[to]?.entries.map(({ from, text }) => `${from}: ${text}`) ?? [];
}

function lobbyIs(fact: (lobby: Conversation) => boolean): (state: ChatState) => boolean {
  return ({ conversations: { "#lobby": lobby } }) => lobby !== undefined && fact(lobby);
}

Deno.test("bridge: two windows and a terminal talk; both windows show the same, also one that comes later", async () => {
  await using server = await open();
  await using bob = await signedIn(server.port, "bob");
  await using gui = new GuiRig(server.port, { name: "ada" });
  await using one = await gui.window();
  await using two = await gui.window();
  await one.until(lobbyIs(({ opened, users }) => opened && users.length === 2));
  assertEquals(await one.wish({ kind: "say", to: "#lobby", text: "hello" }), null);
  bob.client.say("#lobby", "hi ada");
  bob.client.say("@ada", "psst");
  const all = (state: ChatState) => texts(state, "#lobby").length === 2 && texts(state, "@bob").length === 1;
  await Promise.all([one.until(all), two.until(all)]);
  await one.until(({ conversations }) => conversations["@bob"]?.opened === true);
  await one.wish({ kind: "draft", to: "#lobby", text: "half a sen" });
  await one.wish({ kind: "level", to: "#lobby", level: "none" });
  await one.wish({ kind: "open", to: "@carol" });
  await one.wish({ kind: "read", to: "#lobby", seq: 2 });
  await two.until(({ conversations: { "#lobby": lobby, "@carol": carol } }) =>
    lobby?.draft === "half a sen" && lobby.level === "none" && lobby.read === 2 && carol?.opened === true
  );
  await using three = await gui.window();
  assertEquals([two.state, three.state], [one.state, one.state]);
  assertEquals(texts(three.state, "#lobby").sort(), ["ada: hello", "bob: hi ada"]);
  await two[Symbol.asyncDispose]();
  assertEquals(await three.wish({ kind: "users", room: "lobby" }), ["ada", "bob"]);
});

Deno.test("bridge: who one is, is asked in the window; a refused name is asked again", async () => {
  await using server = await open();
  await using _bob = await signedIn(server.port, "bob");
  await using gui = new GuiRig(server.port);
  await using view = await gui.window();
  assertEquals([view.state.phase, view.state.question], ["asking", { kind: "name" }]);
  await assertRejects(() => view.wish({ kind: "say", to: "#lobby", text: "?" }), Error, "not_connected");
  for (const name of ["admin", "a b", "bob"]) {
    await view.wish({ kind: "name", name });
    await view.until(({ question }) => question?.kind === "name" && question.message !== undefined);
  }
  await view.wish({ kind: "name", name: "ada" });
  await view.until(({ phase, name }) => phase === "online" && name === "ada");
  await assertRejects(() => view.wish({ kind: "name", name: "eve" }), Error, "not_asked");
  await assertRejects(() => view.wish({ kind: "signIn", password: "x" }), Error, "not_asked");
});

Deno.test("bridge: an account is made in the window, and signed in to in another, after a wrong password", async () => {
  await using server = await open();
  await using first = new GuiRig(server.port, { name: "ada" });
  await using view = await first.window();
  await view.until(({ phase }) => phase === "online");
  assertEquals(await view.wish({ kind: "register", password: PASSWORD }), "member");
  await view.until(({ account }) => account === "member");
  await using second = new GuiRig(server.port, { name: "ada" });
  await using other = await second.window();
  await other.until(({ question }) => question?.kind === "password" && question.why === "account");
  await other.wish({ kind: "signIn", password: "not this one" });
  await other.until(({ question }) => question?.kind === "password" && question.why === "wrong");
  await other.wish({ kind: "signIn", password: PASSWORD });
  await other.until(({ phase, account }) => phase === "online" && account === "member");
  const devices = await other.wish({ kind: "devices" }) as { device: number; current: boolean }[];
  assertEquals(devices.length, 2);
  const { device } = devices.find(({ current }) => current)!;
  await view.wish({ kind: "revoke", device });
  assertEquals(await second.code, 1);
  assertEquals(other.state.phase, "ended");
  await assertRejects(() => view.wish({ kind: "passwd", old: "x", password: "something else" }), Error);
});

Deno.test("bridge: a password from a file signs in without a question, and registers where that is asked for", async () => {
  await using stack = new AsyncDisposableStack();
  const server = stack.use(await open());
  const file = `${temporary(stack)}/password`;
  await Deno.writeTextFile(file, `${PASSWORD}\n`, { mode: 0o600 });
  for (const register of [true, false]) {
    const source = await PasswordSource.open({ file, command: undefined, stderr: "null", warn: () => {} });
    await using gui = new GuiRig(server.port, { name: "ada", register, source });
    await using view = await gui.window();
    await view.until(({ account }) => account === "member");
    assert(!view.news.some(({ kind }) => kind === "passwordWanted"));
  }
  const source = await PasswordSource.open({
    file: undefined,
    command: "exit 3",
    stderr: "null",
    warn: () => {},
  });
  await using gui = new GuiRig(server.port, { name: "ada", source });
  assertEquals(await gui.code, 4);
  assertStringIncludes(gui.told.join(), "CHAT_PASSWORD_COMMAND");
});

Deno.test("bridge: earlier messages come page by page, each once, however many windows ask", async () => {
  await using server = await open();
  await using bob = await signedIn(server.port, "bob");
  for (let count = 1; count <= 120; count++) bob.client.say("#lobby", `${count}`);
  await bob.client.settled();
  await using gui = new GuiRig(server.port, { name: "ada" });
  await using one = await gui.window();
  await using two = await gui.window();
  await one.until(lobbyIs(({ opened }) => opened));
  assertEquals(one.state.conversations["#lobby"]!.entries.map(({ seq }) => seq), range(71, 120));
  const asked = { kind: "history", to: "#lobby", before: 71 } as const;
  await Promise.all([one.wish(asked), two.wish(asked), one.wish(asked)]);
  await Promise.all([one.wish({ ...asked, before: 21 }), two.wish({ ...asked, before: 21 })]);
  const { entries, more } = two.state.conversations["#lobby"]!;
  assertEquals([entries.map(({ seq }) => seq), more], [range(1, 120), false]);
  const pages = one.news.flatMap((news) => news.kind === "page" && news.before !== null ? [news.before] : []);
  assertEquals(pages, [71, 21]);
  await assertRejects(() => one.wish({ kind: "history", to: "#elsewhere" }), Error);
  const found = await one.wish({ kind: "search", query: "from:bob 117" }) as {
    words: string[];
    entries: unknown[];
  };
  assertEquals([found.words, found.entries.length], [["117"], 1]);
  await assertRejects(() => one.wish({ kind: "search", query: 'from:bob "' }), Error, "query");
});

Deno.test("bridge: rooms are joined and left, --room at the start; the page knows who is there and what was said", async () => {
  await using server = await open();
  await using bob = await signedIn(server.port, "bob");
  await bob.client.join("ops");
  bob.client.say("#ops", "quiet here");
  await bob.client.settled();
  await using gui = new GuiRig(server.port, { name: "ada", room: "ops" });
  await using view = await gui.window();
  await view.until(({ conversations: { "#ops": ops } }) => ops?.opened === true && ops.member);
  assertEquals([...view.state.conversations["#ops"]!.users].sort(), ["ada", "bob"]);
  assertEquals(texts(view.state, "#ops"), ["bob: quiet here"]);
  await view.wish({ kind: "join", room: "#Dev" });
  await view.until(({ conversations: { "#dev": dev } }) => dev?.opened === true);
  await view.wish({ kind: "leave", room: "dev" });
  await view.until(({ conversations }) => conversations["#dev"] === undefined);
  await assertRejects(() => view.wish({ kind: "join", room: "a b" }), Error, "room");
  await assertRejects(() => view.wish({ kind: "open", to: "@a b" }), Error, "name_invalid");
});

Deno.test("bridge: after an outage it goes on, and nothing said meanwhile is lost", async () => {
  await using server = await open();
  await using proxy = new FaultProxy(server.port);
  await using bob = await signedIn(server.port, "bob");
  await using gui = new GuiRig(proxy.port, { name: "ada" });
  await using view = await gui.window();
  await view.until(lobbyIs(({ opened }) => opened));
  proxy.refuse();
  await view.until(({ phase }) => phase === "offline");
  bob.client.say("#lobby", "are you there?");
  await bob.client.settled();
  await view.wish({ kind: "say", to: "#lobby", text: "soon" });
  assertEquals(view.state.conversations["#lobby"]!.outgoing.map(({ text }) => text), ["soon"]);
  proxy.pass();
  await view.until(lobbyIs(({ entries, outgoing }) => entries.length === 2 && outgoing.length === 0));
  assertEquals(texts(view.state, "#lobby"), ["bob: are you there?", "ada: soon"]);
});

Deno.test("bridge: what was on the screen, what was read and what is notified of hold for the next process", async () => {
  await using stack = new AsyncDisposableStack();
  const server = stack.use(await open());
  const state = temporary(stack);
  const bob = stack.use(await signedIn(server.port, "bob"));
  {
    await using gui = new GuiRig(server.port, { name: "ada", state });
    await using view = await gui.window();
    await view.until(lobbyIs(({ opened }) => opened));
    await view.wish({ kind: "register", password: PASSWORD });
    for (const text of ["one", "two", "three"]) bob.client.say("#lobby", text);
    await view.until(lobbyIs(({ last }) => last === 3));
    await view.wish({ kind: "shown", marks: [["#lobby", 2]] });
    await view.wish({ kind: "read", to: "#lobby", seq: 2 });
    await view.wish({ kind: "level", to: "#lobby", level: "all" });
    await view.wish({ kind: "quit" });
    assertEquals(await gui.code, 0);
    assertEquals(view.state.phase, "ended");
  }
  assertEquals((await Deno.stat(`${state}/ada/levels.json`)).mode! & 0o777, 0o600);
  await using gui = new GuiRig(server.port, { name: "ada", state });
  await using view = await gui.window();
  await view.until(
    lobbyIs(({ opened, entries, read, level }) =>
      opened && entries.length === 3 && read === 2 && level === "all"
    ),
  );
  const again = view.news.flatMap((news) => news.kind === "entry" ? [news.entry.text] : []);
  assertEquals(again.filter((text) => text !== "three"), []);
});

Deno.test("bridge: a refused message stays until it is discarded", async () => {
  await using server = await open();
  await using gui = new GuiRig(server.port, { name: "ada" });
  await using view = await gui.window();
  await view.until(lobbyIs(({ opened }) => opened));
  await view.wish({ kind: "say", to: "@nobody", text: "hello?" });
  await view.until(({ conversations }) =>
    conversations["@nobody"]?.outgoing.some(({ refused }) => refused !== undefined) === true
  );
  const [{ id } = { id: "" }] = view.state.conversations["@nobody"]!.outgoing;
  await view.wish({ kind: "discard", id });
  assertEquals(view.state.conversations["@nobody"]!.outgoing, []);
});

Deno.test("bridge: it ends as the terminal does, and every window hears of it first", async () => {
  const server = await open();
  await using asking = new GuiRig(server.port);
  await using asked = await asking.window();
  await asked.wish({ kind: "quit" });
  assertEquals([await asking.code, asked.state.phase, await asked.closed], [4, "ended", 1000]);
  await using gui = new GuiRig(server.port, { name: "ada" });
  await using view = await gui.window();
  await view.until(({ phase }) => phase === "online");
  gui.interrupt(143);
  assertEquals([await gui.code, view.state.phase, await view.closed], [143, "ended", 1000]);
  const { port } = server;
  await server[Symbol.asyncDispose]();
  await using late = new GuiRig(port, { name: "ada" });
  assertEquals(await late.code, 3);
  assertMatch(late.told.join(), /Cannot reach/);
});

Deno.test("chat connect --gui: a process of its own, with Enter for one more window, and an end with the last one", async () => {
  await using server = await open();
  await using gui = new GuiProcess(server.port, { name: "ada", args: ["--exit-with-window"] });
  const pass = await passFor(await gui.address());
  const page = await (await fetch(`${pass.origin}/`)).text();
  assertStringIncludes(page, "/gui.js");
  const script = await fetch(`${pass.origin}/gui.js`);
  assertEquals(script.headers.get("content-type"), "text/javascript; charset=utf-8");
  assert((await script.text()).length > 1_000);
  const other = await passFor(await gui.another());
  const one = await GuiSocket.open(pass);
  const two = await GuiSocket.open(other);
  await two.until(({ phase }) => phase === "online");
  await two[Symbol.asyncDispose]();
  await one[Symbol.asyncDispose]();
  await using back = await GuiSocket.open(pass); // loaded anew: that is no end
  await back.until(({ phase }) => phase === "online");
  await back[Symbol.asyncDispose]();
  assertEquals(await gui.code, 0);
});

function range(from: number, until: number): number[] {
  return Array.from({ length: until - from + 1 }, (_, at) => from + at);
}
