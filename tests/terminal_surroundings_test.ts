import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { openChat, openServer } from "./support/chat_pane.ts";
import { rowsOfLog } from "./support/terminal_log.ts";
import { terminalTest } from "./support/tmux.ts";
import { signedIn } from "./support/watched.ts";

// deno-lint-ignore no-control-regex
const COLOUR = /\x1b\[[\d;]+m/;

terminalTest("terminal [E14] TERM=dumb: every event once, and not one byte that moves a cursor", async () => {
  await using server = await openServer();
  await using bob = await signedIn(server.port, "bob");
  await using ada = await openChat(server.port, "ada", { env: { TERM: "dumb" } });
  bob.client.say("#lobby", "héllo 漢字 \x1b[2J " + "word ".repeat(30));
  await ada.until("héllo 漢字 ␛[2J");
  await ada.enter("hi there");
  await ada.until("ada │ hi there");
  await ada.enter("/whisper nobody my text");
  await ada.until("-- not sent: /whisper nobody my text");
  await ada.enter("/quit");
  assertEquals(await ada.exit(), 0);
  const log = (await ada.log()).replace(/^.*?(?=#lobby> )/s, "");
  // deno-lint-ignore no-control-regex
  assert(!/[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f]/.test(log), JSON.stringify(log));
  assertEquals(log.split("héllo").length, 2);
  assertEquals(log.split("ada │ hi there").length, 2);
});

terminalTest("terminal [E14] a locale that is not UTF-8 gets ASCII and nothing else", async () => {
  await using server = await openServer();
  await using bob = await signedIn(server.port, "bob");
  await using ada = await openChat(server.port, "ada", { env: { LC_ALL: "C" } });
  bob.client.say("#lobby", "hé 漢 ada\x1b");
  bob.client.say("@ada", "psst");
  await ada.until("bob > h\\u{e9} \\u{6f22} ada\\u{1b}", "[bob -> you] psst");
  await ada.enter("/w bob yes");
  await ada.until("[you -> bob] yes ++");
  for (const row of rowsOfLog(await ada.log())) assertMatch(row, /^[\x20-\x7e]*$/);
});

terminalTest("terminal [E14] NO_COLOR and --no-color switch every colour off; --color wins", async () => {
  await using server = await openServer();
  for (
    const [name, args, env, colour] of [
      ["ada", [], { NO_COLOR: "" }, true],
      ["bob", [], { NO_COLOR: "1", FORCE_COLOR: "1" }, false],
      ["cid", ["--no-color"], { NO_COLOR: "" }, false],
      ["dan", ["--color"], { NO_COLOR: "1" }, true],
    ] as const
  ) {
    await using ada = await openChat(server.port, name, { env, args });
    await ada.enter("hi");
    await ada.until("│ hi");
    const log = await ada.log();
    assertEquals(
      COLOUR.test(log.slice(log.indexOf("\x1b[?2004h"))),
      colour,
      JSON.stringify([args, env]),
    );
  }
});

for (const [columns, rows] of [[1, 1], [2, 3], [10, 4], [31, 5], [300, 100]] as const) {
  terminalTest(`terminal [E14] keeps running on a terminal of ${columns}x${rows}`, async () => {
    await using server = await openServer();
    await using bob = await signedIn(server.port, "bob");
    await using ada = await openChat(server.port, "ada");
    await ada.resize(columns, rows);
    bob.client.say("#lobby", "a text that is longer than some of these terminals are wide, by far");
    await ada.enter("and one typed on it");
    await bob.next("entry", ({ entry }) => entry.text === "and one typed on it");
    await ada.resize(80, 24);
    await ada.until("bob │ a text that is longer", "ada │ and one typed on it", /#lobby>$/);
  });
}

terminalTest("terminal [E14] survives a storm of resizes with its screen and its line whole", async () => {
  await using server = await openServer();
  await using bob = await signedIn(server.port, "bob");
  await using ada = await openChat(server.port, "ada");
  await ada.type("half a line");
  for (let round = 0; round < 40; round++) {
    await ada.resize(20 + (round * 37) % 100, 5 + (round * 7) % 40);
    bob.client.say("#lobby", `message ${round}`);
  }
  await ada.resize(60, 20);
  // A full screen: the last messages, each once and in order, and one prompt.
  const screen = await ada.until(/#lobby> half a line$/, (screen) => {
    const shown = [...screen.matchAll(/message (\d+)/g)].map(([, number]) => Number(number));
    return shown.at(-1) === 39 && screen.split("\n").length >= 19 &&
      shown.every((number, at) => number === 40 - shown.length + at);
  });
  assertEquals(screen.split("#lobby>").length, 2);
  await ada.enter(" done");
  await bob.next("entry", ({ entry }) => entry.text === "half a line done");
});

terminalTest(
  "terminal: a line longer than the screen is wide wraps, and the cursor goes where it should",
  async () => {
    await using server = await openServer();
    await using bob = await signedIn(server.port, "bob");
    await using ada = await openChat(server.port, "ada", { columns: 40, rows: 12 });
    const text = "the quick brown fox 漢字 jumps over the lazy dog 👩‍👩‍👧 again";
    await ada.type(text);
    await ada.until("again");
    bob.client.say("#lobby", "above");
    await ada.until("above", "again");
    await ada.press("Home");
    await ada.type(">");
    const screen = await ada.until("#lobby> >the quick");
    assertEquals(screen.split("\n").filter((row) => row.startsWith("#lobby>")).length, 1);
    await ada.press("Enter");
    const said = await bob.next("entry", ({ entry }) => entry.from === "ada");
    assertStringIncludes(said.entry.text, `>${text}`);
  },
);
