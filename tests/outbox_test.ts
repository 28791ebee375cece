import { assert, assertEquals } from "@std/assert";
import { ByteLog } from "../server/byte_log.ts";
import { OutboxRig as Rig } from "./support/outbox_rig.ts";
import { randomFrom } from "./support/random.ts";
import { framed } from "./support/wire.ts";

Deno.test("frames of one turn go out in one write, in their order", async () => {
  const rig = new Rig();
  for (const each of ["1", "2", "3"]) rig.outbox.push(framed(each));
  await rig.drain();
  assertEquals([rig.got(), rig.writes.length], [["1", "2", "3"], 1]);
});

Deno.test("own frames come after what the logs held when they were pushed, and before what comes later", async () => {
  const rig = new Rig();
  const log = new ByteLog();
  log.append("0");
  rig.outbox.follow(log);
  log.append("1");
  rig.outbox.push(framed("2"));
  log.append("3");
  rig.outbox.push(framed("4"));
  rig.outbox.flush();
  await rig.drain();
  assertEquals(rig.got(), ["1", "2", "3", "4"]);
});

Deno.test("a write that takes a part is gone on with", async () => {
  const rig = new Rig();
  const taken: string[] = [];
  rig.outbox.push(framed("11111"), () => taken.push("first"));
  rig.outbox.push(framed("22222"), () => taken.push("second"));
  await rig.turn();
  for (let n = 0; n < 17; n++) {
    await rig.take(1);
    assertEquals(taken, []);
  }
  await rig.take(1);
  assertEquals([rig.got(), taken], [["11111", "22222"], ["first", "second"]]);
});

Deno.test("followed later, a log waits, and comes from where it was", async () => {
  const rig = new Rig();
  const log = new ByteLog();
  const goOn = rig.outbox.followLater(log);
  log.append("2");
  rig.outbox.push(framed("1"));
  await rig.drain();
  assertEquals(rig.got(), ["1"]);
  assert(rig.outbox.behind > 0);
  goOn();
  goOn();
  await rig.drain();
  assertEquals(rig.got(), ["2"]);
});

Deno.test("a log that is left meanwhile does not come", async () => {
  const rig = new Rig();
  const log = new ByteLog();
  const goOn = rig.outbox.followLater(log);
  log.append("1");
  rig.outbox.unfollow(log);
  goOn();
  log.append("2");
  rig.outbox.flush();
  await rig.drain();
  assertEquals([rig.got(), rig.outbox.behind], [[], 0]);
});

Deno.test("what a log had when it was left still goes out, and nothing more of it", async () => {
  const rig = new Rig();
  const log = new ByteLog();
  rig.outbox.follow(log);
  log.append("1");
  rig.outbox.unfollow(log);
  log.append("2");
  rig.outbox.push(framed("3"));
  await rig.drain();
  assertEquals(rig.got(), ["1", "3"]);
});

Deno.test("`written` resolves when what was queued is taken, not before and not with what comes after", async () => {
  const rig = new Rig();
  let written = false;
  rig.outbox.push(framed("1"));
  const waiting = rig.outbox.written().then(() => (written = true));
  await rig.turn();
  rig.outbox.push(framed("2"));
  assert(!written);
  await rig.take();
  await waiting;
  assert(rig.writing, "the second one is still on its way");
  await rig.drain();
  assertEquals(rig.got(), ["1", "2"]);
});

Deno.test("`written` resolves when nothing is queued, when the peer is gone, and when it is over", async () => {
  const rig = new Rig();
  const idle = rig.outbox.written();
  await rig.turn();
  await idle;
  rig.outbox.push(framed("1"));
  const never = rig.outbox.written();
  await rig.turn();
  const meanwhile = rig.outbox.written();
  await rig.breakIt();
  await never;
  await meanwhile;
  await rig.outbox.written();
  assertEquals([rig.failures, rig.outbox.over], [["broken"], true]);
});

Deno.test("[T6] too far behind is said once, of logs, of held logs and of own frames alike", async () => {
  for (const how of ["log", "held", "own"] as const) {
    const rig = new Rig({ limit: 1_000 });
    const log = new ByteLog();
    if (how === "log") rig.outbox.follow(log);
    else rig.outbox.followLater(log);
    rig.outbox.push(framed("1"));
    await rig.turn();
    for (let n = 0; n < 100; n++) {
      if (how === "own") rig.outbox.push(framed(`${"x".repeat(50)}`));
      else log.append("x".repeat(50));
      rig.outbox.flush();
      await rig.turn();
    }
    assertEquals(rig.failures, ["lagging"], how);
  }
});

