import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { readRoom } from "../protocol/names.ts";
import { plainMessage } from "../protocol/plain_message.ts";
import { scan } from "../protocol/scan.ts";
import { requests } from "../protocol/schema.ts";
import * as v from "valibot";

const SEED = 20_261_123;

/** What the whole way makes of it: scan, parser, schema. */
function wholeWay(json: string): unknown {
  assertEquals(scan(json), undefined);
  const result = v.safeParse(requests.message, JSON.parse(json));
  assert(result.success, json);
  return result.output;
}

const nearly = fc.oneof(
  { arbitrary: fc.stringMatching(/^[a-z0-9]{1,12}$/), weight: 6 },
  fc.string({ maxLength: 40 }),
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.constantFrom(
    "",
    "\\",
    '"',
    "\u007f",
    "\0",
    "é",
    "lobby",
    "a".repeat(33),
    "a".repeat(4_001),
    "m.1-_",
    "-",
    ".",
  ),
);

Deno.test(`[M1] a plain message is read as the whole way reads it, or not at all (seed ${SEED})`, () => {
  let plain = 0;
  fc.assert(
    fc.property(nearly, nearly, nearly, (room, id, text) => {
      const json = JSON.stringify({ type: "message", room, id, text });
      const seen = plainMessage(json);
      if (!seen) return;
      plain++;
      assertEquals<unknown>(seen, wholeWay(json));
      assertEquals(readRoom(seen.room).name, seen.room, "a plain room is in normal form");
    }),
    { seed: SEED, numRuns: 50_000 },
  );
  assert(plain > 500, `only ${plain} were plain: this proved little`);
});

Deno.test(`[M1] a byte more or less and it is plain no more, or still the same (seed ${SEED})`, () => {
  const json = JSON.stringify({ type: "message", room: "lobby", id: "m1", text: "hello" });
  fc.assert(
    fc.property(fc.nat(json.length), fc.nat(2), fc.string({ maxLength: 2 }), (at, gone, put) => {
      const changed = json.slice(0, at) + put + json.slice(at + gone);
      const seen = plainMessage(changed);
      if (seen) assertEquals<unknown>(seen, wholeWay(changed));
    }),
    { seed: SEED, numRuns: 50_000 },
  );
});

Deno.test("[M1] [W3] a message with more in it than that goes the whole way", () => {
  const message = { type: "message", room: "lobby", id: "m1", text: "hi" };
  assertEquals(plainMessage(JSON.stringify({ ...message, ref: "1" })), undefined);
  assertEquals(plainMessage(JSON.stringify({ ...message, text: "hé" })), undefined);
  assertEquals(plainMessage(JSON.stringify({ ...message, text: "a\\nb" })), undefined);
  assertEquals(plainMessage(JSON.stringify({ ...message, room: "Lobby" })), undefined);
  assertEquals(plainMessage(JSON.stringify(message)), message);
});
