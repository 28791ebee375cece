import { assertEquals, assertNotEquals } from "@std/assert";
import type { Ask } from "../server/link.ts";
import { MemoryStore } from "../server/store/memory.ts";
import { type Guest, heard, HubRig } from "./support/hub_rig.ts";
import { randomFrom } from "./support/random.ts";
import { SlowStore } from "./support/slow_store.ts";

async function lobby(rig: HubRig, ...names: readonly string[]): Promise<Guest[]> {
  const guests: Guest[] = [];
  for (const name of names) guests.push(await rig.enter(name));
  for (const guest of guests) guest.take();
  return guests;
}

function lobbyMessage(n: number): Extract<Ask, { type: "message" }> {
  return { type: "message", room: "lobby", id: `m-${n}`, text: `${n}`, ref: undefined };
}

Deno.test("[R1] [R2] who comes back has its rooms, what it missed in order, and then what is said", async () => {
  const rig = new HubRig();
  const [ann, ben] = await lobby(rig, "ann", "ben") as [Guest, Guest];
  await rig.join(ann, "tea");
  await rig.join(ben, "tea");
  for (let n = 1; n <= 3; n++) await rig.say(ann, "tea", `${n}`);
  await rig.vanish(ben);
  for (let n = 4; n <= 6; n++) await rig.say(ann, "tea", `${n}`);
  const back = await rig.enter("ben", { session: ben.session, resume: { tea: 2, lobby: 0 } });
  await rig.say(ann, "tea", "7");
  assertEquals(heard(back), ["welcome ben again", ...[3, 4, 5, 6, 7].map((n) => `tea ${n} ann: ${n}`)]);
  assertEquals(back.session, ben.session);
});

Deno.test("[R2] a room that is not named goes on from now, and one that is named is entered", async () => {
  const rig = new HubRig();
  const [ann, ben] = await lobby(rig, "ann", "ben") as [Guest, Guest];
  await rig.join(ann, "tea");
  await rig.say(ann, "tea", "in the tea room");
  await rig.vanish(ben);
  await rig.say(ann, "lobby", "in the lobby");
  const back = await rig.enter("ben", { session: ben.session, resume: { tea: 0, "never-there": 5 } });
  assertEquals(heard(back), ["welcome ben again", "tea 1 ann: in the tea room"]);
  await rig.say(back, "never-there", "hi");
  await rig.say(ann, "lobby", "after");
  assertEquals(heard(back), ["never-there 1 ben: hi", "lobby 2 ann: after"]);
});

Deno.test("[R2] a new guest that names rooms enters them as well", async () => {
  const rig = new HubRig();
  const [ann] = await lobby(rig, "ann") as [Guest];
  for (let n = 1; n <= 2; n++) await rig.say(ann, "lobby", `${n}`);
  const cat = await rig.enter("cat", { session: "S".repeat(32), resume: { lobby: 1, tea: 0 } });
  assertEquals(heard(cat), ["welcome cat", "lobby 2 ann: 2"]);
  await rig.say(cat, "tea", "alone");
  assertEquals(heard(cat), ["tea 1 cat: alone"]);
});

Deno.test("[R2] without resume whispers go on from what the last connection took", async () => {
  const rig = new HubRig();
  const [ann, ben] = await lobby(rig, "ann", "ben") as [Guest, Guest];
  await rig.whisper(ann, "ben", "1");
  await rig.vanish(ben);
  await rig.whisper(ann, "ben", "2");
  const back = await rig.enter("ben", { session: ben.session });
  assertEquals(heard(back), ["welcome ben again", "ann to ben 2: 2"]);
});

Deno.test("[R2] with resume, whispers with somebody who is not named come from their beginning", async () => {
  const rig = new HubRig();
  const [ann, ben, cat] = await lobby(rig, "ann", "ben", "cat") as [Guest, Guest, Guest];
  for (let n = 1; n <= 2; n++) {
    await rig.whisper(ann, "ben", `a${n}`);
    await rig.whisper(cat, "ben", `c${n}`);
  }
  await rig.vanish(ben);
  const back = await rig.enter("ben", { session: ben.session, resume: { "@ann": 1 } });
  assertEquals(heard(back).sort(), [
    "ann to ben 2: a2",
    "cat to ben 1: c1",
    "cat to ben 2: c2",
    "welcome ben again",
  ]);
});