Deno.test("[T6] what the kernel takes at once makes nobody slow, however much it is", async () => {
  const rig = new Rig({ limit: 1_000 });
  rig.outbox.push(framed("x".repeat(50_000)));
  await rig.drain();
  assertEquals([rig.got().length, rig.failures], [1, []]);
});

Deno.test("[T6] since when something waits is known, and every byte taken counts as progress", async () => {
  const rig = new Rig();
  assertEquals(rig.outbox.waitingSince, undefined);
  rig.now = 5;
  rig.outbox.push(framed("123456"));
  await rig.turn();
  rig.now = 7;
  assertEquals(rig.outbox.waitingSince, 5);
  await rig.take(1);
  assertEquals(rig.outbox.waitingSince, 7);
  await rig.drain();
  assertEquals(rig.outbox.waitingSince, undefined);
});

Deno.test("[F4] after `abandon` only what a write had begun with and what is pushed then go out", async () => {
  const rig = new Rig();
  const log = new ByteLog();
  rig.outbox.follow(log);
  rig.outbox.push(framed("1"));
  await rig.turn();
  rig.outbox.push(framed("2"));
  log.append("3");
  const waiting = rig.outbox.written();
  rig.outbox.abandon();
  await waiting;
  log.append("4");
  rig.outbox.push(framed("last"));
  await rig.drain();
  assertEquals(rig.got(), ["1", "last"]);
});

Deno.test("after `wind` what is queued goes out, and the logs no more", async () => {
  const rig = new Rig();
  const log = new ByteLog();
  rig.outbox.follow(log);
  log.append("1");
  rig.outbox.wind();
  log.append("2");
  rig.outbox.push(framed("last"));
  await rig.drain();
  assertEquals(rig.got(), ["1", "last"]);
});

Deno.test("after `close` nothing is written and nobody waits", async () => {
  const rig = new Rig();
  rig.outbox.push(framed("1"));
  const waiting = rig.outbox.written();
  rig.outbox.close();
  rig.outbox.push(framed("2"));
  rig.outbox.follow(new ByteLog());
  await rig.drain();
  await waiting;
  assertEquals([rig.writes, rig.failures, rig.outbox.behind], [[], [], 0]);
});

Deno.test("a large backlog goes out in pieces, so that no write holds everything", async () => {
  const rig = new Rig();
  for (let n = 0; n < 100; n++) rig.outbox.push(framed(`${n}`.padEnd(10_000, "x")));
  await rig.drain();
  assertEquals(rig.got().length, 100);
  assert(Math.max(...rig.writes) <= 128 * 1024, `${rig.writes}`);
});

for (const seed of [1, 2, 3, 4, 5, 6]) {
  Deno.test(`logs and own frames in any mix, over a kernel that takes what it likes (seed ${seed})`, async () => {
    const random = randomFrom(seed);
    const rig = new Rig();
    const logs = [new ByteLog(), new ByteLog(), new ByteLog()];
    const followed = new Set<ByteLog>();
    const expected: string[][] = [[], [], [], []];
    for (let step = 0; step < 3_000; step++) {
      const which = Math.floor(random() * 3);
      const log = logs[which]!;
      const what = random();
      if (what < 0.5) {
        const text = `"${which} ${step} ${"é".repeat(Math.floor(random() ** 8 * 30_000))}"`;
        log.append(text);
        rig.outbox.flush();
        if (followed.has(log)) expected[which]!.push(text);
      } else if (what < 0.7) {
        rig.outbox.push(framed(`"3 ${step}"`));
        expected[3]!.push(`"3 ${step}"`);
      } else if (what < 0.75) {
        if (followed.has(log)) rig.outbox.unfollow(log);
        else rig.outbox.follow(log);
        if (!followed.delete(log)) followed.add(log);
      } else if (rig.writing) await rig.take(random() < 0.5 ? 1 + Math.floor(random() * 5_000) : Infinity);
      else await rig.turn();
    }
    rig.outbox.push(framed('"3 end"'));
    expected[3]!.push('"3 end"');
    await rig.drain();
    const got: string[][] = [[], [], [], []];
    for (const text of rig.got()) got[Number(text[1])]!.push(text);
    assertEquals(got, expected);
  });
}
