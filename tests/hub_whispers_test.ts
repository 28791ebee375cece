import { assertEquals } from "@std/assert";
import { MemoryStore } from "../server/store/memory.ts";
import { Guest, heard, HubRig } from "./support/hub_rig.ts";

async function lobby(rig: HubRig, ...names: readonly string[]): Promise<Guest[]> {
  const guests: Guest[] = [];
  for (const name of names) guests.push(await rig.enter(name));
  for (const guest of guests) guest.take();
  return guests;
}

Deno.test("[P1] [P3] a whisper goes to both, its receipt to the sender, and nothing to anybody else", async () => {
  const rig = new HubRig();
  const [ann, ben, cat] = await lobby(rig, "ann", "ben", "cat") as [Guest, Guest, Guest];
  await rig.whisper(ann, "ben", "psst");
  await rig.whisper(ben, "ann", "what?");
  assertEquals(heard(ann), ["ann to ben 1: psst", "receipt ben 1", "ben to ann 2: what?"]);
  assertEquals(heard(ben), ["ann to ben 1: psst", "ben to ann 2: what?", "receipt ann 2"]);
  assertEquals(heard(cat), []);
});

Deno.test("[P1] one may whisper to oneself, and hears it once", async () => {
  const rig = new HubRig();
  const [ann] = await lobby(rig, "ann") as [Guest];
  await rig.whisper(ann, "ann", "note");
  await rig.ask(ann, { type: "history", room: "@ann", ref: undefined });
  assertEquals(heard(ann), ["ann to ann 1: note", "history @ann [note]"]);
});

Deno.test("[P2] to a name that nobody has: unknown_user; to one that is held: later", async () => {
  const rig = new HubRig();
  const [ann, ben] = await lobby(rig, "ann", "ben") as [Guest, Guest];
  await rig.vanish(ben);
  await rig.whisper(ann, "ben", "are you there?");
  await rig.whisper(ann, "zed", "you?");
  assertEquals(heard(ann), ["ann to ben 1: are you there?", "unknown_user"]);
  const back = await rig.enter("ben", { session: ben.session });
  assertEquals(heard(back), ["welcome ben again", "ann to ben 1: are you there?"]);
  assertEquals(heard(ann), ["receipt ben 1"]);
  await rig.vanish(back);
  await rig.pass(31);
  await rig.whisper(ann, "ben", "gone?");
  assertEquals(heard(ann), ["ben left lobby", "unknown_user"]);
});

Deno.test("[P3] the receipt comes when the other side has taken the whisper, and once", async () => {
  const rig = new HubRig();
  const [ann, ben] = await lobby(rig, "ann", "ben") as [Guest, Guest];
  ben.stall();
  await rig.whisper(ann, "ben", "psst");
  assertEquals(heard(ann), ["ann to ben 1: psst"]);
  ben.flow();
  await rig.settle();
  assertEquals(heard(ann), ["receipt ben 1"]);
  const again = await rig.enter("ben", { session: ben.session, resume: {} });
  assertEquals(heard(again).slice(1), ["ann to ben 1: psst"]);
  assertEquals(heard(ann), []);
});

Deno.test("[M3] a whisper with an id that was there before is answered with its entry, to the sender alone", async () => {
  const rig = new HubRig();
  const [ann, ben] = await lobby(rig, "ann", "ben") as [Guest, Guest];
  await rig.whisper(ann, "ben", "psst", "one");
  heard(ann);
  heard(ben);
  await rig.whisper(ann, "ben", "psst", "one");
  await rig.whisper(ann, "ben", "next", "two");
  assertEquals(heard(ann), ["ann to ben 1: psst", "ann to ben 2: next", "receipt ben 2"]);
  assertEquals(heard(ben), ["ann to ben 2: next"]);
});

for (const how of ["says bye", "stays away"] as const) {
  Deno.test(`[P4] when ben ${how}, another ben sees nothing of what was whispered to him`, async () => {
    const rig = new HubRig();
    const [ann, ben] = await lobby(rig, "ann", "ben") as [Guest, Guest];
    await rig.whisper(ann, "ben", "for the first ben");
    await rig.whisper(ben, "ann", "from the first ben", "id-of-ben");
    await (how === "says bye" ? rig.bye(ben) : rig.vanish(ben));
    await rig.pass(31);
    const other = await rig.enter("ben", { resume: { "@ann": 0, lobby: 0 }, log: rig.store.incarnation });
    await rig.ask(other, { type: "history", room: "@ann", ref: undefined });
    await rig.whisper(ann, "ben", "for the second ben");
    await rig.ask(other, { type: "history", room: "@ann", ref: undefined });
    await rig.ask(other, { type: "history", room: "@ann", before: 3, ref: undefined });
    assertEquals(heard(other).filter((what) => !what.startsWith("ben joined")), [
      "welcome ben",
      "history @ann []",
      "ann to ben 3: for the second ben",
      "history @ann [for the second ben]",
      "history @ann []",
    ]);
  });

  Deno.test(`[P4] when ben ${how}, another ben learns nothing by repeating an id of his`, async () => {
    const rig = new HubRig();
    const [ann, ben] = await lobby(rig, "ann", "ben") as [Guest, Guest];
    await rig.whisper(ben, "ann", "from the first ben", "id-of-ben");
    await (how === "says bye" ? rig.bye(ben) : rig.vanish(ben));
    await rig.pass(31);
    const other = await rig.enter("ben");
    await rig.whisper(other, "ann", "from the second ben", "id-of-ben");
    await rig.say(other, "lobby", "in the room", "id-of-ben");
    for (const what of heard(other)) assertEquals(what.includes("first"), false, what);
    assertEquals(heard(ann).includes("ben to ann 2: from the second ben"), true);
  });
}

