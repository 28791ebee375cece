import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import fc from "fast-check";
import { decodeRequest } from "../protocol/codec.ts";
import { ProtocolError } from "../protocol/errors.ts";
import { MAX_DEPTH, MAX_JSON_BYTES, MAX_KEYS, MAX_NODES } from "../protocol/limits.ts";
import { scan } from "../protocol/scan.ts";
import { type Shape, shapeOf } from "./support/json_shape.ts";

const seed = Math.floor(Math.random() * 2 ** 31);

/** What the scanner says: a code with "!" if it is fatal, or "ok". */
function verdict(json: string): string {
  try {
    return scan(json)?.code ?? "ok";
  } catch (error) {
    if (!(error instanceof ProtocolError) || !error.fatal) throw error;
    return `${error.code}!`;
  }
}

/** What it must say of a document of this shape: any of these. */
function due(shape: Shape): string[] {
  const fatal: string[] = [];
  if (shape.depth > MAX_DEPTH || shape.nodes > MAX_NODES || shape.widest > MAX_KEYS) fatal.push("depth!");
  if (shape.repeats) fatal.push("key!");
  if (fatal.length > 0) return fatal;
  const soft = [shape.forbidden ? "key" : [], shape.halfPair ? "schema" : []].flat();
  return soft.length > 0 ? soft : ["ok"];
}

/** The code of a refused request, with "!" if it is fatal, and whether the parser was asked. */
function refusal(json: string): { code: string; parsed: boolean } {
  const parse = JSON.parse;
  let parsed = false;
  JSON.parse = (...args: Parameters<typeof parse>) => {
    parsed = true;
    return parse(...args);
  };
  try {
    decodeRequest(new TextEncoder().encode(json));
    return { code: "ok", parsed };
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return { code: error.code + (error.fatal ? "!" : ""), parsed };
  } finally {
    JSON.parse = parse;
  }
}

function ping(value: string): string {
  return `{"type":"ping","x":${value}}`;
}

Deno.test("[J3] [A10] eight levels are read, more are refused before the parser is asked", () => {
  const forms = [["[", "0", "]"], ['{"a":', "0", "}"], ["[ ", "", " ]"], ['{"a":[', "1", "]}"]] as const;
  for (const [open, middle, close] of forms) {
    const each = open.includes("[") && open.includes("{") ? 2 : 1;
    const nested = (levels: number) => open.repeat(levels / each) + middle + close.repeat(levels / each);
    assertEquals(verdict(nested(MAX_DEPTH)), "ok");
    for (const levels of [10, 12, 100, 1_000, 8_000, 12_000]) assertEquals(verdict(nested(levels)), "depth!");
    assertEquals(refusal(ping(nested(MAX_DEPTH))), { code: "depth!", parsed: false });
  }
  assertEquals(verdict("[".repeat(MAX_DEPTH + 1) + "]".repeat(MAX_DEPTH + 1)), "depth!");
  for (const levels of [9, 32_000, 65_000]) {
    assertEquals(refusal("[".repeat(levels)), { code: "depth!", parsed: false });
    assertEquals(refusal('{"a":'.repeat(Math.min(levels, 13_000))), { code: "depth!", parsed: false });
  }
  assertEquals(refusal(ping("[[[[[[[]]]]]]]")).code, "ok");
});

Deno.test("[J3] brackets inside strings are no levels", () => {
  const text = JSON.stringify('[[[[[[[[[[{{{{{{{{{{"[[[[[[[[[[\\');
  assertEquals(verdict(ping(text)), "ok");
  assertEquals(refusal(ping(`[${text},${text}]`)).code, "ok");
});

Deno.test("[J4] [A11] 1,024 values are read, more are refused before the parser is asked", () => {
  const list = (value: string, count: number) => `[${Array(count).fill(value)}]`;
  for (const value of ["0", "{}", "[]", '""', "null", "-1.5e3", '"\\""']) {
    assertEquals(verdict(list(value, MAX_NODES - 1)), "ok", value);
    assertEquals(verdict(list(value, MAX_NODES)), "depth!", value);
  }
  // The request, its type and the list are values too.
  assertEquals(refusal(ping(list("0", MAX_NODES - 3))).code, "ok");
  assertEquals(refusal(ping(list("0", MAX_NODES - 2))), { code: "depth!", parsed: false });
  assertEquals(refusal(ping(list("{}", 20_000))), { code: "depth!", parsed: false });
  assertEquals(scan(list("0", MAX_NODES), { nodes: MAX_JSON_BYTES }), undefined);
});

Deno.test("[J5] [A11] 64 keys in one object are read, more are refused before the parser is asked", () => {
  const object = (keys: number) => `{${Array.from({ length: keys }, (_, i) => `"k${i}":0`)}}`;
  assertEquals(verdict(object(MAX_KEYS)), "ok");
  assertEquals(verdict(object(MAX_KEYS + 1)), "depth!");
  assertEquals(verdict(`[${object(MAX_KEYS)},${object(MAX_KEYS)}]`), "ok");
  assertEquals(refusal(object(5_000)), { code: "depth!", parsed: false });
});

Deno.test("[J6] [A13] a key twice in one object is fatal, however it is spelled", () => {
  const twice = [
    '"a":1,"a":1',
    '"a":1,"b":2,"a":3',
    '"a":1,"\\u0061":1',
    '"\\n":1,"\\u000a":1',
    '"":1,"":2',
    '"😀":1,"\\ud83d\\ude00":2',
  ];
  for (const pairs of twice) {
    assertEquals(verdict(`{${pairs}}`), "key!", pairs);
    assertEquals(verdict(ping(`[1,{"x":{${pairs}}}]`)), "key!", pairs);
    // A softer fault before it changes nothing.
    assertEquals(verdict(`{"__proto__":1,${pairs}}`), "key!", pairs);
    assertEquals(verdict(`{"q":"\\ud800",${pairs}}`), "key!", pairs);
  }
  const once = [
    '{"a":{"a":{"a":1}}}',
    '[{"a":1},{"a":1}]',
    '{"a":1,"A":1}',
    '{"a":["a","a"]}',
    '{"é":1,"e\u0301":1}',
    '{"a":"a"}',
  ];
  for (const json of once) assertEquals(verdict(json), "ok", json);
});

