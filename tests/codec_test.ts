import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { decodeEvent, decodeRequest, encode } from "../protocol/codec.ts";
import { ProtocolError } from "../protocol/errors.ts";
import { FrameReader } from "../protocol/frames.ts";
import { refusal } from "./support/refusal.ts";
import { EVENTS, REQUESTS } from "./support/samples.ts";
import { BROKEN_PAYLOADS, BROKEN_VALUES, JSON_VALUES } from "./support/json_corpus.ts";
import { BAD_UTF8 } from "./support/utf8_corpus.ts";

const utf8 = new TextEncoder();

function hex(bytes: string): Uint8Array {
  return Uint8Array.from(bytes.match(/../g) ?? [], (byte) => parseInt(byte, 16));
}

function around(before: string, bytes: Uint8Array, after: string): Uint8Array {
  return Uint8Array.of(...utf8.encode(before), ...bytes, ...utf8.encode(after));
}

Deno.test("[J1] [A07] bytes that are not UTF-8 are fatal, wherever they stand", () => {
  const places = [
    ['{"type":"message","room":"lobby","id":"m1","text":"', '"}'],
    ['{"type":"message","room":"', '","id":"m1","text":"x"}'],
    ['{"type":"message","room":"lobby","id":"', '","text":"x"}'],
    ['{"type":"ping","ref":"r","x', '":1}'],
    ['{"type":"ping"}', ""],
  ] as const;
  assert(BAD_UTF8.length >= 80);
  for (const bytes of BAD_UTF8) {
    for (const [before, after] of places) {
      assertEquals(refusal(around(before, hex(bytes), after)), "utf8!", bytes);
      assertEquals(refusal(around(before, hex(bytes), after), decodeEvent), "utf8!", bytes);
    }
  }
});

Deno.test("[J1] a byte order mark before the text is fatal, in a string it is a character", () => {
  assertEquals(refusal('\ufeff{"type":"ping"}'), "utf8!");
  assertEquals(refusal('{"type":"ping"}\ufeff'), "json!");
  assertEquals(refusal('{"type":"message","room":"lobby","id":"m1","text":"a\ufeffb"}'), "ok");
});

Deno.test("[J2] [A09] what is JSON is read", () => {
  assert(JSON_VALUES.length >= 95);
  for (const value of JSON_VALUES) {
    assertEquals(refusal(`{"type":"ping","x":${value}}`), "ok", value);
    assertEquals(refusal(` {"x" : ${value} ,"type":"ping"}\n`), "ok", value);
  }
});

Deno.test("[J2] [A09] what is not JSON is fatal", () => {
  assert(BROKEN_VALUES.length + BROKEN_PAYLOADS.length >= 190);
  for (const value of BROKEN_VALUES) assertEquals(refusal(`{"type":"ping","x":${value}}`), "json!", value);
  for (const payload of BROKEN_PAYLOADS) assertEquals(refusal(payload), "json!", payload);
});

Deno.test("[J8] [A08] NUL, non-characters and half a pair are not text", () => {
  const bad = [
    "\\u0000",
    "\\ud800",
    "\\udc00x",
    "\\ufffe",
    "\uffff",
    "\\ufdd0",
    "\ufdef",
    "\u{1fffe}",
    "\\udbff\\udfff",
  ];
  for (const text of bad) {
    for (const where of ["text", "room", "ref"]) {
      const fields: Record<string, string> = { room: "lobby", text: "x", ref: "r", [where]: `a${text}` };
      const json =
        `{"type":"message","id":"m1","room":"${fields.room}","text":"${fields.text}","ref":"${fields.ref}"}`;
      assertEquals(refusal(json), where === "ref" ? "schema" : "schema r", json);
    }
  }
  for (const text of ["\\n\\t\\u001b[31m", "\u202e\u200b\u{e0001}", "\ue000", "\ufffd", "😀".repeat(4_000)]) {
    assertEquals(refusal(`{"type":"message","room":"lobby","id":"m1","text":"${text}"}`), "ok", text);
  }
});

Deno.test("[J9] [A15] only an object with a string type is a message", () => {
  for (
    const root of [
      "null",
      "true",
      "0",
      '"ping"',
      "[]",
      '[{"type":"ping"}]',
      "{}",
      '{"type":null}',
      '{"type":["ping"]}',
    ]
  ) {
    assertEquals(refusal(root), "schema");
  }
});

Deno.test("[F3] [A17] another protocol on the port is a frame too large, and none of it is reflected", () => {
  const openings = [
    "GET / HTTP/1.1\r\n",
    "POST /login HTTP/1.1\r\n",
    "PRI * HTTP/2.0\r\n",
    "SSH-2.0-OpenSSH_9.9\r\n",
  ];
  const others = [
    "NICK bob\r\n",
    "CAP LS 302\r\n",
    "EHLO there\r\n",
    "<?xml version='1.0'?>",
    "*1\r\n$4\r\nPING\r\n",
    "PROXY TCP4",
  ];
  const binary = [
    "1603010200010001fc0303",
    "100c00044d5154540402003c",
    "0300002c27e00000",
  ].map(hex);
  for (const opening of [...[...openings, ...others].map((text) => utf8.encode(text)), ...binary]) {
    let refused: unknown;
    try {
      for (const { payload } of new FrameReader().push(opening)) decodeRequest(payload);
    } catch (error) {
      refused = error;
    }
    assert(refused instanceof ProtocolError && refused.fatal && refused.code === "frame_size");
    assert(/^A frame of \d+ bytes: the limit is 4096 before welcome$/.test(refused.message));
  }
});

Deno.test("[F1] [W1] what is encoded is one frame and decodes to itself", () => {
  for (const [table, decode] of [[REQUESTS, decodeRequest], [EVENTS, decodeEvent]] as const) {
    for (const { value } of table) {
      const frames = [...new FrameReader({ welcomed: true }).push(encode(value))];
      assertEquals(frames.map(({ payload }) => decode(payload)), [value]);
    }
  }
  assertStrictEquals(({} as Record<string, unknown>).x, undefined);
});

Deno.test("[J4] a server's lists may be longer than a client's", () => {
  const users = Array.from({ length: 3_000 }, (_, i) => `u${i}`);
  assertEquals(refusal(JSON.stringify({ type: "users", users }), decodeEvent), "ok");
  assertEquals(refusal(JSON.stringify({ type: "users", users })), "depth!");
});
