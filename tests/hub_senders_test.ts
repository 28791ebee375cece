import { assertEquals } from "@std/assert";
import { type Guest, heard, HubRig } from "./support/hub_rig.ts";

async function lobby(rig: HubRig, ...names: readonly string[]): Promise<Guest[]> {
  const guests: Guest[] = [];
  for (const name of names) guests.push(await rig.enter(name));
  for (const guest of guests) guest.take();
  return guests;
}

/** How the next guest of the name repeats an id, after how the first one went. */
const SENDERS:
  readonly (readonly [how: string, go: (rig: HubRig, ben: Guest) => Promise<Guest>, same: boolean])[] = [
    ["on the same connection", (_rig, ben) => Promise.resolve(ben), true],
    ["after a resume", async (rig, ben) => {
      await rig.vanish(ben);
      return await rig.enter("ben", { session: ben.session });
    }, true],
    ["after the hold, with the old session", async (rig, ben) => {
      await rig.vanish(ben);
      await rig.pass(31);
      return await rig.enter("ben", { session: ben.session });
    }, true],
    ["after a bye", async (rig, ben) => {
      await rig.bye(ben);
      return await rig.enter("ben");
    }, true],
    ["after a bye of somebody who whispered", async (rig, ben) => {
      await rig.whisper(ben, "ann", "psst");
      await rig.bye(ben);
      return await rig.enter("ben");
    }, false],
    ["after the hold, without the session", async (rig, ben) => {
      await rig.vanish(ben);
      await rig.pass(31);
      return await rig.enter("ben");
    }, false],
    ["after the hold, with another session", async (rig, ben) => {
      await rig.vanish(ben);
      await rig.pass(31);
      return await rig.enter("ben", { session: "S".repeat(32) });
    }, false],
  ];

for (const [how, go, same] of SENDERS) {
  Deno.test(`[M3] [R5] an id repeated ${how} is ${same ? "the same message" : "another message"}`, async () => {
    const rig = new HubRig();
    const [ann, ben] = await lobby(rig, "ann", "ben") as [Guest, Guest];
    await rig.say(ben, "lobby", "original", "id-1");
    assertEquals(heard(ann), ["lobby 1 ben: original"]);
    const next = await go(rig, ben);
    heard(next);
    heard(ann);
    await rig.say(next, "lobby", "repeated", "id-1");
    assertEquals(heard(next), [same ? "lobby 1 ben: original" : "lobby 2 ben: repeated"]);
    assertEquals(heard(ann), same ? [] : ["lobby 2 ben: repeated"]);
  });
}

Deno.test("[M3] an id of another sender is another message, and an id in another room is the same one", async () => {
  const rig = new HubRig();
  const [ann, ben] = await lobby(rig, "ann", "ben") as [Guest, Guest];
  await rig.join(ann, "tea");
  heard(ann);
  await rig.say(ann, "lobby", "ann's", "id-1");
  await rig.say(ben, "lobby", "ben's", "id-1");
  await rig.say(ann, "tea", "again", "id-1");
  await rig.whisper(ann, "ben", "again", "id-1");
  assertEquals(heard(ann), [
    "lobby 1 ann: ann's",
    "lobby 2 ben: ben's",
    "lobby 1 ann: ann's",
    "lobby 1 ann: ann's",
  ]);
  assertEquals(heard(ben), ["lobby 1 ann: ann's", "lobby 2 ben: ben's"]);
});
