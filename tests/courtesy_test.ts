import { assertEquals } from "@std/assert";
import { Courtesy } from "../server/files/courtesy.ts";
import { LongTimers } from "./support/long_timers.ts";

const MIB = 1024 * 1024;

Deno.test("[H12] files wait for nobody while nobody else talks, and together get 20 MiB a second while somebody does", async () => {
  let now = 1_000_000;
  using timers = new LongTimers(1);
  const courtesy = new Courtesy(() => now);
  for (let n = 0; n < 1_000; n++) await courtesy.pace("ann", MIB);
  assertEquals(timers.made, 0, "nobody talks");
  courtesy.said("ann");
  for (let n = 0; n < 1_000; n++) await courtesy.pace("ann", MIB);
  assertEquals(timers.made, 0, "nobody but the one whose file it is");

  courtesy.said("ben");
  for (let n = 0; n < 1_000; n++) await courtesy.pace("ann", MIB);
  assertEquals(timers.made, 0, "one word is no talk");
  courtesy.said("ann");
  courtesy.said("ben");
  await courtesy.pace("ann", 5 * MIB); // what may go at once
  assertEquals(timers.made, 0);
  const [one, other] = [courtesy.pace("ann", 4 * MIB), courtesy.pace("cleo", MIB)];
  assertEquals(timers.next, 200, "the time of 4 MiB");
  timers.pass(200);
  await one;
  assertEquals(timers.next, 50, "and after that the time of another one");
  timers.pass(50);
  await other;

  now += 1_001; // it is quiet again
  for (let n = 0; n < 1_000; n++) await courtesy.pace("ben", MIB);
  assertEquals(timers.made, 2);
});