Deno.test("[P4] [R4] cursors of before one's own time are answered with a gap, not with what was there", async () => {
  const rig = new HubRig();
  const [ann, ben] = await lobby(rig, "ann", "ben") as [Guest, Guest];
  for (let n = 1; n <= 3; n++) await rig.whisper(ann, "ben", `${n} for the first ben`);
  await rig.bye(ben);
  const other = await rig.enter("ben");
  await rig.whisper(ann, "ben", "for the second ben");
  await rig.vanish(other);
  heard(other);
  const back = await rig.enter("ben", { session: other.session, resume: { "@ann": 1 } });
  assertEquals(heard(back), [
    "welcome ben again",
    "gap @ann 2-3 not_yours",
    "ann to ben 4: for the second ben",
  ]);
});

Deno.test("[P4] ann, who was there all the time, still has what she and the first ben whispered", async () => {
  const rig = new HubRig();
  const [ann, ben] = await lobby(rig, "ann", "ben") as [Guest, Guest];
  await rig.whisper(ann, "ben", "first");
  await rig.bye(ben);
  await rig.enter("ben");
  await rig.whisper(ann, "ben", "second");
  heard(ann);
  await rig.ask(ann, { type: "history", room: "@ben", ref: undefined });
  assertEquals(heard(ann), ["history @ben [first second]"]);
});

Deno.test("[P4] a whisper that the kernel takes after its reader has said bye does not become the next reader's", async () => {
  const rig = new HubRig();
  const [ann, ben] = await lobby(rig, "ann", "ben") as [Guest, Guest];
  ben.stall();
  await rig.whisper(ann, "ben", "for the first ben");
  await rig.bye(ben);
  const other = await rig.enter("ben");
  await rig.whisper(ann, "ben", "for the second ben");
  ben.flow(); // only now has the first one's socket taken it
  await rig.settle();
  await rig.whisper(ann, "ben", "and another");
  await rig.ask(other, { type: "history", room: "@ann", ref: undefined });
  assertEquals(heard(other).slice(1), [
    "ann to ben 2: for the second ben",
    "ann to ben 3: and another",
    "history @ann [for the second ben and another]",
  ]);
});

Deno.test("[Q5] the history with somebody one never whispered with is empty, whoever it is", async () => {
  const rig = new HubRig();
  const [ann, ben, cat] = await lobby(rig, "ann", "ben", "cat") as [Guest, Guest, Guest];
  await rig.whisper(ann, "ben", "secret");
  heard(cat);
  for (const room of ["@ann", "@ben", "@zed", "@cat", "@ann ben"]) {
    await rig.ask(cat, { type: "history", room, ref: undefined });
  }
  await rig.ask(ben, { type: "history", room: "@cat", ref: undefined });
  assertEquals(heard(cat).map((what) => what.split("[")[1]), ["]", "]", "]", "]", "]"]);
});

Deno.test("[P4] [R2] a whisper to a guest that is only coming back, after a restart, finds it with what it had", async () => {
  const store = new MemoryStore();
  const before = new HubRig({ store });
  const [ann, ben] = [await before.enter("ann"), await before.enter("ben")];
  await before.whisper(ann, "ben", "one");
  await before.whisper(ben, "ann", "two");
  const after = new HubRig({ store });
  const resume = { log: store.incarnation, resume: { lobby: 0, "@ann": 1 } };
  const late = new Guest("ben", after.turn, { clock: () => after.now });
  const again = await after.enter("ann", {
    session: ann.session,
    log: store.incarnation,
    resume: { "@ben": 2 },
  });
  after.claim(late, { session: ben.session, ...resume }); // it has the name, and nothing is known of it yet
  const said = after.whisper(again, "ben", "three");
  await after.settle();
  await after.welcome(late, { session: ben.session, ...resume });
  await said;
  const got = late.take().filter(({ type }) => type === "whisper" || type === "gap");
  assertEquals(got.map((event) => event.type === "whisper" ? event.text : event.type), ["two", "three"]);
});
