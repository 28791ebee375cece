import { assert, assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { sanitise, sanitiseName } from "../client/sanitise.ts";
import { hostileTexts } from "./support/hostile_text.ts";

/** Everything that a terminal could take for an order, or that hides or reorders what is beside it. */
const ORDERS =
  // deno-lint-ignore no-control-regex
  /[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufff9-\ufffb\u{e0000}]|\p{Cs}|\p{M}{8}/u;
const seed = 20_260_214;

const keep = (text: string) => sanitise(text, { lines: "keep" });
const escape = (text: string) => sanitise(text, { lines: "escape" });

Deno.test("sanitise [E01] leaves no order in any of 500 hostile sequences, in bodies and in names", () => {
  const corpus = hostileTexts();
  assert(corpus.length >= 500, `only ${corpus.length}`);
  for (const text of corpus) {
    for (const body of [text, `hi ${text} there`, `${text}${text}`]) {
      assert(!ORDERS.test(keep(body)), JSON.stringify(body));
      assert(!ORDERS.test(escape(body)) && !escape(body).includes("\n"), JSON.stringify(body));
      assertMatch(sanitise(body, { lines: "escape", ascii: true }), /^[\x20-\x7e]*$/);
      assertMatch(sanitiseName(body, { ascii: true }), /^[\x20-\x7e]*$/);
      assert(!ORDERS.test(sanitiseName(body)) && !sanitiseName(body).includes("\n"), JSON.stringify(body));
    }
  }
});

Deno.test("sanitise [E01] shows what it takes away", () => {
  assertEquals(keep("\x1b[31mred\x07\x7f"), "␛[31mred␇␡");
  assertEquals(keep("\x9b2J"), "<9b>2J");
  assertEquals(keep("a\tb\r\nc\rd"), "a    b\nc␍d");
  assertEquals(escape("a\nb"), "a\\nb");
  assertEquals(sanitise("é\x1b\n", { lines: "keep", ascii: true }), "\\u{e9}\\u{1b}\n");
  assertEquals(keep("\ud800x"), "\ufffdx");
});

Deno.test("sanitise [E02] carries no state from one text to the next, nor over any cut", () => {
  for (const text of hostileTexts()) {
    for (let at = 0; at <= text.length; at++) {
      const together = keep(text.slice(0, at)) + keep(text.slice(at));
      // deno-lint-ignore no-control-regex
      assert(!/[\x00-\x09\x0b-\x1f\x7f-\x9f]/.test(together), JSON.stringify([text, at]));
    }
    assertEquals(keep("plain é"), "plain é");
  }
});

Deno.test("sanitise [E05] shows bidi controls and marks as tokens", () => {
  assertEquals(keep("a\u202eb\u2066c\u200fd\u061c"), "a<U+202E>b<U+2066>c<U+200F>d<U+061C>");
  assertEquals(sanitiseName("bob\u202e"), "bob<U+202E>");
  assertEquals(keep("שלום עולם مرحبا"), "שלום עולם مرحبا");
});

Deno.test("sanitise [E06] shows what hides, and keeps what spelling needs", () => {
  const ordinary = [
    ..."👩‍👩‍👧‍👦 🏳️‍🌈 🏃🏽‍♂️ 👁️‍🗨️ ❤️ 1️⃣ 🇩🇪 🏴󠁧󠁢󠁳󠁣󠁴󠁿".split(" "), // families, flags, keycaps
    "می‌خواهم", // Persian: zero-width non-joiner
    "क्‍ष ශ්‍රී ക്‍", // Indic: joiners
    "葛󠄀城", // an ideographic variant
    "tiếng Việt, e\u0301, ภาษาไทย, 日本語",
  ];
  for (const text of ordinary) assertEquals(keep(text), text);
  assertEquals(keep("soft\u00adhyphen\u200bbreak\ufeff"), "softhyphenbreak");
  assertEquals(keep("a\u200db"), "a<U+200D>b");
  assertEquals(keep("a" + "\u200b".repeat(4000) + "b"), "a<U+200B><+3999 invisible>b");
  assertEquals(keep("x\ufe0f\ufe0f\ufe0f"), "x<U+FE0F><+2 invisible>");
  assertEquals(keep("hi\u{e0041}\u{e0042}"), "hi<U+E0041><+1 invisible>");
  assertEquals(keep("a\ufff9b\ufffb"), "a<U+FFF9>b<U+FFFB>");
  assertEquals(sanitiseName("a\u200db\u00a0"), "a<U+200D>b<U+00A0>");
});

Deno.test("sanitise [E10] trims floods of marks, and gives a lone mark something to stand on", () => {
  assertEquals(keep("e" + "\u0301".repeat(4000) + "x"), "e" + "\u0301".repeat(7) + "x");
  assertEquals(keep("\u0301a\n\u0302b"), "◌\u0301a\n◌\u0302b");
  assertEquals([...sanitiseName("n".repeat(1000))].length, 64);
});

/** Strings of the very characters the rules are about, so that they meet each other. */
const nasty = fc.array(
  fc.oneof(
    fc.constantFrom(
      ..."\x00\t\n\r\x1b\x7f\x9b a1é\u0301\u0302\u00ad\u034f\u061c\u200b\u200c\u200d\u200e\u2028\u202e\u2060"
        .split(""),
      ..."\u2069\ufeff\ufe0f\ufe00\ufff9\ud800\udc00\u180b\u115f\u064b\u0628\u0915\u094d漢".split(""),
      "👩",
      "🏽",
      "🏴",
      "\u{e0067}",
      "\u{e007f}",
      "\u{e0100}",
      "\u0301".repeat(7),
    ),
    fc.string({ unit: "binary", maxLength: 3 }),
  ),
  { maxLength: 40 },
).map((parts) => parts.join(""));

for (const lines of ["keep", "escape"] as const) {
  Deno.test(`sanitise is idempotent and clean on any text, lines: ${lines} (seed ${seed})`, () => {
    fc.assert(
      fc.property(nasty, fc.boolean(), (text, ascii) => {
        const once = sanitise(text, { lines, ascii });
        assertEquals(sanitise(once, { lines, ascii }), once);
        assert(!ORDERS.test(once), JSON.stringify(once));
        if (lines === "escape") assert(!once.includes("\n"));
      }),
      { seed, numRuns: 20_000 },
    );
  });
}

Deno.test(`sanitiseName is idempotent, clean and short on any text (seed ${seed})`, () => {
  fc.assert(
    fc.property(nasty, (text) => {
      const once = sanitiseName(text);
      assert(!ORDERS.test(once) && !/[\n\p{DI}]/u.test(once), JSON.stringify(once));
    }),
    { seed, numRuns: 20_000 },
  );
});
