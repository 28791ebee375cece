import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { type Key, KeyDecoder } from "../client/terminal/keys.ts";

const LATER = 1_000_000;

function decode(...chunks: string[]): string[] {
  const decoder = new KeyDecoder();
  return [...chunks.flatMap((chunk) => decoder.push(chunk, 0)), ...decoder.flush()].map(short);
}

function short(key: Key): string {
  if (key.kind !== "key") return `${key.kind}:${key.text}`;
  return (key.ctrl ? "C-" : "") + (key.meta ? "M-" : "") + (key.shift ? "S-" : "") + key.name;
}

/** Neighbouring pieces of text of one kind are one. */
function joined(keys: string[]): string[] {
  const whole: string[] = [];
  for (const each of keys) {
    const kind = /^(?:text|paste):/.exec(each)?.[0];
    if (kind && whole.at(-1)?.startsWith(kind)) whole.push(whole.pop()! + each.slice(kind.length));
    else whole.push(each);
  }
  return whole;
}

Deno.test("KeyDecoder names keys as readline does", () => {
  assertEquals(decode("hi\x7f\x7f\r"), ["text:hi", "backspace", "backspace", "return"]);
  assertEquals(decode("\x01\x12\x1f\t\x1b[Z"), ["C-a", "C-r", "C-_", "tab", "S-tab"]);
  assertEquals(decode("\x1b[A\x1bOB\x1b[1;5D\x1b[3~\x1b[H"), ["up", "down", "C-left", "delete", "home"]);
  assertEquals(decode("\x1bb\x1b\r\x1b\x7f"), ["M-b", "M-return", "M-backspace"]);
  assertEquals(decode("\x1b"), ["escape"]);
});

Deno.test("KeyDecoder [E03] takes answers and unknown sequences for no keys at all", () => {
  assertEquals(decode("\x1b[?62;22c\x1b[12;40R\x1b[I\x1b[<0;3;4M\x1b[99~x"), ["text:x"]);
});

Deno.test("KeyDecoder [E15] keeps what is pasted apart, even behind a smuggled end mark", () => {
  assertEquals(decode("a\x1b[200~x\ry\x1b[201~"), ["text:a", "paste:x\ry"]);
  const smuggled = "\x1b[200~evil\x1b[201~\r/quit\r\x1b[201~";
  assertEquals(joined(decode(smuggled)), ["paste:evil\r/quit\r"]);
  assertEquals(joined(decode(...smuggled)), ["paste:evil\r/quit\r"]);
  const decoder = new KeyDecoder();
  decoder.push(smuggled, 0);
  assertEquals(decoder.push("\r", LATER).map(short), ["return"]);
});

const seed = 20_260_214;
Deno.test(`KeyDecoder finds the same keys however the bytes are cut (seed ${seed})`, () => {
  const parts = [
    "a",
    "é👩‍👧",
    "\x1b[A",
    "\x1b[1;5C",
    "\x1bOH",
    "\x1bx",
    "\x7f",
    "\r",
    "\t",
    "\x1b[200~p\rq\x1b[201~",
  ];
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...parts), { maxLength: 12 }),
      fc.infiniteStream(fc.nat(3)),
      (keys, cuts) => {
        const input = keys.join("");
        const chunks: string[] = [];
        const points = [...input];
        while (points.length > 0) chunks.push(points.splice(0, 1 + cuts.next().value!).join(""));
        assertEquals(joined(decode(...chunks)), joined(decode(input)));
      },
    ),
    { seed, numRuns: 3_000 },
  );
});

Deno.test(`KeyDecoder never yields a control character as text, whatever comes in (seed ${seed})`, () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary" })), (chunks) => {
      const decoder = new KeyDecoder();
      for (const key of chunks.flatMap((chunk) => decoder.push(chunk, LATER))) {
        // deno-lint-ignore no-control-regex
        if (key.kind === "text") assert(!/[\x00-\x1f\x7f]/.test(key.text));
      }
    }),
    { seed, numRuns: 2_000 },
  );
});
