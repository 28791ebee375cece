import { assert, assertEquals } from "@std/assert";
import { Admission } from "../server/admission.ts";
import { DEFAULT_LIMITS, type Limits, NO_LIMITS } from "../server/limits.ts";
import { randomFrom } from "./support/random.ts";

const never = () => false;
const always = () => true;

function admission(limits: Partial<Limits> = {}, random = () => 1): Admission {
  return new Admission({ ...DEFAULT_LIMITS, ...limits }, random);
}

/** How a connection fares: `in`, `probation`, or the code it is turned away with. */
function enter(at: Admission, address: string, now = 0, known = never): string {
  const admitted = at.enter(address, now, known);
  return admitted.kind === "out" ? admitted.code : admitted.kind;
}

Deno.test("[B03] of one address 8 may be without a name, and others are not concerned", () => {
  const at = admission();
  for (let n = 0; n < 8; n++) assertEquals(enter(at, "a"), "in");
  assertEquals(enter(at, "a"), "ip_limit");
  assertEquals(enter(at, "b"), "in");
  at.signIn("a");
  assertEquals(enter(at, "a"), "in");
  at.leave("a", { stranger: true });
  assertEquals(enter(at, "a"), "in");
  assertEquals(enter(at, "a"), "ip_limit");
});

Deno.test("[B03] of one address 16 may be connected, with names or without", () => {
  const at = admission();
  for (let n = 0; n < 16; n++) {
    assertEquals(enter(at, "a"), "in");
    at.signIn("a");
  }
  assertEquals(enter(at, "a"), "ip_limit");
  at.leave("a", { stranger: false });
  assertEquals(enter(at, "a"), "in");
});

Deno.test("[B03] of one address 60 come in a minute, those turned away counted", () => {
  const at = admission();
  for (let n = 0; n < 60; n++) {
    assertEquals(enter(at, "a", n * 900), "in");
    at.leave("a", { stranger: true });
  }
  assertEquals(enter(at, "a", 59_000), "ip_limit");
  assertEquals(enter(at, "b", 59_000), "in");
  assertEquals(enter(at, "a", 61_000), "in");
});

Deno.test("[B04] from half of the places for strangers on some are dropped, at the last one all", () => {
  const at = admission({ strangersPerAddress: Infinity }, randomFrom(1));
  const outcomes = Array.from({ length: 1_000 }, (_, n) => enter(at, `${n}`));
  assertEquals(outcomes.slice(0, 32), Array.from({ length: 32 }, () => "in"));
  const inside = outcomes.filter((outcome) => outcome === "in").length;
  assert(inside > 40 && inside <= 64, `${inside}`);
  assertEquals(outcomes.slice(-100), Array.from({ length: 100 }, () => "busy"));
  at.signIn("0");
  for (let n = 0; n < 32; n++) at.leave(`${n}`, { stranger: n > 0 });
  assertEquals(enter(at, "later"), "in");
});

Deno.test("[B12] from 15 penalty seconds on an address is turned away, until they have passed", () => {
  const at = admission();
  at.penalise("a", 5, 0);
  at.penalise("a", 5, 0);
  assertEquals(enter(at, "a"), "in");
  at.penalise("a", 5, 0);
  assertEquals(enter(at, "a"), "ip_limit");
  assertEquals(enter(at, "b"), "in");
  assertEquals(enter(at, "a", 1), "in");
});

Deno.test("[B12] somebody known there may come to take back its session", () => {
  const at = admission();
  at.penalise("a", 30, 0);
  assertEquals(enter(at, "a", 0, always), "probation");
  assertEquals(enter(at, "b", 0, always), "in");
});

Deno.test("[B12] penalties end after 10 minutes at the latest", () => {
  const at = admission();
  for (let n = 0; n < 1_000; n++) at.penalise("a", 30, 0);
  assertEquals(enter(at, "a", 580_000), "ip_limit");
  assertEquals(enter(at, "a", 600_000), "in");
});

Deno.test("without limits nobody is turned away, and nobody is penalised", () => {
  const at = admission(NO_LIMITS, () => 0);
  for (let n = 0; n < 10_000; n++) {
    assertEquals(enter(at, "a"), "in");
    if (n % 100 === 0) at.penalise("a", 30, 0);
  }
});

Deno.test("[B14] an address of which there is nothing to know is forgotten, and one of which there is, is not", () => {
  const at = admission({ connectsPerMinute: 1 });
  assertEquals(enter(at, "a", 0), "in");
  at.sweep(30_000);
  assertEquals(enter(at, "a", 30_000), "ip_limit");
  at.leave("a", { stranger: true });
  at.penalise("p", 100, 0);
  at.sweep(61_001);
  assertEquals(enter(at, "p", 61_001), "ip_limit");
  assertEquals(enter(at, "a", 61_001), "in");
});

for (const seed of [1, 2, 3]) {
  Deno.test(`[B03] whoever comes and goes, places are neither lost nor made (seed ${seed})`, () => {
    const random = randomFrom(seed);
    const at = admission({ connectsPerMinute: Infinity }, random);
    const open: { address: string; stranger: boolean }[] = [];
    for (let step = 0; step < 20_000; step++) {
      const what = random();
      const one = open[Math.floor(random() * open.length)];
      if (what < 0.5) {
        const address = `${Math.floor(random() * 10)}`;
        if (enter(at, address) === "in") open.push({ address, stranger: true });
      } else if (what < 0.7 && one?.stranger) {
        one.stranger = false;
        at.signIn(one.address);
      } else if (one) {
        at.leave(one.address, one);
        open.splice(open.indexOf(one), 1);
      }
      for (const address of ["0", "1"]) {
        const there = open.filter((each) => each.address === address);
        assert(there.length <= 16 && there.filter(({ stranger }) => stranger).length <= 8);
      }
      assert(open.filter(({ stranger }) => stranger).length <= 64);
    }
    for (const each of open) at.leave(each.address, each);
    for (let n = 0; n < 8; n++) assertEquals(enter(at, "0"), "in");
  });
}
