import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { Cursor, type Page } from "../client/cursor.ts";
import { said } from "./support/fake_server.ts";

/** What a cursor let out, in order. */
type Out = { readonly shown: number } | { readonly from: number; readonly until: number };

/** A cursor on a log of `head` entries of which those below `floor` are gone. */
function reader(
  seq: number | undefined,
  { floor = 1, head = 100 } = {},
): { cursor: Cursor; out: Out[]; asked: number[] } {
  const out: Out[] = [];
  const asked: number[] = [];
  const cursor = new Cursor(seq, {
    show: ({ seq }) => out.push({ shown: seq }),
    placed: () => {},
    gap: (from, until) => out.push({ from, until }),
    fetch(before, limit) {
      asked.push(before);
      const last = Math.min(before - 1, head);
      const first = Math.max(floor, last - limit + 1);
      const entries = Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => entry(first + at));
      return Promise.resolve<Page>({ entries, more: first > floor });
    },
    overflow: () => assert(false, "nothing overflows here"),
  });
  return { cursor, out, asked };
}

const entry = (seq: number) => said(seq, "bob", `${seq}`);
/** All that is under way has been done when the timers get their turn. */
const quiet = () => new Promise<void>((resolve) => setTimeout(resolve));

/** Each seq once, in order: shown, or named as gone. */
function covered(out: readonly Out[]): number[] {
  return out.flatMap((each) =>
    "shown" in each
      ? [each.shown]
      : Array.from({ length: each.until - each.from + 1 }, (_, at) => each.from + at)
  );
}

const seed = 20260802;

Deno.test(`[F20] [I4] whatever comes twice, late or not at all: each seq once, in order (seed ${seed})`, async () => {
  const step = fc.record({ seq: fc.integer({ min: 1, max: 60 }), wait: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 60 }),
      fc.nat({ max: 20 }),
      fc.integer({ min: 1, max: 40 }),
      async (steps, start, floor) => {
        const { cursor, out } = reader(start, { floor, head: 61 });
        for (const { seq, wait } of steps) {
          cursor.take(entry(seq));
          if (wait) await quiet();
        }
        cursor.take(entry(61));
        await quiet();
        assertEquals(covered(out), Array.from({ length: 61 - start }, (_, at) => start + 1 + at));
        // What the server still has is never given up.
        for (const each of out) if ("from" in each) assert(each.until < floor);
      },
    ),
    { seed, numRuns: 300 },
  );
});

Deno.test("a conversation that nobody said the head of begins with its first entry", async () => {
  const { cursor, out, asked } = reader(undefined);
  cursor.take(entry(40));
  cursor.take(entry(41));
  await quiet();
  assertEquals([covered(out), asked], [[40, 41], []]);
});

Deno.test("the answer to a message sent again is not shown before what came earlier", async () => {
  const known = reader(10);
  known.cursor.take(entry(14), { apart: true });
  for (const seq of [11, 12, 13, 14, 15]) known.cursor.take(entry(seq));
  assertEquals([covered(known.out), known.asked], [[11, 12, 13, 14, 15], []]);
  const unknown = reader(undefined, { floor: 3, head: 6 });
  unknown.cursor.take(entry(5), { apart: true });
  for (const seq of [3, 4, 5, 6]) unknown.cursor.take(entry(seq));
  await quiet();
  assertEquals(covered(unknown.out), [3, 4, 5, 6]);
  const alone = reader(undefined, { head: 1 });
  alone.cursor.take(entry(1), { apart: true });
  await quiet();
  assertEquals(covered(alone.out), [1]);
});

Deno.test("a gap that leaves a hole before it, or was known, is told as what it is", () => {
  const { cursor, out } = reader(10);
  cursor.skip(15, 19, "expired");
  cursor.skip(1, 9, "other_log");
  cursor.skip(30, 20, "nonsense");
  cursor.take(entry(20));
  assertEquals(out, [{ from: 11, until: 19 }, { from: 1, until: 9 }, { shown: 20 }]);
});

Deno.test("[F21] what is lost is told up to what was shown, and its numbers mean something else from then on", () => {
  const { cursor, out } = reader(10);
  cursor.skip(8, 9, "lost");
  for (const seq of [7, 8, 9]) cursor.take(entry(seq));
  assertEquals(out, [{ from: 8, until: 10 }, { shown: 8 }, { shown: 9 }]);
});

Deno.test("what was fetched over a link that is gone is not used", async () => {
  const { cursor, out } = reader(10);
  cursor.take(entry(20));
  cursor.lost();
  await quiet();
  assertEquals(out, []);
  for (const seq of [11, 12]) cursor.take(entry(seq));
  assertEquals(covered(out), [11, 12]);
});

Deno.test("a head that was reached without this client is caught up with; one that went back is believed", async () => {
  const { cursor, out } = reader(90);
  cursor.reach(100);
  await quiet();
  assertEquals(covered(out), [91, 92, 93, 94, 95, 96, 97, 98, 99, 100]);
  cursor.reach(50);
  assertEquals(out.at(-1), { from: 51, until: 100 });
  cursor.take(entry(51));
  assertEquals(out.at(-1), { shown: 51 });
});
