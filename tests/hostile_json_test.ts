import { assert, assertEquals } from "@std/assert";
import { type Request, requests } from "../protocol/schema.ts";
import { type House, openHouse } from "./support/house.ts";
import { BROKEN_PAYLOADS, BROKEN_VALUES, JSON_VALUES } from "./support/json_corpus.ts";
import { refusal } from "./support/refusal.ts";
import { REQUESTS } from "./support/samples.ts";
import { BAD_UTF8 } from "./support/utf8_corpus.ts";
import { concat, framed, only, type Wire } from "./support/wire.ts";

const encoder = new TextEncoder();

let mallories = 0;

/** Somebody with a name; each call a new one, since the names of those who are closed are held. */
async function mallory(house: House): Promise<Wire> {
  return await house.enter(`mallory-${++mallories}`);
}

/** What the server answers to one payload that should not be granted, as `refusal` writes it. */
async function answer(wire: Wire): Promise<string> {
  const { code, fatal, ref } = await wire.until("error");
  return code + (fatal ? "!" : "") + (ref === undefined ? "" : ` ${ref}`);
}

/** Each payload, on a connection of its own, ends it with `code`; nobody else notices anything. */
async function allFatal(payloads: readonly (string | Uint8Array)[], code: string): Promise<void> {
  await using house = await openHouse();
  for (const [i, payload] of payloads.entries()) {
    using wire = await (i % 2 === 0 ? mallory(house) : house.open());
    const bytes = typeof payload === "string" ? encoder.encode(payload) : payload;
    await wire.write(concat(new Uint8Array([0, 0, bytes.length >> 8, bytes.length]), bytes));
    const { code: given, fatal } = only(await wire.rest(), "error");
    assertEquals([given, fatal], [code, true], String(payload).slice(0, 100));
  }
  await house.undisturbed();
}

/**
 * Each payload gets the answer of the codec, before welcome and after it, on a connection that goes on; nobody else
 * notices anything. */
async function allSoft(payloads: readonly string[], expected?: string): Promise<void> {
  await using house = await openHouse();
  using member = await mallory(house);
  using stranger = await house.open();
  for (const wire of [member, stranger]) {
    for (const payload of payloads) {
      await wire.send(payload);
      const given = await answer(wire);
      assertEquals(given, refusal(payload), payload.slice(0, 100));
      assert(!given.includes("!"), payload.slice(0, 100));
      if (expected !== undefined) assertEquals(given.split(" ")[0], expected, payload.slice(0, 100));
    }
  }
  await stranger.signIn("good-after-all");
  for (const wire of [member, stranger]) {
    for (const { type } of await wire.fence()) assertEquals(type, "joined");
  }
  await house.undisturbed();
}

/** A JSON payload in which the bytes `hex` stand for `~`. */
function spliced(json: string, hex: string): Uint8Array {
  const [before, after] = json.split("~");
  return concat(encoder.encode(before), Uint8Array.fromHex(hex), encoder.encode(after));
}

const PLACES: Readonly<Record<string, string>> = {
  "the text of a message": '{"type":"message","room":"lobby","id":"m","text":"~"}',
  "a name": '{"type":"hello","protocol":1,"name":"~"}',
  "a key": '{"type":"ping","~":1}',
  "the type": '{"type":"~"}',
};

for (const [place, json] of Object.entries(PLACES)) {
  Deno.test(`[A07] [J1] bytes that are not UTF-8 in ${place} end the connection`, async () => {
    assert(BAD_UTF8.length >= 80);
    await allFatal(BAD_UTF8.map((hex) => spliced(json, hex)), "utf8");
  });
}

Deno.test("[A07] [J1] a byte order mark before the text ends the connection", async () => {
  await allFatal(
    [spliced('~{"type":"ping"}', "efbbbf"), spliced("~", "efbbbf"), spliced("~", "feff")],
    "utf8",
  );
});

Deno.test("[A08] [J8] [W7] half a surrogate pair, NUL and non-characters are refused and not stored", async () => {
  const bad = [
    "\\ud800",
    "\\udc00",
    "\\udfff x",
    "a\\ud83d",
    "\\ude00\\ud83d",
    "\\u0000",
    "\\ufdd0",
    "\\ufdef",
  ];
  for (let plane = 0; plane <= 16; plane++) {
    for (const last of [0xfffe, 0xffff]) bad.push(String.fromCodePoint(plane * 0x10000 + last));
  }
  await allSoft(
    bad.flatMap((text) => [
      `{"type":"message","room":"lobby","id":"m","text":"${text}"}`,
      `{"type":"whisper","to":"witness","id":"m","text":"${text}"}`,
      `{"type":"join","room":"${text}"}`,
      `{"type":"hello","protocol":1,"name":"${text}"}`,
    ]),
    "schema",
  );
});

