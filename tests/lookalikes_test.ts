import { assert, assertEquals } from "@std/assert";
import data from "../protocol/confusables.json" with { type: "json" };
import { skeletons } from "../protocol/names.ts";

function alike(a: string, b: string): boolean {
  const other = skeletons(b);
  return skeletons(a).some((looks) => other.includes(looks));
}

Deno.test("[N6] [E07] every look-alike of the table collides with what it looks like", () => {
  let pairs = 0;
  for (const line of data.lines.split("\n")) {
    const [prototype, members] = line.split("\t") as [string, string];
    let before = prototype;
    for (const char of members) {
      for (
        const [a, b] of [[char, prototype], [`x${char}y`, `x${prototype}y`], [
          `q${char}`,
          `q${before}`,
        ]] as const
      ) {
        if (!alike(a, b)) throw new Error(`${JSON.stringify(a)} and ${JSON.stringify(b)} do not collide`);
        pairs++;
      }
      before = char;
    }
  }
  assert(pairs >= 10_000, `${pairs} pairs`);
});

Deno.test("[N6] the table is what the search in it takes for granted", () => {
  const lines = data.lines.split("\n").map((line) => line.split("\t") as [string, string]);
  const sources = lines.flatMap(([, members]) => [...members]);
  assertEquals(new Set(sources).size, sources.length);
  const known = new Set(sources);
  for (const [prototype] of lines) for (const char of prototype) assert(!known.has(char));
});

Deno.test("[N6] the short way for plain names agrees with the table", () => {
  for (const char of "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-") {
    // The umlaut sends the rest of the name the long way.
    assertEquals(skeletons(`${char}ö`).map((looks) => looks.slice(0, -2)), skeletons(char), char);
  }
});

Deno.test("[N6] [E07] [D08] look-alikes collide, other names do not", () => {
  const pairs = [
    "paul PauI",
    "paul pau1",
    "bob b0b",
    "bob BOB",
    "mary rnary",
    "alice аlice",
    "ace асе",
    "ｐaul paul",
  ];
  for (
    const pair of [
      ...pairs,
      "ο o",
      "istanbul İstanbul",
      "𝓅aul paul",
      "ﬁn fin",
      "ßob ꞵob",
      "ab a\u200db",
    ]
  ) {
    const [a, b] = pair.split(" ") as [string, string];
    assert(alike(a, b), pair);
  }
  for (const pair of ["paul saul", "bob rob", "mary nary", "ian lan", "é e", "日本 日木"]) {
    const [a, b] = pair.split(" ") as [string, string];
    assert(!alike(a, b), pair);
  }
});
