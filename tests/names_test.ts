import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { readName, readRoom, skeletons } from "../protocol/names.ts";

/** Every Unicode scalar value, and the surrogates, which no name may hold either. */
const EVERY_POINT = 0x110000;
const NEVER = /[\p{Cf}\p{Cc}\p{Cs}\p{Co}\p{Cn}]/u;

function code(raw: string): string | undefined {
  return readName(raw).problem?.code;
}

Deno.test("[N1] [E09] every way to write a name gives the same name", () => {
  const same: readonly (readonly [string, ...string[]])[] = [
    ["alice", "ALICE", "Alice", "ＡＬＩＣＥ", "ａlice"],
    ["é", "É", "e\u0301", "E\u0301"],
    ["ö.k", "O\u0308.K", "ｏ\u0308．ｋ"],
    ["i\u0307zmir", "İzmir", "I\u0307zmir"],
    ["ısparta", "ısparta"],
    ["straße", "Straße", "STRAẞE"],
    ["σοφος", "ΣΟΦΟσ".replace("σ", "ς")],
    ["カラオケ", "ｶﾗｵｹ"],
    ["ガガ", "ｶﾞカ\u3099"],
    ["한국", "\u1112\u1161\u11ab\u1100\u116e\u11a8"],
    ["жанна", "ЖАННА"],
    ["k", "\u212a"],
  ];
  for (const [name, ...forms] of same) {
    for (const raw of [name, ...forms]) assertEquals(readName(raw), { name }, raw);
  }
  assertEquals(code("ſam"), "name_invalid"); // a compatibility form that is not a width
});

Deno.test("[N1] [E09] reading a name again changes nothing, for every character", () => {
  for (let point = 0; point < EVERY_POINT; point++) {
    const char = String.fromCodePoint(point);
    if (NEVER.test(char)) continue;
    const first = readName(char);
    if (first.problem) {
      const again = readName(first.name);
      if (again.name !== first.name || again.problem?.code !== first.problem.code) assertEquals(again, first);
    } else if (readName(first.name).name !== first.name) {
      throw new Error(`U+${point.toString(16)} is not stable`);
    }
  }
});

const seed = Math.floor(Math.random() * 2 ** 31);
Deno.test(`[N1] [E09] reading a name again changes nothing, for any string (seed ${seed})`, () => {
  const odd = fc.constantFrom(..."aIſßẞİıΣςσ\u0301\u0307\u0345\u3099ｶﾞＡ\u1100\u1161가אל٣۳ー一-_.\u200dǅᾼé");
  const piece = fc.oneof(
    odd,
    fc.string({ unit: "grapheme", maxLength: 2 }),
    fc.string({ unit: "binary", maxLength: 2 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const first = readName(pieces.join(""));
      assertEquals(readName(first.name), first);
      if (first.problem) return;
      assert(first.name.isWellFormed() && !NEVER.test(first.name));
      assertEquals(skeletons(first.name).length, 1);
      assert(skeletons(pieces.join("")).includes(skeletons(first.name)[0]!));
    }),
    { seed, numRuns: 20_000 },
  );
});

Deno.test("[N2] [E06] no control, format, private or unassigned character is in a name, wherever it stands", () => {
  let refused = 0;
  for (let point = 0; point < EVERY_POINT; point++) {
    const char = String.fromCodePoint(point);
    if (!NEVER.test(char)) continue;
    for (const raw of [char, char + "a", "a" + char + "b", "a" + char]) {
      if (code(raw) !== "name_invalid") throw new Error(`U+${point.toString(16)} was let through`);
    }
    refused++;
  }
  assert(refused > 900_000);
});

Deno.test("[N2] [E05] [E06] invisible and direction-changing characters are refused", () => {
  const hidden =
    "\u200b\u200c\u200d\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069" +
    "\ufeff\u00ad\u034f\u115f\u1160\u3164\uffa0\ufe0e\ufe0f\u180b\u180e\u{e0001}\u{e0061}\u{e0100}\u17b4";
  for (const char of hidden) {
    for (const raw of [`${char}bob`, `b${char}ob`, `bob${char}`]) assertEquals(code(raw), "name_invalid");
  }
});

