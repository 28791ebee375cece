import { assert, assertEquals } from "@std/assert";
import { type Admission, Throttle } from "../server/throttle.ts";

/** A client that sends as fast as it is read, obeying pauses as a connection does; what became of each message. */
function send(
  throttle: Throttle,
  count: number,
  from = 0,
): { outcomes: string[]; now: number; waited: number } {
  const outcomes: string[] = [];
  let now = from;
  let waited = 0;
  for (let n = 0; n < count; n++) {
    let next: Admission;
    while ((next = throttle.admit(now)).kind === "pause") {
      now += next.ms;
      waited += next.ms;
    }
    outcomes.push(next.kind);
    if (next.kind === "flood") break;
  }
  return { outcomes, now, waited };
}

Deno.test("[T7] a burst passes, and what is a little faster than the rate is slowed", () => {
  const { outcomes, now } = send(new Throttle(20, 5), 40);
  assertEquals(new Set(outcomes), new Set(["pass"]));
  assertEquals(now, 4_000);
});

Deno.test("[T7] [C03] who goes on is refused after 5 s of that, told for how long, and all of it is refused", () => {
  const throttle = new Throttle(20, 5);
  const { outcomes, now, waited } = send(throttle, 60);
  const first = outcomes.indexOf("refuse");
  assert(first >= 20 && waited <= 5_000, `${first} ${waited}`);
  assertEquals(new Set(outcomes.slice(first)), new Set(["refuse"]));
  const refusal = throttle.admit(now);
  assert(refusal.kind === "refuse" && refusal.retryMs > 0);
  assertEquals(throttle.admit(now + refusal.retryMs - 1).kind, "refuse");
  assertEquals(throttle.admit(now + refusal.retryMs).kind, "pass");
});

Deno.test("[T7] after the time it was told, half a burst passes at once", () => {
  const throttle = new Throttle(20, 5);
  const { now } = send(throttle, 60);
  const refusal = throttle.admit(now);
  assert(refusal.kind === "refuse");
  const kinds = Array.from({ length: 10 }, () => throttle.admit(now + refusal.retryMs).kind);
  assertEquals(new Set(kinds), new Set(["pass"]));
});

Deno.test("[T7] who stops at the first refusal and goes on from there keeps its order", () => {
  const throttle = new Throttle(5, 10);
  const told: number[] = [];
  let now = 0;
  for (let next = 0; next < 500;) {
    const admission = throttle.admit(now);
    if (admission.kind === "pass") told.push(next++);
    else if (admission.kind === "pause") now += admission.ms;
    else if (admission.kind === "refuse") now += admission.retryMs;
    else throw new Error("that was no flood");
  }
  assertEquals(told, Array.from({ length: 500 }, (_, n) => n));
});

Deno.test("[T7] [C03] ten times the rate while being refused is a flood", () => {
  const { outcomes } = send(new Throttle(20, 5), 2_000);
  assertEquals(outcomes.at(-1), "flood");
  const refused = outcomes.filter((outcome) => outcome === "refuse").length;
  assert(refused >= 10 * 5 && refused <= 10 * 5 * 10, `${refused}`);
});

Deno.test("[T7] who sends what was refused again a little too early is no flood", () => {
  const throttle = new Throttle(20, 5);
  let { now } = send(throttle, 60);
  for (let n = 0; n < 1_000; n++) {
    now += 150;
    assert(throttle.admit(now).kind !== "flood", `after ${n}`);
  }
});

Deno.test("[C04] [T7] a room's own rate makes a client wait as its own does", () => {
  const throttle = new Throttle(20, 5);
  assertEquals(throttle.admit(0, 0), { kind: "pass" });
  assertEquals(throttle.admit(0, 70), { kind: "pause", ms: 70 });
  assertEquals(throttle.admit(70, 0), { kind: "pass" });
  assertEquals(throttle.admit(100, 4_000), { kind: "pause", ms: 4_000 });
  assertEquals(throttle.admit(4_100, 2_000).kind, "refuse");
});

Deno.test("[T7] a client that was slow once and rested has its 5 s again", () => {
  const throttle = new Throttle(20, 5);
  const { now } = send(throttle, 40);
  const { outcomes } = send(throttle, 40, now + 60_000);
  assertEquals(new Set(outcomes), new Set(["pass"]));
});

Deno.test("without limits everything passes", () => {
  const throttle = new Throttle(Infinity, Infinity);
  for (let n = 0; n < 10_000; n++) assertEquals(throttle.admit(0).kind, "pass");
});