Deno.test("[R2] thousands of entries are caught up with in order, while more are said", async () => {
  const rig = new HubRig();
  const [ann, ben] = await lobby(rig, "ann", "ben") as [Guest, Guest];
  await rig.vanish(ben);
  for (let n = 1; n <= 2_000; n++) rig.hub.say(ann.seat!, lobbyMessage(n));
  await rig.settle();
  const back = await rig.enter("ben", { session: ben.session, resume: { lobby: 0 } });
  for (let n = 2_001; n <= 2_500; n++) rig.hub.say(ann.seat!, lobbyMessage(n));
  await rig.settle();
  for (let turns = 0; turns < 50; turns++) await rig.settle();
  assertEquals(heard(back).slice(1), Array.from({ length: 2_500 }, (_, i) => `lobby ${i + 1} ann: ${i + 1}`));
});

for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
  Deno.test(`[R2] what is said while somebody catches up from a slow store comes after what it missed (seed ${seed})`, async () => {
    const rig = new HubRig({ store: new SlowStore(randomFrom(seed)) });
    const [ann, ben] = await lobby(rig, "ann", "ben") as [Guest, Guest];
    await rig.vanish(ben);
    const expected: string[] = [];
    for (let n = 1; n <= 3; n++) {
      await rig.say(ann, "lobby", `${n}`);
      await rig.whisper(ann, "ben", `${n}`);
    }
    const coming = rig.enter("ben", { session: ben.session, resume: { lobby: 1, "@ann": 1 } });
    for (let n = 4; n <= 9; n++) {
      rig.hub.say(ann.seat!, lobbyMessage(n));
      await rig.hub.whisper(ann.seat!, {
        type: "whisper",
        to: "ben",
        id: `w-${n}`,
        text: `${n}`,
        ref: undefined,
      });
    }
    const back = await coming;
    await rig.settle();
    for (let n = 2; n <= 9; n++) expected.push(`lobby ${n} ann: ${n}`, `ann to ben ${n}: ${n}`);
    const events = heard(back).slice(1);
    for (const where of ["lobby", "to ben"]) {
      assertEquals(
        events.filter((what) => what.includes(where)),
        expected.filter((what) => what.includes(where)),
      );
    }
  });
}

Deno.test("[R3] cursors of other logs are answered with a gap for each conversation that has something", async () => {
  const rig = new HubRig();
  const [ann, ben] = await lobby(rig, "ann", "ben") as [Guest, Guest];
  await rig.join(ben, "silent");
  for (let n = 1; n <= 3; n++) await rig.say(ann, "lobby", `${n}`);
  await rig.vanish(ben);
  const back = await rig.enter("ben", {
    session: ben.session,
    log: "another-log-0000000",
    resume: { lobby: 1, silent: 7, "@ann": 2 },
  });
  await rig.say(ann, "lobby", "4");
  assertEquals(heard(back), ["welcome ben again", "gap lobby 1-3 other_log", "lobby 4 ann: 4"]);
});

Deno.test("[R4] what is no longer kept is named, and what is kept comes after it", async () => {
  const rig = new HubRig({ store: new MemoryStore({ keep: 3 }) });
  const [ann, ben] = await lobby(rig, "ann", "ben") as [Guest, Guest];
  for (let n = 1; n <= 2; n++) await rig.whisper(ann, "ben", `w${n}`);
  await rig.vanish(ben);
  for (let n = 1; n <= 8; n++) await rig.say(ann, "lobby", `${n}`);
  for (let n = 3; n <= 8; n++) await rig.whisper(ann, "ben", `w${n}`);
  const back = await rig.enter("ben", { session: ben.session, resume: { lobby: 2, "@ann": 1 } });
  assertEquals(heard(back).filter((what) => what.includes("lobby")), [
    "gap lobby 3-5 expired",
    "lobby 6 ann: 6",
    "lobby 7 ann: 7",
    "lobby 8 ann: 8",
  ]);
  const again = await rig.enter("ben", { session: ben.session, resume: { lobby: 8, "@ann": 1 } });
  assertEquals(heard(again).slice(1), [
    "gap @ann 2-5 expired",
    "ann to ben 6: w6",
    "ann to ben 7: w7",
    "ann to ben 8: w8",
  ]);
});

Deno.test("[R2] a cursor from the future is no reason to be silent", async () => {
  const rig = new HubRig();
  const [ann, ben] = await lobby(rig, "ann", "ben") as [Guest, Guest];
  await rig.vanish(ben);
  const back = await rig.enter("ben", { session: ben.session, resume: { lobby: 1_000, "@ann": 1_000 } });
  await rig.say(ann, "lobby", "1");
  await rig.whisper(ann, "ben", "1");
  assertEquals(heard(back).slice(1), ["gap @ann 1-1000 not_yours", "lobby 1 ann: 1", "ann to ben 1: 1"]);
});

