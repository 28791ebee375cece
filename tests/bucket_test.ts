import { assert, assertEquals } from "@std/assert";
import { Bucket } from "../server/bucket.ts";
import { randomFrom } from "./support/random.ts";

Deno.test("a burst passes at once, and then one at a time at the rate", () => {
  const bucket = new Bucket(3, 10);
  for (let n = 0; n < 3; n++) {
    assertEquals(bucket.wait(0), 0);
    bucket.take();
  }
  assertEquals(bucket.wait(0), 100);
  assertEquals(bucket.wait(60), 40);
  assertEquals(bucket.wait(100), 0);
});

Deno.test("rest fills it up to the burst and no further", () => {
  const bucket = new Bucket(3, 10);
  bucket.take(3);
  assertEquals(bucket.wait(1_000_000), 0);
  bucket.take(3);
  assertEquals(bucket.wait(1_000_000), 100);
});

Deno.test("more than a burst waits for a full bucket, and is a debt afterwards", () => {
  const bucket = new Bucket(10, 10);
  assertEquals(bucket.wait(0, 1_000), 0);
  bucket.take(30);
  assertEquals(bucket.wait(0, 1), 2_100);
  assertEquals(bucket.wait(2_000, 1_000), 1_000);
});

Deno.test("an unlimited one never waits", () => {
  const bucket = new Bucket(Infinity, Infinity);
  for (let n = 0; n < 1_000; n++) bucket.take(1_000_000);
  assertEquals([bucket.wait(0), bucket.wait(0, 1e12), bucket.rested(0)], [0, 0, true]);
});

Deno.test("half full is rested", () => {
  const bucket = new Bucket(10, 10);
  bucket.take(10);
  assertEquals([bucket.rested(400), bucket.rested(500)], [false, true]);
});

for (const seed of [1, 2, 3]) {
  Deno.test(`who waits as it is told never gets more than the burst and the rate allow (seed ${seed})`, () => {
    const random = randomFrom(seed);
    const burst = 1 + Math.floor(random() * 50);
    const rate = 1 + random() * 100;
    const bucket = new Bucket(burst, rate);
    let now = 0;
    let passed = 0;
    for (let step = 0; step < 5_000; step++) {
      now += random() < 0.1 ? random() * 200 : 0;
      const wait = bucket.wait(now);
      if (wait > 0) {
        if (random() < 0.5) now += wait;
        continue;
      }
      bucket.take();
      passed++;
      assert(passed <= burst + rate * now / 1_000 + 1e-6);
    }
    assert(passed >= rate * now / 1_000 * 0.2, "it let too little pass");
  });
}