Deno.test("[J7] [A12] forbidden keys are refused at every level, and touch no prototype", () => {
  const spelled = ["__proto__", "constructor", "prototype", "\\u005f_proto__", "prototyp\\u0065"];
  for (const key of spelled) {
    const inner = `{"${key}":{"x":"polluted"}}`;
    for (const json of [inner, `{"type":"ping","${key}":{"x":1}}`, ping(inner), ping(`[[${inner}]]`)]) {
      assertEquals(refusal(json).code, json === inner ? "key" : "key", json);
    }
  }
  for (const key of ["__proto", "toString", "hasOwnProperty", "Constructor", "valueOf"]) {
    assertEquals(refusal(`{"type":"ping","${key}":1}`).code, "ok");
  }
  assertStrictEquals(({} as Record<string, unknown>).x, undefined);
});

Deno.test("[J8] [A08] half a surrogate pair by escape is refused, a pair is not", () => {
  for (
    const half of [
      "\\ud800",
      "\\udc00",
      "\\udfff\\ud800",
      "\\uD83D x \\uDE00",
      "a\\ud83d\\u0061",
      "\\ud83d\\ud83d\\ude00",
    ]
  ) {
    assertEquals(verdict(ping(`"${half}"`)), "schema", half);
    assertEquals(verdict(`{"${half}":1}`), "schema", half);
    assertEquals(verdict(`{"a":"\\n","b":"\\u0041","c":["${half}"]}`), "schema", half);
  }
  for (const whole of ["\\ud83d\\ude00", "\\\\ud800", "\\\\\\\\ud800", "\\ud7ff\\ue000", "😀"]) {
    assertEquals(verdict(ping(`"${whole}"`)), "ok", whole);
  }
});

/** JSON text with all its freedoms: space, escapes, equal keys, odd keys. */
const space = fc.constantFrom("", "", "", " ", "\n\t", "\r ");
const piece = fc.constantFrom(
  "a",
  "b",
  "\\u0061",
  "\\n",
  "\\\\",
  '\\"',
  "[",
  "}",
  ",",
  ":",
  "é",
  "😀",
  "\\ud83d\\ude00",
  "\\ud800",
);
const quoted = fc.array(piece, { maxLength: 3 }).map((pieces) => `"${pieces.join("")}"`);
const key = fc.oneof(quoted, fc.constantFrom('"type"', '"x"', '"__proto__"', '"y"', '"z"', '"constructor"'));
const plain = fc.oneof(quoted, fc.constantFrom("0", "-1", "1.5e-3", "true", "false", "null", "12"));
const { value: anyJson } = fc.letrec<{ value: string; list: string; object: string }>((tie) => ({
  value: fc.oneof({ depthSize: "small", withCrossShrink: true }, plain, tie("list"), tie("object")),
  list: fc.tuple(space, fc.array(tie("value"), { maxLength: 4 })).map(([gap, items]) =>
    `[${gap}${items.join(gap + ",")}]`
  ),
  object: fc.tuple(space, fc.array(fc.tuple(key, space, tie("value")), { maxLength: 4 }))
    .map(([gap, pairs]) =>
      `{${gap}${pairs.map(([key, between, value]) => `${key}${between}:${gap}${value}`).join("," + gap)}}`
    ),
}));

/** A document inside up to ten levels more. */
const deep = fc.tuple(anyJson, fc.array(fc.boolean(), { maxLength: 10 })).map(([json, lists]) =>
  lists.reduce((inner, list) => list ? `[${inner}]` : `{"a":${inner}}`, json)
);

Deno.test(`[J10] [A13] [A18] scanner and parser see the same document (seed ${seed})`, async (t) => {
  const seen: Record<string, number> = {};
  let documents = 0;
  const check = (json: string) => {
    documents++;
    const said = verdict(json);
    const shape = shapeOf(json);
    let parses = true;
    try {
      JSON.parse(json);
    } catch {
      parses = false;
    }
    assertEquals(shape !== undefined, parses, json);
    if (shape === undefined) return; // the scanner may say anything: the parser refuses it
    seen[said] = (seen[said] ?? 0) + 1;
    assert(due(shape).includes(said), `${said} of ${json}`);
  };
  const junk = fc.constantFrom(
    ...'[]{},:"\\ 019-.eEtrue\u0000\u2028é',
    "\\u",
    '"a":',
    '"__proto__":',
    "[[[[[[[[[",
  );
  fc.assert(
    fc.property(
      deep,
      fc.array(fc.tuple(fc.nat(), fc.nat(2), junk), { minLength: 10, maxLength: 10 }),
      (json, edits) => {
        check(json);
        for (const [where, cut, put] of edits) {
          const at = where % (json.length + 1);
          check((json.slice(0, at) + put + json.slice(at + cut)).toWellFormed()); // it was UTF-8
        }
      },
    ),
    { seed, numRuns: 12_000 },
  );
  await t.step(`${documents} documents, ${Object.entries(seen).map((pair) => pair.join(" "))}`, () => {
    assert(documents >= 100_000);
    for (const said of ["ok", "key", "key!", "depth!", "schema"]) assert((seen[said] ?? 0) > 100, said);
  });
});
