import { assert, assertEquals } from "@std/assert";
import { Guard, GUARD_BOUNDS } from "../server/accounts/guard.ts";
import { Quota } from "../server/accounts/quota.ts";
import { sourceOf } from "../server/source.ts";

const MINUTE = 60_000;

/** What is said of one more try. */
function waitOf(guard: Guard, target: number | string, source: string, now: number, device = false) {
  return guard.wait(target, source, { now, device });
}

Deno.test("[D01] five wrong passwords for one account from one source, then a wait until the first is 10 min ago", () => {
  const guard = new Guard();
  for (let n = 0; n < 5; n++) {
    assertEquals(waitOf(guard, 7, "a", n * MINUTE), undefined);
    guard.tried(7, "a", n * MINUTE);
  }
  assertEquals(waitOf(guard, 7, "a", 5 * MINUTE), { ms: 5 * MINUTE });
  assertEquals(waitOf(guard, 7, "a", 10 * MINUTE - 1), { ms: 1 });
  assertEquals(waitOf(guard, 7, "a", 10 * MINUTE), undefined);
  assertEquals(waitOf(guard, 7, "b", 5 * MINUTE), undefined, "from elsewhere");
  assertEquals(waitOf(guard, 8, "a", 5 * MINUTE), undefined, "another account");
});

Deno.test("[D01] a password that was right does not count, whatever was tried beside it", () => {
  const guard = new Guard();
  for (let n = 0; n < 4; n++) guard.tried(7, "a", n);
  const attempt = guard.tried(7, "a", 4);
  assertEquals(waitOf(guard, 7, "a", 5), { ms: 10 * MINUTE - 5 });
  assertEquals(guard.right(attempt), 4);
  assertEquals(waitOf(guard, 7, "a", 5), undefined);
  assertEquals(guard.failures(7), 0);
  guard.tried(7, "a", 6);
  assert(waitOf(guard, 7, "a", 7), "the four wrong ones are still counted for the source");
});

Deno.test("[D02] 20 wrong passwords from one source, for whatever accounts, then a wait", () => {
  const guard = new Guard();
  for (let n = 0; n < 20; n++) {
    assertEquals(waitOf(guard, n % 2 ? n : `nobody-${n}`, "a", n), undefined);
    guard.tried(n % 2 ? n : `nobody-${n}`, "a", n);
  }
  assertEquals(waitOf(guard, 99, "a", 20), { ms: 10 * MINUTE - 20 });
  assertEquals(waitOf(guard, 99, "b", 20), undefined);
});

for (const [what, target] of [["an account", 7], ["a name without an account", "nobody"]] as const) {
  Deno.test(`[D03] after 100 wrong passwords in a row from anywhere, ${what} takes passwords from its devices only`, () => {
    const guard = new Guard();
    let last;
    for (let n = 0; n < 100; n++) {
      assertEquals(waitOf(guard, target, `10.0.0.${n}`, n), undefined);
      last = guard.tried(target, `10.0.0.${n}`, n);
    }
    assertEquals(waitOf(guard, target, "10.1.1.1", 1_000), { ms: undefined });
    assertEquals(
      waitOf(guard, target, "10.1.1.1", 1_000 * MINUTE),
      { ms: undefined },
      "however long one waits",
    );
    assertEquals(waitOf(guard, target, "10.1.1.1", 1_000, true), undefined, "from a device");
    assertEquals(guard.right(last!), 99);
    assertEquals(waitOf(guard, target, "10.1.1.1", 1_000), undefined);
  });
}

Deno.test("[D03] wrong passwords are in a row only as long as no right one comes between", () => {
  const guard = new Guard();
  for (let n = 0; n < 99; n++) guard.tried(7, `10.0.0.${n}`, 0);
  guard.right(guard.tried(7, "10.1.1.1", 0));
  for (let n = 0; n < 99; n++) guard.tried(7, `10.0.1.${n}`, 0);
  assertEquals(waitOf(guard, 7, "10.1.1.1", 0), undefined);
});

Deno.test("[D02] sources and names are remembered up to a bound, those who have tried last", () => {
  const guard = new Guard({ ...GUARD_BOUNDS, sources: 100 });
  for (let n = 0; n < 5; n++) guard.tried("early", "early", 0);
  for (let n = 0; n < 1_000; n++) guard.tried(`nobody-${n}`, `source-${n}`, n);
  assertEquals(guard.size, 100);
  assertEquals(guard.failures("nobody-899"), 0);
  assertEquals(guard.failures("nobody-900"), 1);
  assertEquals(waitOf(guard, "early", "early", 1_000), undefined);
  guard.sweep(1_000 + 10 * MINUTE);
  assertEquals(guard.size, 0);
});

Deno.test("[D03] an account's wrong passwords are not forgotten for those of names that are none", () => {
  const guard = new Guard({ ...GUARD_BOUNDS, sources: 10 });
  for (let n = 0; n < 100; n++) guard.tried(7, `10.0.0.${n}`, 0);
  for (let n = 0; n < 1_000; n++) guard.tried(`nobody-${n}`, "a", 0);
  assertEquals(waitOf(guard, 7, "b", 0), { ms: undefined });
});

Deno.test("[C08] so many in any hour from each source", () => {
  const quota = new Quota({ most: 5, spanMs: 60 * MINUTE, sources: 3 });
  for (let n = 0; n < 5; n++) {
    assertEquals(quota.wait("a", n * MINUTE), 0);
    quota.take("a", n * MINUTE);
  }
  assertEquals(quota.wait("a", 5 * MINUTE), 55 * MINUTE);
  assertEquals(quota.wait("b", 5 * MINUTE), 0);
  assertEquals(quota.wait("a", 60 * MINUTE), 0);
  for (const source of ["b", "c", "d"]) quota.take(source, 6 * MINUTE);
  assertEquals(quota.size, 3);
  quota.sweep(66 * MINUTE);
  assertEquals(quota.size, 0);
});

Deno.test("[C08] a quota that was lifted remembers nothing", () => {
  const quota = new Quota({ most: Infinity, spanMs: MINUTE });
  for (let n = 0; n < 10; n++) quota.take("a", 0);
  assertEquals([quota.wait("a", 0), quota.size], [0, 0]);
});

Deno.test("[D02] an address counts as itself, in IPv6 as its network", () => {
  const same = (...addresses: string[]) => new Set(addresses.map(sourceOf)).size;
  assertEquals(sourceOf("192.0.2.7"), "192.0.2.7");
  assertEquals(sourceOf("::ffff:192.0.2.7"), "192.0.2.7");
  assertEquals(same("192.0.2.7", "192.0.2.8", "::ffff:192.0.2.9"), 3);
  assertEquals(same("2001:db8:1:2::1", "2001:db8:1:2:3:4:5:6", "2001:DB8:1:2::", "2001:db8:1:0002::9"), 1);
  assertEquals(same("2001:db8:1:2::1", "2001:db8:1:3::1", "::1", "fe80::1%eth0"), 4);
  assertEquals(sourceOf("fe80::1%eth0"), sourceOf("fe80::2%eth1"));
});
