import { assert, assertEquals } from "@std/assert";
import { decodeEvent, decodeRequest } from "../protocol/codec.ts";
import { MAX_TEXT_BYTES, MAX_TEXT_POINTS } from "../protocol/limits.ts";
import { refusal } from "./support/refusal.ts";
import { EVENTS, REQUESTS } from "./support/samples.ts";

const utf8 = new TextEncoder();

const NO_STRING = [null, true, false, 0, 1, -1, 1.5, 1e300, [], ["a"], {}, { a: "b" }];
const NO_INTEGER = [null, true, false, "", "5", "x", [], [5], {}, { a: 1 }, 1.5, -1.5];
const NO_BOOLEAN = [null, 0, 1, -1, "", "true", "false", [], [true], {}, { a: true }, 1.5];
const NO_ARRAY = [null, true, false, 0, 1, 1.5, "", "[]", "a", {}, { length: 0 }, { 0: "a" }];
const NO_OBJECT = [null, true, false, 0, 1, 1.5, "", "{}", "a", [], [1], [{}]];
const WRONG = {
  string: NO_STRING,
  integer: NO_INTEGER,
  boolean: NO_BOOLEAN,
  array: NO_ARRAY,
  object: NO_OBJECT,
};

Deno.test("[W2] [W6] an unknown type is no end of the connection, and its ref comes back", () => {
  for (
    const type of [
      "",
      "Ping",
      "pong ",
      "toString",
      "hasOwnProperty",
      "welcome",
      "error",
      "x".repeat(5_000),
      "a😀".repeat(50),
    ]
  ) {
    assertEquals(refusal(JSON.stringify({ type, ref: "r1" })), "unknown_type r1", type);
  }
  assertEquals(refusal('{"type":"hello"}', decodeEvent), "unknown_type");
});

Deno.test("[W3] unknown fields are dropped, missing ones are refused", () => {
  for (const [table, decode] of [[REQUESTS, decodeRequest], [EVENTS, decodeEvent]] as const) {
    for (const { value, fields } of table) {
      assertEquals(
        decode(utf8.encode(JSON.stringify({ ...value, extra: [1], toString: 1 }))),
        value as unknown,
      );
      for (const { name, optional } of fields) {
        const { [name]: _, ...without } = value as Record<string, unknown>;
        const [code] = refusal(JSON.stringify(without), decode).split(" ");
        assertEquals(code, optional ? "ok" : "schema", `${value.type} without ${name}`);
      }
    }
  }
});

Deno.test("[W4] [A15] every field refuses values of another type, and the connection goes on", async (t) => {
  let cases = 0;
  for (const [table, decode] of [[REQUESTS, decodeRequest], [EVENTS, decodeEvent]] as const) {
    for (const { value, fields } of table) {
      for (const { name, is } of fields) {
        assertEquals(WRONG[is].length, 12);
        for (const wrong of WRONG[is]) {
          const json = JSON.stringify({ ...value, [name]: wrong });
          assertEquals(refusal(json, decode).split(" ")[0], "schema", json);
          cases++;
        }
      }
    }
  }
  await t.step(`${cases} values`, () => assert(cases >= 600));
});

Deno.test("[W8] [A14] numbers that are not whole, not safe or out of range are refused", () => {
  const never = [
    "1e999",
    "-1e999",
    "-0",
    "-0.0",
    "1.5",
    "1e-1",
    "9007199254740992",
    "1e400",
    '"5"',
    "-1",
    "null",
  ];
  for (const number of [...never, "0", "201"]) {
    assertEquals(refusal(`{"type":"history","room":"lobby","limit":${number}}`), "schema", number);
  }
  for (const number of [...never, "0"]) {
    assertEquals(refusal(`{"type":"history","room":"lobby","before":${number}}`), "schema", number);
  }
  for (const number of never) {
    assertEquals(
      refusal(`{"type":"hello","protocol":1,"name":"a","resume":{"lobby":${number}}}`),
      "schema",
      number,
    );
    assertEquals(
      refusal(`{"type":"receipt","with":"b","seq":${number},"status":"delivered"}`, decodeEvent),
      "schema",
    );
  }
  for (const number of ["1", "1.0", "1e0", "10e-1", "200", "2e2"]) {
    assertEquals(refusal(`{"type":"history","room":"lobby","limit":${number}}`), "ok", number);
  }
});

Deno.test("[W5] [W6] an id has 1 to 64 plain characters, a ref at most 64", () => {
  const say = (id: string, ref = "") =>
    JSON.stringify({ type: "message", room: "lobby", id, text: "x", ref });
  for (const id of ["a", "0", "-", "_", ".", "A-z_0.9", "x".repeat(64)]) assertEquals(refusal(say(id)), "ok");
  for (const id of ["", "x".repeat(65), "a b", "é", "a/b", "a\n", "😀".repeat(200)]) {
    assertEquals(refusal(say(id)), "schema ");
  }
  assertEquals(refusal(say("", "x".repeat(64))), `schema ${"x".repeat(64)}`);
  assertEquals(refusal(say("a", "x".repeat(65))), "schema");
});

Deno.test("[W7] a text has 1 to 4,000 characters and at most 16,000 bytes; more is too_long", () => {
  const say = (text: string) =>
    refusal(JSON.stringify({ type: "whisper", to: "bob", id: "w", text, ref: "r" }));
  assertEquals(say(""), "schema r");
  for (const char of ["a", "é", "日", "😀"]) {
    assertEquals(say(char.repeat(MAX_TEXT_POINTS)), "ok");
    assertEquals(say(char.repeat(MAX_TEXT_POINTS + 1)), "too_long r");
  }
  assertEquals(utf8.encode("😀".repeat(MAX_TEXT_POINTS)).length, MAX_TEXT_BYTES);
});
