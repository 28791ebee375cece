import { assert, assertEquals } from "@std/assert";
import { openChat, openServer } from "./support/chat_pane.ts";
import { windowTest } from "./support/chromium.ts";
import { Program } from "./support/program.ts";
import { DIRECTING, offerOf, SPOOFS } from "./support/spoofed_names.ts";
import { temporary } from "./support/temporary.ts";
import { terminalTest } from "./support/tmux.ts";
import { ChatWindow } from "./support/window.ts";
import { welcomed } from "./support/wire.ts";

/** Where the characters of a file's kind are on the page, from left to right, and how high. */
const PLACES = `(shown, kind) => {
  const span = [...document.querySelectorAll(".transfers span")].find((each) => each.textContent.includes(shown));
  const text = span.firstChild;
  const end = text.data.indexOf(shown) + shown.length - (shown.endsWith("]") ? 1 : 0);
  return Array.from({ length: kind.length + 1 }, (_, at) => {
    const range = document.createRange();
    range.setStart(text, end - kind.length - 1 + at);
    range.setEnd(text, end - kind.length + at);
    const { left, top } = range.getBoundingClientRect();
    return [range.toString(), left, top];
  });
}`;

terminalTest(
  "[H03] terminal: names that would pass for others show their kind, and move nothing",
  async () => {
    await using after = new AsyncDisposableStack();
    await using server = await openServer({ files: `${temporary(after)}/kept` });
    await using bob = await openChat(server.port, "bob", { columns: 150 });
    using eve = await welcomed(server.port, "eve");
    for (const [at, spoof] of SPOOFS.entries()) {
      await eve.send(offerOf(spoof, at));
      const screen = await bob.until(`eve offers ${spoof.shown} (1 B) in #lobby: /accept ${at + 1} saves it`);
      assert(!DIRECTING.test(screen.replaceAll("\n", "")), spoof.shown);
    }
    const log = await bob.log();
    for (const bytes of ["\x1b]0;owned", "\x1b[31mred", "\x9b", "\u202e"]) assert(!log.includes(bytes));
  },
);

Deno.test("[H03] pipe: names that would pass for others show their kind, and direct nothing, also as JSON", async () => {
  await using after = new AsyncDisposableStack();
  await using server = await openServer({ files: `${temporary(after)}/kept` });
  const connect = ["connect", `127.0.0.1:${server.port}`, "--follow", "--name"];
  await using plain = new Program(...connect, "bob");
  await using json = new Program(...connect, "ann", "--json");
  for (const each of [plain, json]) {
    await each.write("here\n");
    await each.line();
  }
  using eve = await welcomed(server.port, "eve");
  for (const [at, spoof] of SPOOFS.entries()) await eve.send(offerOf(spoof, at));
  for (let offered = 0; offered < SPOOFS.length;) {
    const line = await json.line();
    assert(!DIRECTING.test(line), line);
    const { type, name } = JSON.parse(line);
    if (type !== "transfer") continue;
    assert(name.endsWith(`.${SPOOFS[offered++]!.kind}`), name);
    assert(!DIRECTING.test(name), name);
  }
  for (let line = ""; !line.endsWith(`number ${SPOOFS.length - 1}`);) {
    line = await plain.line();
    assert(!DIRECTING.test(line), line);
  }
  plain.signal("SIGTERM");
  assertEquals(
    (await plain.errors).trimEnd().split("\n").filter((line) => line.includes("offers")),
    SPOOFS.map(({ shown }, at) => `chat: eve offers ${shown} (1 B) in #lobby: /accept ${at + 1} saves it`),
  );
});

windowTest("[H03] window: names that would pass for others show their kind, from left to right", async () => {
  await using after = new AsyncDisposableStack();
  await using server = await openServer({ files: `${temporary(after)}/kept` });
  await using bob = await ChatWindow.online(server.port, "bob");
  using eve = await welcomed(server.port, "eve");
  for (const [at, spoof] of SPOOFS.entries()) {
    const { shown, kind } = spoof;
    await eve.send(offerOf(spoof, at));
    await bob.message(`number ${at}`).waitFor();
    const files = bob.page.getByRole("list", { name: "Files" });
    await files.getByText(`eve offers ${shown} (1 B) in #lobby`).waitFor();
    assert(!DIRECTING.test((await files.innerText()).replaceAll("\n", "")), shown);
    const places = await bob.page.evaluate<[string, number, number][]>(
      `(${PLACES})(${JSON.stringify(shown)}, ${JSON.stringify(kind)})`,
    );
    assertEquals(places.map(([char]) => char).join(""), `.${kind}`);
    for (const [n, [, left, top]] of places.slice(1).entries()) {
      assert(left > places[n]![1] && top === places[n]![2], `${shown}: ${JSON.stringify(places)}`);
    }
  }
});