Deno.test("[F21] [R4] whispers that the server has no more are named to whoever has them", async () => {
  const rig = new HubRig();
  const [ann, ben] = await lobby(rig, "ann", "ben") as [Guest, Guest];
  for (let n = 1; n <= 2; n++) await rig.whisper(ann, "ben", `${n}`);
  await rig.vanish(ben);
  await rig.whisper(ann, "ben", "3");
  const ahead = await rig.enter("ben", { session: ben.session, resume: { "@ann": 5 } });
  await rig.whisper(ann, "ben", "4");
  assertEquals(heard(ahead), ["welcome ben again", "gap @ann 4-5 lost", "ann to ben 4: 4"]);
  const level = await rig.enter("ben", { session: ben.session, resume: { "@ann": 4 } });
  assertEquals(heard(level), ["welcome ben again"]);
});

for (const whispered of [0, 2]) {
  const before = `after ${whispered} whispers of another ben`;
  Deno.test(`[P4] [R4] ${before}, who names whispers of an unknown session hears that they are not his`, async () => {
    const rig = new HubRig();
    const [ann, ben] = await lobby(rig, "ann", "ben") as [Guest, Guest];
    for (let n = 1; n <= whispered; n++) await rig.whisper(ann, "ben", `${n}`);
    await rig.bye(ben);
    const resume = { "@ann": 7, "@cat": 0 };
    const other = await rig.enter("ben", { session: "S".repeat(32), log: rig.store.incarnation, resume });
    assertEquals(heard(other), ["welcome ben", "gap @ann 1-7 not_yours"]);
  });
}

Deno.test("[R1] a session takes the name over at once, and the old connection is told", async () => {
  const rig = new HubRig();
  const [ann, ben] = await lobby(rig, "ann", "ben") as [Guest, Guest];
  const other = await rig.enter("ben", { session: ben.session, resume: { lobby: 0 } });
  assertEquals(ben.ended, "replaced");
  await rig.vanish(ben, "replaced"); // its connection goes, which is no news any more
  await rig.say(ann, "lobby", "hi");
  await rig.pass(60);
  assertEquals(heard(other), ["welcome ben again", "lobby 1 ann: hi"]);
  assertEquals(heard(ann), ["lobby 1 ann: hi"]);
  assertEquals(rig.hub.here, 2);
});

Deno.test("[R1] a name is not taken back with the session of another name, or after the hold", async () => {
  const rig = new HubRig();
  const [ann, ben] = await lobby(rig, "ann", "ben") as [Guest, Guest];
  assertEquals(heard(await rig.enter("ben", { session: ann.session })), ["name_taken"]);
  await rig.vanish(ben);
  await rig.pass(31);
  const later = await rig.enter("ben", { session: ben.session });
  assertEquals(heard(later)[0], "welcome ben");
  assertNotEquals(later.session, ben.session);
});

Deno.test("[H6] absence is told after the grace, once, and the name is free after the hold", async () => {
  const rig = new HubRig();
  const [ann, ben] = await lobby(rig, "ann", "ben") as [Guest, Guest];
  await rig.vanish(ben);
  await rig.pass(1.9);
  assertEquals(heard(ann), []);
  await rig.pass(0.2);
  await rig.pass(10);
  assertEquals(heard(ann), ["ben left lobby"]);
  assertEquals(heard(await rig.enter("ben")), ["name_taken"]);
  await rig.pass(20);
  assertEquals(heard(await rig.enter("ben")), ["welcome ben"]);
});

Deno.test("[H6] an idle one has left at once, and why is told; welcome names it when it comes back", async () => {
  const rig = new HubRig();
  const [ann, ben] = await lobby(rig, "ann", "ben") as [Guest, Guest];
  await rig.vanish(ben, "idle");
  assertEquals(heard(ann), ["ben left lobby: idle"]);
  assertEquals(heard(await rig.enter("ben", { session: ben.session })), ["welcome ben again after idle"]);
  assertEquals(heard(ann), ["ben joined lobby"]);
});

Deno.test("[H4] `closed` is said once", async () => {
  const rig = new HubRig();
  const [ben] = await lobby(rig, "ben") as [Guest];
  await rig.vanish(ben, "slow_reader");
  const back = await rig.enter("ben", { session: ben.session });
  assertEquals(heard(back), ["welcome ben again after slow_reader"]);
  await rig.vanish(back);
  assertEquals(heard(await rig.enter("ben", { session: ben.session })), ["welcome ben again"]);
});

Deno.test("[H6] who vanishes before being welcomed holds nothing", async () => {
  const rig = new HubRig();
  const [ann] = await lobby(rig, "ann") as [Guest];
  const half = await rig.enter("zed");
  await rig.bye(half);
  heard(ann);
  rig.claim(half);
  await rig.vanish(half);
  assertEquals([rig.hub.here, heard(ann)], [1, []]);
  assertEquals(heard(await rig.enter("zed")), ["welcome zed"]);
});