Deno.test("[N2] letters, marks, digits and - _ . make a name, in the right places", () => {
  const good = [
    "a",
    "7",
    "a-b",
    "a.b_c",
    "_a",
    "a_",
    "a".repeat(32),
    "𠮷".repeat(32),
    "mäx",
    "नमस्ते",
    "ไทย",
    "ña_1",
  ];
  const bad = [
    "",
    "a".repeat(33),
    "a b",
    " a",
    "a\n",
    "-a",
    "a-",
    ".a",
    "a.",
    "_",
    "__",
    "a/b",
    "#a",
    "@a",
    "a:b",
    "a,b",
  ];
  const odd = [
    "\u0301a",
    "a-\u0301",
    "a\u0302\u0302",
    "x\u0301\u0302\u0303\u0304\u0306",
    "\u{1f600}",
    "℡",
    "½",
    "Ⅳ",
    "ª",
  ];
  for (const raw of good) assertEquals(readName(raw), { name: raw });
  for (const raw of [...bad, ...odd, "\ud800", "x".repeat(1_000_000)]) {
    assertEquals(code(raw), "name_invalid", raw);
  }
});

Deno.test("[N3] [E08] a name is in one script, or in those of one East Asian language and Latin", () => {
  const good = [
    "жанна",
    "ελλη",
    "日本語",
    "ひらがなカナ漢字",
    "漢字taro",
    "한국어kim",
    "漢ㄅㄆ",
    "ラーメンtom",
    "tomノート",
  ];
  const bad = [
    "аlice",
    "alicе",
    "pаypal",
    "ελλa",
    "жλ",
    "한ひ",
    "ㄅひ",
    "日本я",
    "ーtom",
    "tomー",
    "aノb",
    "一a",
    "éの",
    "אα",
  ];
  for (const raw of good) assertEquals(readName(raw), { name: raw });
  for (const raw of bad) assertEquals(code(raw), "name_invalid", raw);
});

Deno.test("[N3] digits of two kinds are not mixed", () => {
  for (const raw of ["दो२", "x12", "عدد٣٤", "عدد۳۴"]) assertEquals(readName(raw), { name: raw });
  for (const raw of ["1२", "दो1२", "عدد٣۴", "عدد1٣"]) assertEquals(code(raw), "name_invalid", raw);
});

Deno.test("[N4] [E05] [E09] a name reads in one direction (the bidi rule)", () => {
  for (const raw of ["שלום", "שלום1", "של-ום", "ש_1", "محمد", "مُحَمَّد", "محمد٣", "߁ߊ"]) {
    assertEquals(readName(raw), { name: raw });
  }
  for (const raw of ["1שלום", "_ש", "ש_", "שa", "aש", "٣", "٣محمد"]) {
    assertEquals(code(raw), "name_invalid", raw);
  }
});

Deno.test("[N5] [D13] names that speak for the server, and names that look like them, are reserved", () => {
  const names = [
    "server",
    "system",
    "admin",
    "administrator",
    "root",
    "operator",
    "op",
    "moderator",
    "all",
    "everyone",
  ];
  const alsoThese = ["here", "channel", "chat", "you", "me", "null", "undefined", "*", "＊"];
  const looks = ["SERVER", "Ａdmin", "adrnin", "r00t", "nu11", "0p", "rne", "aclmin"];
  for (const raw of [...names, ...alsoThese, ...looks.slice(0, -1)]) {
    assertEquals(code(raw), "name_reserved", raw);
  }
  assertEquals(code("aclmin"), undefined); // not in the table of look-alikes
  for (const raw of ["sérver", "servers", "opal", "mel"]) assertEquals(code(raw), undefined, raw);
});

Deno.test("[N7] a room's name follows the same rule, but has no reserved words", () => {
  for (const raw of ["lobby", "admin", "all", "日本語", "2026"]) assertEquals(readRoom(raw), { name: raw });
  assertEquals(readRoom("LOBBY").name, "lobby");
  for (
    const raw of ["", "#lobby", "@bob", "a b", "*", "r".repeat(33), "__proto__", "constructor", "Prototype"]
  ) {
    assertEquals(readRoom(raw).problem?.code, "room", raw);
  }
});

Deno.test("[N7] [A12] what JavaScript objects inherit is nothing special as a name", () => {
  const inherited = [Object, Array, Function, String, Number, Map, Promise, Symbol, RegExp, Date].flatMap((
    type,
  ) => [
    ...Object.getOwnPropertyNames(type.prototype),
    ...Object.getOwnPropertyNames(type),
  ]);
  const names = new Set(inherited.filter((name) => name.length <= 32));
  assert(names.size >= 200, String(names.size));
  for (const raw of names) assertEquals(readName(raw).name, raw.toLowerCase());
  assertEquals(({} as Record<string, unknown>).x, undefined);
});