Deno.test("[A08] nothing that was refused is in the history", async () => {
  await using house = await openHouse();
  using wire = await mallory(house);
  for (const text of ["\\ud800", "\\u0000", "\\uffff"]) {
    await wire.send(`{"type":"message","room":"lobby","id":"m","text":"${text}"}`);
    await answer(wire);
  }
  await wire.send({ type: "message", room: "lobby", id: "m", text: "well formed" });
  await wire.send({ type: "history", room: "lobby" });
  const { entries } = await wire.until("history");
  assertEquals(entries.map(({ seq, text }) => [seq, text]), [[1, "well formed"]]);
});

Deno.test("[A09] [J2] what is not JSON ends the connection", async () => {
  const payloads = [
    ...BROKEN_VALUES.map((value) => `{"type":"ping","x":${value}}`),
    ...BROKEN_PAYLOADS.filter((payload) => payload !== ""),
  ].filter((payload) => refusal(payload) === "json!");
  assert(payloads.length >= 190);
  await allFatal(payloads, "json");
});

Deno.test("[A09] [W3] JSON of every kind passes, and what is not in the specification stays behind", async () => {
  await using house = await openHouse();
  using wire = await mallory(house);
  assert(JSON_VALUES.length >= 95);
  for (const [n, value] of JSON_VALUES.entries()) {
    const payload = `{"x":${value},"type":"message","room":"lobby","id":"m-${n}","text":"${n}"}`;
    assertEquals(refusal(payload), "ok", value);
    await wire.send(payload);
    const told = await wire.until("message");
    assertEquals(told.text, `${n}`);
    assertEquals(Object.keys(JSON.parse(wire.payloads.at(-1)!)).sort(), [
      "at",
      "from",
      "id",
      "room",
      "seq",
      "text",
      "type",
    ]);
  }
});

Deno.test("[A10] [J3] nesting too deep ends the connection, however deep", async () => {
  const payloads: string[] = [];
  for (const levels of [9, 10, 16, 64, 500, 1_000, 2_000]) {
    payloads.push(
      "[".repeat(levels) + "]".repeat(levels),
      "[".repeat(levels),
      '{"a":'.repeat(levels - 1).slice(0, 4_000) + "{}" + "}".repeat(levels - 1).slice(0, 40),
    );
  }
  await allFatal(payloads, "depth");
  await using house = await openHouse();
  using wire = await mallory(house);
  await wire.send("[".repeat(32_000) + "]".repeat(32_000));
  assertEquals(await answer(wire), "depth!");
});

Deno.test("[A11] [J4] [J5] small texts that would become large values end the connection", async () => {
  await using house = await openHouse();
  const many = (text: string, count: number) => Array.from({ length: count }, () => text).join(",");
  const keys = (count: number) => Array.from({ length: count }, (_, n) => `"k${n}":0`).join(",");
  const payloads = [
    `[${many("{}", 20_000)}]`,
    `[${many("[]", 20_000)}]`,
    `[${many("0", 32_000)}]`,
    `[${many('""', 20_000)}]`,
    `{"type":"ping","x":{${keys(65)}}}`,
    `{"type":"ping","x":[${many(`{${keys(64)}}`, 16)}]}`,
    `{"type":"ping","x":[${many("null", 1_023)}]}`,
  ];
  for (const payload of payloads) {
    using wire = await mallory(house);
    await wire.send(payload);
    assertEquals(await answer(wire), "depth!", payload.slice(0, 60));
  }
  using wire = await mallory(house);
  await wire.send(`{"type":"message","room":"lobby","id":"m","text":"${"\\u0041".repeat(4_000)}"}`);
  assertEquals((await house.witness.until("message")).text, "A".repeat(4_000));
});

Deno.test("[A12] [J7] keys that mean something to JavaScript are refused, wherever they stand", async () => {
  const keys = ["__proto__", "constructor", "prototype", "\\u005f_proto__", "con\\u0073tructor"];
  await allSoft(
    keys.flatMap((key) => [
      `{"${key}":{"polluted":1},"type":"ping","ref":"r"}`,
      `{"type":"ping","x":{"${key}":{"polluted":1}}}`,
      `{"type":"ping","x":[[{"${key}":1}]]}`,
      `{"type":"hello","protocol":1,"name":"a","resume":{"${key}":1}}`,
    ]),
    "key",
  );
  assertEquals(({} as Record<string, unknown>)["polluted"], undefined);
});

