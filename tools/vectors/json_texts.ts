import type { Case } from "../vectors.ts";

const utf8 = { code: "utf8", fatal: true };
const json = { code: "json", fatal: true };
const depth = { code: "depth", fatal: true };
const twice = { code: "key", fatal: true };
const schema = { code: "schema", fatal: false };
const key = { code: "key", fatal: false };
const ping = { type: "ping" };

function hex(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A text with these bytes in it. */
function holding(bytes: string): string {
  return hex('{"type":"message","room":"lobby","id":"m1","text":"a') + bytes + hex('b"}');
}

function pinging(x: string): string {
  return `{"type":"ping","x":${x}}`;
}

function keys(count: number): string {
  return Array.from({ length: count }, (_, i) => `"k${i}":0`).join(",");
}

/** Rules J1 to J9. */
export const JSON_TEXTS: readonly Case[] = [
  { name: "a continuation byte alone", rule: "J1", payload: holding("80"), error: utf8 },
  { name: "an overlong slash", rule: "J1", payload: holding("c0af"), error: utf8 },
  { name: "an overlong form of three bytes", rule: "J1", payload: holding("e08080"), error: utf8 },
  { name: "an overlong form of four bytes", rule: "J1", payload: holding("f0808080"), error: utf8 },
  { name: "a surrogate in UTF-8", rule: "J1", payload: holding("eda080"), error: utf8 },
  { name: "a pair of surrogates in UTF-8", rule: "J1", payload: holding("eda0bdedb880"), error: utf8 },
  { name: "past U+10FFFF", rule: "J1", payload: holding("f4908080"), error: utf8 },
  { name: "a sequence cut short", rule: "J1", payload: holding("e282"), error: utf8 },
  { name: "the bytes fe ff", rule: "J1", payload: holding("feff"), error: utf8 },
  {
    name: "bad UTF-8 in a field nobody reads",
    rule: "J1",
    payload: hex('{"type":"ping","x":"') + "ff" + hex('"}'),
    error: utf8,
  },
  { name: "a byte order mark", rule: "J1", payload: "efbbbf" + hex('{"type":"ping"}'), error: utf8 },
  { name: "UTF-16", rule: "J1", payload: "fffe7b007d00", error: utf8 },

  { name: "space around everything", rule: "J2", json: ' {\n\t"type" : "ping" }\r\n', means: ping },
  { name: "an escaped type", rule: "J2", json: '{"\\u0074ype":"\\u0070ing"}', means: ping },
  { name: "nothing but a space", rule: "J2", json: " ", error: json },
  { name: "no JSON", rule: "J2", json: "ping", error: json },
  { name: "cut short", rule: "J2", json: '{"type":"ping"', error: json },
  { name: "something behind it", rule: "J2", json: '{"type":"ping"}x', error: json },
  { name: "two documents", rule: "J2", json: '{"type":"ping"}{"type":"ping"}', error: json },
  { name: "a NUL behind it", rule: "J2", json: '{"type":"ping"}\u0000', error: json },
  { name: "a trailing comma", rule: "J2", json: '{"type":"ping",}', error: json },
  { name: "single quotes", rule: "J2", json: "{'type':'ping'}", error: json },
  { name: "a comment", rule: "J2", json: '{"type":"ping"/**/}', error: json },
  { name: "NaN", rule: "J2", json: pinging("NaN"), error: json },
  { name: "a leading zero", rule: "J2", json: pinging("01"), error: json },
  { name: "a hexadecimal number", rule: "J2", json: pinging("0x1"), error: json },
  { name: "a tab inside a string", rule: "J2", json: pinging('"a\tb"'), error: json },
  { name: "an unknown escape", rule: "J2", json: pinging('"\\x41"'), error: json },
  { name: "a number no float can hold", rule: "J2", json: pinging("1e400"), means: ping },

  { name: "eight levels", rule: "J3", json: pinging("[[[[[[[]]]]]]]"), means: ping },
  { name: "nine levels of arrays", rule: "J3", json: pinging("[[[[[[[[]]]]]]]]"), error: depth },
  {
    name: "nine levels of objects",
    rule: "J3",
    json: '{"a":'.repeat(8) + "{}" + "}".repeat(8),
    error: depth,
  },
  { name: "500 levels that never close", rule: "J3", json: "[".repeat(500), error: depth },
  { name: "brackets in a string", rule: "J3", json: pinging('"[[[[[[[[[[[[\\"[[[["'), means: ping },
  { name: "1,024 values", rule: "J4", json: pinging(`[${Array(1_021).fill(0)}]`), means: ping },
  { name: "1,025 values", rule: "J4", json: pinging(`[${Array(1_022).fill(0)}]`), error: depth },
  {
    name: "1,025 values, most of them objects",
    rule: "J4",
    json: pinging(`[${Array(1_022).fill("{}")}]`),
    error: depth,
  },
  { name: "64 keys", rule: "J5", json: `{"type":"ping",${keys(63)}}`, means: ping },
  { name: "65 keys", rule: "J5", json: `{"type":"ping",${keys(64)}}`, error: depth },

  { name: "a key twice", rule: "J6", json: '{"type":"ping","ref":"a","ref":"b"}', error: twice },
  {
    name: "a key twice, once escaped",
    rule: "J6",
    json: '{"type":"ping","ref":"a","r\\u0065f":"b"}',
    error: twice,
  },
  { name: "a key twice further in", rule: "J6", json: pinging('[{"a":1,"b":2,"a":1}]'), error: twice },
  {
    name: "a key twice behind a forbidden one",
    rule: "J6",
    json: '{"type":"ping","__proto__":1,"a":1,"a":1}',
    error: twice,
  },
  {
    name: "the same key in two objects",
    rule: "J6",
    json: '{"type":"ping","a":{"a":1},"b":{"a":1}}',
    means: ping,
  },
  { name: "keys that differ in case", rule: "J6", json: '{"type":"ping","x":1,"X":1}', means: ping },
  {
    name: "__proto__",
    rule: "J7",
    json: '{"type":"ping","ref":"r","__proto__":{"a":1}}',
    error: { ...key, ref: "r" },
  },
  {
    name: "constructor further in",
    rule: "J7",
    json: pinging('{"constructor":{"prototype":1}}'),
    error: key,
  },
  { name: "prototype, escaped", rule: "J7", json: '{"type":"ping","prototyp\\u0065":1}', error: key },
  { name: "toString is a key like any other", rule: "J7", json: '{"type":"ping","toString":1}', means: ping },

  { name: "half a surrogate pair by escape", rule: "J8", json: pinging('"\\ud800"'), error: schema },
  { name: "a pair the wrong way round", rule: "J8", json: pinging('"\\ude00\\ud83d"'), error: schema },
  { name: "half a pair in a key", rule: "J8", json: '{"type":"ping","\\udc00":1}', error: schema },
  { name: "a whole pair by escape", rule: "J8", json: pinging('"\\ud83d\\ude00"'), means: ping },
  { name: "an array", rule: "J9", json: '[{"type":"ping"}]', error: schema },
  { name: "null", rule: "J9", json: "null", error: schema },
  { name: "an object without a type", rule: "J9", json: '{"ref":"r"}', error: { ...schema, ref: "r" } },
  { name: "a type that is no string", rule: "J9", json: '{"type":["ping"]}', error: schema },
];
