import { assert, assertEquals } from "@std/assert";
import { type Flushable, Turn } from "../server/turn.ts";

/** A turn whose end a test decides, with what was flushed and how long it asked to rest. */
function rig() {
  const runs: { run: () => void; rest: number }[] = [];
  const flushed: string[] = [];
  const time = { now: 0 };
  const turn = new Turn(() => time.now, (run, rest) => runs.push({ run, rest }));
  const flushable = (name: string, also = () => {}): Flushable => ({
    flush() {
      flushed.push(name);
      also();
    },
  });
  return { turn, runs, flushed, time, flushable };
}

Deno.test("what was touched is flushed once, at the end of the turn, in the order of the first touch", () => {
  const { turn, runs, flushed, flushable } = rig();
  const [a, b] = [flushable("a"), flushable("b")];
  for (const what of [a, b, a, b, b]) turn.touch(what);
  assertEquals([runs.length, flushed], [1, []]);
  runs.shift()!.run();
  assertEquals(flushed, ["a", "b"]);
  assertEquals(runs.length, 0);
});

Deno.test("what is touched while flushing waits for the next turn", () => {
  const { turn, runs, flushed, flushable } = rig();
  const again: Flushable = flushable("again", () => {
    if (flushed.length < 3) turn.touch(again);
  });
  turn.touch(again);
  for (let turns = 1; turns <= 3; turns++) {
    runs.shift()!.run();
    assertEquals(flushed.length, turns);
  }
  assertEquals(runs.length, 0);
});

Deno.test("a quiet turn rests for nothing, a costly crowded one for as long as it took, and never long", () => {
  const { turn, runs, time, flushable } = rig();
  const crowd = Array.from({ length: 50 }, (_, n) => flushable(`${n}`, () => (time.now += 0.05)));
  for (const each of crowd) turn.touch(each);
  runs.shift()!.run();
  turn.touch(crowd[0]!);
  const { rest } = runs.shift()!;
  assert(rest > 0 && rest <= 5, `${rest}`);

  const quiet = rig();
  quiet.turn.touch(quiet.flushable("a", () => (quiet.time.now += 100)));
  quiet.runs.shift()!.run();
  quiet.turn.touch(quiet.flushable("b"));
  assert(quiet.runs.shift()!.rest <= 0);

  const slow = rig();
  for (let n = 0; n < 50; n++) slow.turn.touch(slow.flushable(`${n}`, () => (slow.time.now += 100)));
  slow.runs.shift()!.run();
  slow.turn.touch(slow.flushable("after"));
  assert(slow.runs.shift()!.rest <= 5);
});

Deno.test("by itself a turn ends with the turn of the event loop", async () => {
  const turn = new Turn(() => performance.now());
  const { promise, resolve } = Promise.withResolvers<void>();
  turn.touch({ flush: resolve });
  await promise;
});