Deno.test("[A12] names that mean something to JavaScript are names like others, or none", async () => {
  await using house = await openHouse();
  using wire = await mallory(house);
  const names = [Object.prototype, Array.prototype, Function.prototype, Map.prototype, Promise.prototype]
    .flatMap((each) => Object.getOwnPropertyNames(each)).concat(
      "__proto__",
      "prototype",
      "undefined",
      "null",
      "nan",
    );
  for (const name of new Set(names)) {
    await wire.send(
      { type: "join", room: name, ref: "join" },
      { type: "message", room: name, id: crypto.randomUUID(), text: name, ref: "message" },
      { type: "whisper", to: name, id: crypto.randomUUID(), text: name, ref: "whisper" },
      { type: "history", room: name, ref: "history" },
      { type: "history", room: `@${name}`, ref: "with" },
      { type: "users", room: name, ref: "users" },
      { type: "leave", room: name, ref: "leave" },
      { type: "hello", protocol: 1, name, ref: "hello" },
    );
    const events = await wire.fence();
    const there = events[0]?.type === "joined";
    const expected = there
      ? ["joined", "message", "unknown_user", "history", "history", "users", "left", "state"]
      : ["room", "room", "unknown_user", "room", "history", "room", "room", "state"];
    assertEquals(events.map((event) => event.type === "error" ? event.code : event.type), expected, name);
    if (there) assertEquals(only(events, "joined").user, `mallory-${mallories}`);
  }
  await house.undisturbed();
});

Deno.test("[A13] [J6] the same key twice ends the connection", async () => {
  await allFatal([
    '{"type":"ping","type":"ping"}',
    '{"type":"ping","\\u0074ype":"bye"}',
    '{"type":"ping","a":1,"b":2,"a":1}',
    '{"type":"ping","x":{"to":"a","to":"b"}}',
    '{"type":"ping","x":[{"":1,"":2}]}',
    '{"type":"ping","é":1,"\\u00e9":2}',
    '{"type":"ping","__proto__":1,"__proto__":1}',
    '{"type":"hello","protocol":1,"name":"a","name":"b"}',
    '{"type":"ping","a\\/":1,"a/":2}',
  ], "key");
});

Deno.test("[A14] [W8] numbers that are no whole ones are refused in every field that takes a number", async () => {
  const bad = [
    "1e999",
    "-1e999",
    "1e400",
    "-0",
    "-0.0",
    "1.5",
    "9007199254740992",
    "-1",
    '"5"',
    "true",
    "[5]",
  ];
  await allSoft(
    bad.flatMap((value) => [
      `{"type":"history","room":"lobby","limit":${value},"ref":"r"}`,
      `{"type":"history","room":"lobby","before":${value},"ref":"r"}`,
      `{"type":"hello","protocol":1,"name":"a","resume":{"lobby":${value}},"ref":"r"}`,
    ]),
    "schema",
  );
});

Deno.test("[A14] [W8] 5.0 is 5", async () => {
  await using house = await openHouse();
  using wire = await mallory(house);
  for (const five of ["5", "5.0", "5e0", "0.5e1", "50e-1"]) {
    await wire.send(`{"type":"history","room":"lobby","limit":${five},"ref":"r"}`);
    assertEquals((await wire.until("history")).ref, "r");
  }
});

/** Values of every kind; those that a field may have are left out by the codec's own judgement. */
const VALUES = [null, true, false, 0, 1.5, -1, "", " ", [], ["a"], {}, { a: 1 }, "\u0000"];

Deno.test("[A15] [J9] [W2] [W4] every field of every request with values of every wrong kind, or missing", async () => {
  const payloads: string[] = [
    "null",
    "1",
    '"ping"',
    "[]",
    '[{"type":"ping"}]',
    "{}",
    '{"type":null}',
    '{"type":1}',
  ];
  for (const type of ["", "PING", "ping ", "welcome", "toString", "say", "x".repeat(200)]) {
    payloads.push(JSON.stringify({ type, ref: "r" }));
  }
  for (
    const { value, fields } of REQUESTS as readonly { value: Request; fields: typeof REQUESTS[0]["fields"] }[]
  ) {
    for (const { name } of fields) {
      payloads.push(JSON.stringify({ ...value, [name]: undefined }));
      for (const wrong of VALUES) payloads.push(JSON.stringify({ ...value, [name]: wrong }));
    }
  }
  const wrong = payloads.filter((payload) => refusal(payload) !== "ok");
  assert(wrong.length >= 350, `only ${wrong.length}`);
  assertEquals(new Set(REQUESTS.map(({ value }) => value.type)).size, Object.keys(requests).length);
  await allSoft(wrong);
});

Deno.test("[F3] the frames of this file are whole: a ping between them is answered", async () => {
  await using house = await openHouse();
  using wire = await mallory(house);
  await wire.write(
    framed('{"type":"ping","ref":"1"}'),
    framed('{"type":"nonsense"}'),
    framed('{"type":"ping"}'),
  );
  assertEquals((await wire.fence()).map(({ type }) => type), ["pong", "error", "pong"]);
});
