import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { piecesOf } from "../client/gui/page/links.ts";

/** Where the links of a text lead. */
function hrefs(text: string): string[] {
  return piecesOf(text).flatMap(({ href }) => href ?? []);
}

Deno.test("[I07] links are of http and https; everything else that looks like one is text", () => {
  for (
    const text of [
      "javascript:alert(1)",
      "JaVaScRiPt://example.org/%0aalert(1)",
      "data:text/html,<script>alert(1)</script>",
      "file:///etc/passwd",
      "vbscript:x",
      "ftp://example.org",
      "//example.org",
      "www.example.org",
      "https://",
      "https:///",
      "http://user@example.org",
      "https://bank.example:secret@evil.example/",
      "https://bank.example\\@evil.example/",
      "https://[::1",
      "https://exa mple".slice(0, 8),
      `https://example.org/${"a".repeat(3_000)}`,
    ]
  ) {
    assertEquals(piecesOf(text), [{ text }], text);
  }
});

Deno.test("[I07] what one reads is where it leads: letters that only look like others are written out", () => {
  const [piece] = piecesOf("https://аpple.com/login"); // the first letter is Cyrillic
  assertEquals(piece, { text: "https://xn--pple-43d.com/login", href: "https://xn--pple-43d.com/login" });
  assertEquals(piecesOf("http://2130706433/x")[0]!.text, "http://127.0.0.1/x");
  assertEquals(piecesOf("HTTPS://Example.ORG/Path")[0], {
    text: "HTTPS://Example.ORG/Path",
    href: "https://example.org/Path",
  });
});

Deno.test("punctuation of the sentence around a link is not part of it, brackets of its own are", () => {
  for (
    const [text, href] of [
      ["See https://example.org.", "https://example.org/"],
      ["(https://example.org/a)", "https://example.org/a"],
      ["https://en.example.org/wiki/Deno_(software)", "https://en.example.org/wiki/Deno_(software)"],
      ["(see https://en.example.org/wiki/Deno_(software)).", "https://en.example.org/wiki/Deno_(software)"],
      ["https://example.org/?q=a,b!?", "https://example.org/?q=a,b"],
      ["<https://example.org/x>", "https://example.org/x"],
      ['"https://example.org/y"', "https://example.org/y"],
      ["https://example.org/[1]", "https://example.org/[1]"],
    ] as const
  ) {
    assertEquals(hrefs(text), [href], text);
  }
  assertEquals(hrefs("http://a.example and https://b.example"), ["http://a.example/", "https://b.example/"]);
});

Deno.test("no text is lost or doubled, and every link leads to http or https without a name before the host", () => {
  const part = fc.oneof(
    fc.constantFrom(
      "http://",
      "https://",
      "javascript:",
      "@",
      ".",
      ")",
      "(",
      "example.org",
      "/",
      " ",
      "\n",
      "#",
      "?",
    ),
    fc.string({ maxLength: 5 }),
  );
  fc.assert(fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
    const text = parts.join("");
    const pieces = piecesOf(text);
    for (const { href } of pieces) {
      if (href === undefined) continue;
      const { protocol, username, password } = new URL(href);
      assert(protocol === "http:" || protocol === "https:");
      assertEquals([username, password], ["", ""]);
    }
    const rest = pieces.filter(({ href }) => href === undefined).map((piece) => piece.text);
    let at = 0;
    for (const each of rest) {
      const found = text.indexOf(each, at);
      assert(found >= at, `${each} is not in ${text}`);
      at = found + each.length;
    }
    if (pieces.every(({ href }) => href === undefined)) assertEquals(rest.join(""), text);
  }));
});

Deno.test("[I07] what leads elsewhere than it seems to is written as it leads, or is text", () => {
  for (
    const [text, href] of [
      ["https://bank.example。evil.example/", "https://bank.example.evil.example/"],
      ["https://ｂａｎｋ.example/", "https://bank.example/"],
      ["https://ba%6ek.example/", "https://bank.example/"],
      ["https://exämple.org/", "https://xn--exmple-cua.org/"],
      ["http://0x7f.1/", "http://127.0.0.1/"],
      ["https:///evil.example/", "https://evil.example/"],
    ] as const
  ) {
    assertEquals(piecesOf(text), [{ text: href, href }], text);
  }
  for (
    const text of ["https://bank.example%2F@evil.example/", "http://:80/", "https://bank.example:99999/"]
  ) {
    assertEquals(hrefs(text), [], text);
  }
  assertEquals(hrefs("http://name@a.example/ http://b.example/"), ["http://b.example/"]);
  assertEquals(hrefs("blob:https://a.example/1 javascript:x='http://b.example/'"), [
    "https://a.example/1",
    "http://b.example/",
  ]);
});

Deno.test("[I07] the longest texts take time in proportion to their length", () => {
  for (const part of ["http://", "http://a.example/ ", "a)", ")", "(", ".", "https://a@b ", "h"]) {
    const text = `http://a.example/${part.repeat(500_000 / part.length)}`;
    assertEquals(piecesOf(text).at(-1)!.text.at(-1), text.at(-1), part); // otherwise this would take hours
  }
});
