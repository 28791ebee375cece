import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { readSearch } from "../client/search_query.ts";

const now = new Date(2026, 10, 23, 12, 0, 30);
const read = (typed: string) => readSearch(typed, { now, me: "ada" });

/** What is looked for, without what is highlighted. */
function query(typed: string) {
  const searched = read(typed);
  assert(searched.kind === "query", JSON.stringify(searched));
  return searched.query;
}

function problem(typed: string): string {
  const searched = read(typed);
  assert(searched.kind === "problem", JSON.stringify(searched));
  return searched.message;
}

Deno.test("readSearch takes words and phrases, and says which to highlight", () => {
  assertEquals(read('"disk full"  again'), {
    kind: "query",
    query: { text: '"disk full" again' },
    words: ["disk full", "again"],
  });
  assertEquals(query("http://host:80/x form:bob"), { text: "http://host:80/x form:bob" });
  assertEquals(query("don't"), { text: "don't" });
});

Deno.test("readSearch narrows by who, where and when, in any order and any case", () => {
  assertEquals(query('from:Bob in:#Ops since:2d "disk full"'), {
    from: "bob",
    to: "#ops",
    since: new Date(now.getTime() - 2 * 86_400_000).toISOString(),
    text: '"disk full"',
  });
  assertEquals(query("IN:ops x FROM:@bob"), { to: "#ops", from: "bob", text: "x" });
  assertEquals(query("in:@Bob"), { to: "@bob" });
  assertEquals(query("from:me"), { from: "ada" });
});

Deno.test("readSearch understands times", () => {
  const since = (typed: string) => query(`since:${typed}`).since;
  const ago = (seconds: number) => new Date(now.getTime() - seconds * 1_000).toISOString();
  assertEquals([since("90m"), since("3h"), since("1w")], [ago(5_400), ago(10_800), ago(604_800)]);
  assertEquals(since("2026-11-01"), new Date(2026, 10, 1).toISOString());
  assertEquals(since("2026-11-01T14:30"), new Date(2026, 10, 1, 14, 30).toISOString());
});

Deno.test("readSearch says what is wrong, and what to write instead", () => {
  for (
    const [typed, said] of [
      ["", "from:bob in:#ops"],
      ["since:yesterday x", "since:yesterday is not understood: use 2d, 3h, 2026-11-01"],
      ["since:2026-02-31", "is not understood"],
      ["since:2026-11-01T25:00", "is not understood"],
      ["since:999999999w", "is not understood"],
      ["since:", "is not understood"],
      ['"disk full', "quotation mark"],
      ["from:", "from:bob"],
      ["in:#", "in:#ops"],
      ["from:a from:b", "twice"],
      ["in:a in:b", "twice"],
      ["since:1d since:2d", "twice"],
      ["x".repeat(257), "256"],
    ] as const
  ) assertStringIncludes(problem(typed), said);
});

const seed = 20_260_214;
Deno.test(`readSearch has an answer to anything (seed ${seed})`, () => {
  const part = fc.oneof(fc.string(), fc.constantFrom("from:", "in:", "since:", '"', " ", "#", "@", "2d"));
  fc.assert(
    fc.property(fc.array(part).map((parts) => parts.join("")), (typed) => {
      const searched = read(typed);
      if (searched.kind === "query") assert(Object.keys(searched.query).length > 0);
      else assert(searched.message.length > 0);
    }),
    { seed, numRuns: 5_000 },
  );
});
