import { assert, assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { cellsOf, cut, wrap } from "../client/terminal/cells.ts";
import { styleFor, wantsColour } from "../client/terminal/colours.ts";
import type { Item } from "../client/terminal/item.ts";
import { formatItem, type Page } from "../client/terminal/line_format.ts";
import { layLive } from "../client/terminal/live_region.ts";
import { lookFor } from "../client/terminal/look.ts";
import { hostileTexts } from "./support/hostile_text.ts";

const seed = 20_260_214;
const at = new Date(2026, 1, 14, 9, 5);
const env = (values: Record<string, string>) => (name: string) => values[name];
const plain = lookFor(env({ LANG: "C.UTF-8", NO_COLOR: "1" }), undefined);
const page = (columns: number, values = {}): Page => ({ ...plain, columns, me: "ada", ...values });
const message = (text: string, more = {}): Item => (
  { kind: "message", at, from: "bob", text, label: undefined, mine: false, mention: false, ...more }
);

Deno.test("formatItem lays out messages, actions, whispers and our own lines", () => {
  const row = (item: Item) => formatItem(item, page(80))[0];
  assertEquals(row(message("hi")), "09:05              bob │ hi");
  assertEquals(row(message("ada: hi", { mention: true })), "09:05              bob » ada: hi");
  assertEquals(row(message("/me waves")), "09:05                * │ bob waves");
  assertEquals(row(message("hi", { label: "#dev" })), "09:05              bob │#dev│ hi");
  assertEquals(row(message("hi", { from: "n".repeat(32) })), "09:05 nnnnnnnnnnnnnnn… │ hi");
  const whisper: Item = { kind: "whisper", at, peer: "bob", text: "psst", mine: false, state: "stored" };
  assertEquals(row(whisper), "09:05        [bob → you] psst");
  assertEquals(row({ ...whisper, mine: true }), "09:05        [you → bob] psst ✓");
  assertEquals(row({ ...whisper, mine: true, state: "delivered" }), "09:05        [you → bob] psst ✓✓");
  assertEquals(
    row({ ...whisper, mine: true, state: "kept" }),
    "09:05        [you → bob] psst ✓ kept for bob",
  );
  assertEquals(row({ kind: "system", text: "bob left #lobby" }), "-- bob left #lobby");
  assertEquals(row({ kind: "error", text: "No", code: "room" }), "!! No (room)");
  assertEquals(
    row({ kind: "date", at }),
    "-- Saturday, 14 February 2026 --",
  );
  assertEquals(row({ kind: "divider", text: "new" }), "── new ".padEnd(79, "─"));
  const found: Item = { kind: "found", on: at, to: "#ops", from: "bob", text: "disk full", words: [] };
  assertEquals(row(found), "2026-02-14 09:05 #ops │ bob │ disk full");
  assertEquals(formatItem(found, page(40)), ["-- 2026-02-14 09:05 #ops │ bob │ disk", "   full"]);
});

Deno.test("formatItem marks the words that were found, whole ones in any case, where there is colour", () => {
  const style = styleFor(true, env({}));
  const found: Item = {
    kind: "found",
    on: at,
    to: "#ops",
    from: "disk",
    text: "Disk FULL, diskette, (a.b)",
    words: ["disk", "disk full", "a.b"],
  };
  const [row] = formatItem(found, page(80, { style }));
  // deno-lint-ignore no-control-regex
  assertMatch(row!, /│ \x1b\[1;4mDisk FULL\x1b\[0m, diskette, \(\x1b\[1;4ma\.b\x1b\[0m\)$/);
});

Deno.test("formatItem [E04] never lets a text reach the left edge or exceed the page", () => {
  for (
    const text of [
      "\r-- fake",
      "\n-- fake\n!! fake",
      "\v\v-- fake",
      "a\b\b\b\b-- fake",
      "x ".repeat(200),
      "y".repeat(300),
    ]
  ) {
    for (const columns of [32, 33, 40, 80, 200]) {
      const [first, ...more] = formatItem(message(text), page(columns));
      assertMatch(first!, /^09:05 /);
      for (const row of more) assertMatch(row, /^ {15,}/);
      for (const row of [first!, ...more]) assert(cellsOf(row) < columns, JSON.stringify(row));
    }
  }
});

Deno.test("formatItem [E01] [E10] [E14] yields clean rows of the right width for anything on any page", () => {
  const texts = [...hostileTexts(), "e" + "\u0301".repeat(4000), "👩‍👩‍👧".repeat(50), "漢".repeat(100)];
  for (const columns of [1, 2, 3, 8, 20, 80, 10_000]) {
    for (const ascii of [false, true]) {
      for (const text of texts.filter((_, index) => columns === 80 || index % 7 === 0)) {
        const items: Item[] = [
          message(text, { from: text, label: text }),
          { kind: "whisper", at, peer: text, text, mine: true, state: "kept" },
          { kind: "found", on: at, to: text, from: text, text, words: [text] },
          { kind: "divider", text: "new" },
          { kind: "error", text, code: text },
          { kind: "system", text },
        ];
        for (const row of items.flatMap((item) => formatItem(item, page(columns, { ascii })))) {
          // deno-lint-ignore no-control-regex
          assert(!/[\x00-\x1f\x7f-\x9f]/.test(row), JSON.stringify(row));
          if (columns > 3) assert(cellsOf(row) < columns, JSON.stringify([columns, row]));
        }
      }
    }
  }
});

Deno.test(`wrap loses nothing but spaces and never exceeds its width (seed ${seed})`, () => {
  const text = fc.array(
    fc.constantFrom("word", " ", "  ", "漢字", "👩‍👩‍👧", "longlonglonglong", "\n", "e\u0301", "ا"),
  )
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(text, fc.integer({ min: 2, max: 30 }), (text, cells) => {
      const rows = wrap(text, cells);
      assertEquals(rows.join("").replace(/\s/g, ""), text.replace(/\s/g, ""));
      for (const row of rows) assert(cellsOf(row.trimEnd()) <= cells, JSON.stringify(rows));
    }),
    { seed, numRuns: 3_000 },
  );
  assertEquals(wrap("the quick brown fox", 10), ["the quick", "brown fox"]);
  assertEquals(cut("abcdef", 4), "abc…");
});

Deno.test(`layLive keeps the cursor on the screen at any size (seed ${seed})`, () => {
  const line = fc.string({ unit: "grapheme", maxLength: 300 });
  fc.assert(
    fc.property(line, fc.nat(300), fc.nat(30), fc.nat(12), (line, cursor, columns, rows) => {
      const size = { columns: columns + 1, rows: rows + 1 };
      const above = ["a", "b", "c"];
      const live = { above, hint: "hint", prompt: "#lobby> ", line, cursor: Math.min(cursor, line.length) };
      const region = layLive(live, { ...page(size.columns), ...size });
      assert(region.rows.length <= size.rows);
      assert(region.cursor.row >= 0 && region.cursor.row < region.rows.length);
      assert(region.cursor.column >= 0 && region.cursor.column < size.columns);
    }),
    { seed, numRuns: 3_000 },
  );
});

Deno.test("colour: the flag wins, then NO_COLOR, then the forcing variables, then the terminal", () => {
  const wants = (flag: boolean | undefined, values: Record<string, string>, tty = true) =>
    wantsColour({ flag, tty, env: env(values) });
  assertEquals(wants(undefined, {}), true);
  assertEquals(wants(undefined, {}, false), false);
  assertEquals(wants(undefined, { TERM: "dumb" }), false);
  assertEquals(wants(undefined, { NO_COLOR: "" }), true);
  assertEquals(wants(undefined, { NO_COLOR: "1", FORCE_COLOR: "1" }), false);
  assertEquals(wants(undefined, { TERM: "dumb", FORCE_COLOR: "1" }, false), true);
  assertEquals(wants(undefined, { CLICOLOR_FORCE: "0" }, false), false);
  assertEquals(wants(true, { NO_COLOR: "1" }, false), true);
  assertEquals(wants(false, { FORCE_COLOR: "1" }), false);
});

Deno.test("colour: without it nothing but text comes out, and a name's colour is always the same", () => {
  const styled = styleFor(true, env({ TERM: "xterm-256color" }));
  assertEquals(
    styled.ofName("bob", "bob"),
    styleFor(true, env({ TERM: "xterm-256color" })).ofName("bob", "bob"),
  );
  const bare = styleFor(false, env({}));
  assertEquals([bare.dim("x"), bare.loud("x"), bare.ofName("bob", "x")], ["x", "x", "x"]);
});

Deno.test("lookFor [E14] falls back to ASCII in a locale that is not UTF-8", () => {
  assertEquals(lookFor(env({ LANG: "en_GB.UTF-8" }), undefined).ascii, false);
  assertEquals(lookFor(env({}), undefined).ascii, false);
  assertEquals(lookFor(env({ LANG: "C" }), undefined).ascii, true);
  assertEquals(lookFor(env({ LANG: "C.UTF-8", LC_ALL: "POSIX" }), undefined).ascii, true);
  assertEquals(lookFor(env({ TERM: "dumb" }), undefined).ascii, true);
  assertEquals(lookFor(env({ TERM: "dumb", LANG: "C.UTF-8" }), undefined).ascii, false);
});
