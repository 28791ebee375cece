import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { cellsOf } from "../client/terminal/cells.ts";
import { openChat, openServer } from "./support/chat_pane.ts";
import { hostileTexts } from "./support/hostile_text.ts";
import { rowsOfLog } from "./support/terminal_log.ts";
import { Pane, terminalTest } from "./support/tmux.ts";
import { signedIn } from "./support/watched.ts";

// deno-lint-ignore no-control-regex
const ORDER = /[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/;

/** What reached the terminal besides our layout must not hold a single order. */
function assertHarmless(rows: readonly string[]): void {
  for (const row of rows) assert(!ORDER.test(row), JSON.stringify(row));
}

terminalTest(
  "terminal [E01] [E02] [E03] shows every hostile message harmlessly, and types nothing itself",
  async () => {
    await using server = await openServer();
    await using eve = await signedIn(server.port, "eve");
    await using ada = await openChat(server.port, "ada", { rows: 50 });
    await ada.type("my line");
    const texts = hostileTexts();
    for (const text of texts) {
      eve.client.say("#lobby", text);
      eve.client.say("@ada", text);
    }
    for (const text of texts) {
      const middle = Math.ceil(text.length / 2); // an order cut in two
      eve.client.say("#lobby", `${text.slice(0, middle)}`);
      eve.client.say("#lobby", `${text.slice(middle) || "."}`);
    }
    eve.client.say("#lobby", "that was all");
    // E03: had a question reached the terminal, its answer would stand in the composer.
    await ada.until("eve │ that was all", /#lobby> my line$/);
    assertHarmless(rowsOfLog(await ada.log()));
    await ada.press("C-l");
    await ada.until("eve │ that was all", /#lobby> my line$/);
    assertEquals(await ada.cursor().then(({ x }) => x), "#lobby> my line".length);
  },
);

terminalTest("terminal [E01] a hostile server cannot harm it either, whatever field it uses", async () => {
  const hostile = new URL("./support/hostile_chat.ts", import.meta.url).pathname;
  const command = [Deno.execPath(), "run", "--quiet", "-A", "--no-check", hostile];
  await using pane = await Pane.open(command, { env: { NO_COLOR: "1", LC_ALL: "C.UTF-8" } });
  await pane.until("that was all (done)");
  await pane.press("C-c");
  await pane.press("Tab");
  await pane.press("C-l");
  await pane.until("that was all (done)");
  assertHarmless(rowsOfLog(await pane.log()));
});

terminalTest(
  "terminal [E04] [E05] [E10] nothing a peer says starts at the left edge or leaves its rows",
  async () => {
    await using server = await openServer();
    await using eve = await signedIn(server.port, "eve");
    await using ada = await openChat(server.port, "ada", { rows: 60 });
    const fakes = [
      "\r-- fake",
      "ok\n12:00              bob │ fake",
      "\v\f\n\n!! fake",
      "x".repeat(500),
      "a\u202efake\u202c",
    ];
    for (const fake of [...fakes, "z" + "\u0301".repeat(3_000), "y\tx\b\b\b\b\b\b\b\b"]) {
      eve.client.say(
        "#lobby",
        fake,
      );
    }
    eve.client.say("#lobby", "that was all");
    const screen = await ada.until("that was all");
    const [, talk] = screen.split(/Tab completes.*\n/);
    for (const row of talk!.split("\n").slice(0, -1)) {
      assert(/^\d\d:\d\d {14}eve │ | {25}/.test(row) || row === "", JSON.stringify(row));
    }
    assertStringIncludes(screen, "a<U+202E>fake<U+202C>");
    assert(!/\p{M}{8}/u.test(screen));
  },
);

terminalTest("terminal [E11] wide and ambiguous characters break no row", async () => {
  await using server = await openServer();
  await using eve = await signedIn(server.port, "eve");
  await using ada = await openChat(server.port, "ada", { rows: 60 });
  const kinds = [
    "漢字かな交じり文",
    "한국어",
    "ｆｕｌｌ",
    "👩‍👩‍👧",
    "🏳️‍🌈",
    "🇩🇪",
    "❤️",
    "①§°±×÷",
    "ไทยภาษา",
    "हिन्दी",
    "שלום",
    "مرحبا",
    "e\u0301o\u0308",
    "─│┼█▒",
    "☃☎★",
    "\u{1f9d1}\u{1f3fd}",
    "№…—",
  ];
  for (const kind of kinds) eve.client.say("#lobby", `[${kind.repeat(12)}]`);
  eve.client.say("#lobby", "that was all");
  await ada.until("that was all");
  const shown = (await ada.screen()).split("\n").map((row) => row.trimEnd());
  const drawn = rowsOfLog(await ada.log()).filter((row) => /^\d\d:\d\d|^ {25}/.test(row)).map((row) =>
    row.trimEnd()
  );
  assertEquals(shown.filter((row) => /^\d\d:\d\d|^ {25}/.test(row)).length, drawn.length);
  for (const row of drawn) assert(cellsOf(row) < 80, row);
});

terminalTest("terminal [E15] a paste is one message, and nothing in it runs", async () => {
  await using server = await openServer();
  await using bob = await signedIn(server.port, "bob");
  await using ada = await openChat(server.port, "ada");
  await ada.send("\x1b[200~/whisper bob x\r/quit\r\x1b[201~\r/quit\r\x1b[201~");
  await ada.until(/#lobby> \/whisper bob x⏎\/quit⏎⏎\/quit⏎$/);
  await new Promise((resolve) => setTimeout(resolve, 100)); // no key is a part of the paste so long after it
  await ada.press("Enter");
  await ada.until("ada │ /whisper bob x");
  await bob.until(() => bob.shown("#lobby").length === 1);
  assertEquals(bob.shown("#lobby"), ["ada: /whisper bob x\n/quit\n\n/quit"]);
  assertEquals(bob.shown("@ada"), []);
});
