import { assert, assertEquals } from "@std/assert";
import { Backoff } from "../client/backoff.ts";
import { randomFrom } from "./support/random.ts";

const bounds = { minMs: 500, maxMs: 30_000 };

Deno.test("[B11] waits have full jitter under a ceiling that doubles from 0.5 s to 30 s", () => {
  const highest = new Backoff(bounds, () => 1);
  const ceilings = Array.from({ length: 9 }, () => highest.next());
  assertEquals(ceilings, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  const lowest = new Backoff(bounds, () => 0);
  assertEquals([lowest.next(), lowest.next()], [0, 0]);
});

Deno.test("what the server asked for is waited for, and the jitter comes on top", () => {
  const random = randomFrom(7);
  const backoff = new Backoff(bounds, random);
  for (let attempt = 0; attempt < 20; attempt++) {
    const wait = backoff.next(5_000);
    assert(wait >= 5_000 && wait <= 35_000);
  }
});

Deno.test("only a link that held, or was of use, starts the series again", () => {
  const backoff = new Backoff(bounds, () => 1);
  backoff.next();
  backoff.next();
  backoff.lasted(1_999, { useful: false });
  assertEquals(backoff.next(), 2_000);
  backoff.lasted(4_000, { useful: false });
  assertEquals(backoff.next(), 500);
  backoff.lasted(1, { useful: true });
  assertEquals(backoff.next(), 500);
});

Deno.test("[B11] 200 clients cut together come back spread over time, all within 30 s", () => {
  const random = randomFrom(200);
  const SERVED = 40; // a second, at the most
  const returns = Array.from({ length: 200 }, () => ({ at: 0, backoff: new Backoff(bounds, random) }));
  for (const each of returns) each.at = each.backoff.next();
  const served = new Map<number, number>();
  for (let waiting = returns; waiting.length > 0;) {
    waiting = waiting.filter((each) => {
      const second = Math.floor(each.at / 1000);
      const before = served.get(second) ?? 0;
      if (before < SERVED) {
        served.set(second, before + 1);
        return false;
      }
      each.at += each.backoff.next();
      return true;
    });
  }
  assert(Math.max(...returns.map(({ at }) => at)) <= 30_000);
});
