import { assert, assertEquals } from "@std/assert";
import { Guest, heard, HubRig } from "./support/hub_rig.ts";

/** A hub with some people in its lobby, all of whom have read what came so far. */
async function lobby(rig: HubRig, ...names: readonly string[]): Promise<Guest[]> {
  const guests: Guest[] = [];
  for (const name of names) guests.push(await rig.enter(name));
  for (const guest of guests) guest.take();
  return guests;
}

Deno.test("[M1] [L2] a message goes to all members in the same order, the sender's copy being its answer", async () => {
  const rig = new HubRig();
  const [ann, ben, cat] = await lobby(rig, "ann", "ben", "cat") as [Guest, Guest, Guest];
  await Promise.all([rig.say(ann, "lobby", "a"), rig.say(ben, "lobby", "b"), rig.say(ann, "lobby", "c")]);
  const expected = ["lobby 1 ann: a", "lobby 2 ben: b", "lobby 3 ann: c"];
  for (const each of [ann, ben, cat]) assertEquals(heard(each), expected);
});

Deno.test("[M1] [Q2] [Q3] only members hear and speak; to the others the room is closed or does not exist", async () => {
  const rig = new HubRig();
  const [ann, ben] = await lobby(rig, "ann", "ben") as [Guest, Guest];
  await rig.say(ann, "tea", "anyone?");
  await rig.join(ann, "tea");
  await rig.say(ann, "tea", "anyone?");
  await rig.say(ben, "tea", "me");
  await rig.ask(ben, { type: "users", room: "tea", ref: undefined }, {
    type: "history",
    room: "tea",
    ref: undefined,
  });
  await rig.leave(ben, "tea");
  await rig.leave(ben, "nowhere");
  assertEquals(heard(ann), ["room", "ann joined tea (ann)", "tea 1 ann: anyone?"]);
  assertEquals(heard(ben), ["not_member", "not_member", "not_member", "not_member", "room"]);
});

Deno.test("[Q2] [Q3] joining is told to the others and answered to oneself, twice alike; leaving, too", async () => {
  const rig = new HubRig();
  const [ann, ben] = await lobby(rig, "ann", "ben") as [Guest, Guest];
  await rig.join(ann, "tea");
  await rig.join(ben, "tea");
  await rig.join(ben, "tea");
  await rig.say(ben, "tea", "hi");
  await rig.leave(ben, "tea");
  await rig.say(ann, "tea", "gone?");
  assertEquals(heard(ann), [
    "ann joined tea (ann)",
    "ben joined tea",
    "tea 1 ben: hi",
    "ben left tea",
    "tea 2 ann: gone?",
  ]);
  assertEquals(heard(ben), [
    "ben joined tea (ann ben)",
    "ben joined tea (ann ben)",
    "tea 1 ben: hi",
    "ben left tea",
  ]);
});

Deno.test("[Q2] nobody is in more rooms than the limit, and leaving one makes room for another", async () => {
  const rig = new HubRig({ limits: { roomsPerUser: 3 } });
  const [ann] = await lobby(rig, "ann") as [Guest];
  for (const room of ["one", "two", "three", "two"]) await rig.join(ann, room);
  await rig.leave(ann, "one");
  await rig.join(ann, "three");
  assertEquals(heard(ann), [
    "ann joined one (ann)",
    "ann joined two (ann)",
    "rate",
    "ann joined two (ann)",
    "ann left one",
    "ann joined three (ann)",
  ]);
});

Deno.test("[Q1] [Q4] users and rooms are listed in order; a room nobody spoke in is gone with its last member", async () => {
  const rig = new HubRig();
  const [zoe, ann] = await lobby(rig, "zoe", "ann") as [Guest, Guest];
  await rig.join(zoe, "spoken");
  await rig.say(zoe, "spoken", "x");
  await rig.leave(zoe, "spoken");
  await rig.join(zoe, "silent");
  await rig.leave(zoe, "silent");
  heard(zoe);
  await rig.ask(zoe, { type: "rooms", ref: undefined }, { type: "users", ref: undefined });
  await rig.ask(zoe, { type: "users", after: "ann", ref: undefined }, {
    type: "rooms",
    after: "lobby",
    ref: undefined,
  });
  assertEquals(heard(zoe), ["rooms lobby:2:0 spoken:0:1", "users ann zoe", "users zoe", "rooms spoken:0:1"]);
  assertEquals(heard(ann), []);
});

Deno.test("[L5] what one client asks is answered in the order in which it asked", async () => {
  const rig = new HubRig();
  const [ann] = await lobby(rig, "ann") as [Guest];
  await rig.ask(
    ann,
    { type: "message", room: "lobby", id: "1", text: "one", ref: undefined },
    { type: "ping", ref: undefined },
    { type: "whisper", to: "ann", id: "2", text: "two", ref: undefined },
    { type: "message", room: "lobby", id: "3", text: "three", ref: undefined },
    { type: "history", room: "lobby", ref: undefined },
    { type: "message", room: "lobby", id: "4", text: "four", ref: undefined },
    { type: "users", ref: undefined },
  );
  assertEquals(heard(ann), [
    "lobby 1 ann: one",
    "pong",
    "ann to ann 1: two",
    "lobby 2 ann: three",
    "history lobby [one three]",
    "lobby 3 ann: four",
    "users ann",
  ]);
});

Deno.test("[Q5] history pages back from the newest, and says whether there is more", async () => {
  const rig = new HubRig();
  const [ann] = await lobby(rig, "ann") as [Guest];
  for (let n = 1; n <= 7; n++) await rig.say(ann, "lobby", `${n}`);
  heard(ann);
  const ask = (before?: number, limit?: number) =>
    rig.ask(ann, {
      type: "history",
      room: "lobby",
      ...before === undefined ? {} : { before },
      ...limit === undefined ? {} : { limit },
      ref: undefined,
    });
  await ask();
  await ask(undefined, 3);
  await ask(5, 3);
  await ask(2, 3);
  await ask(1, 3);
  await ask(1_000, 2);
  assertEquals(heard(ann), [
    "history lobby [1 2 3 4 5 6 7]",
    "history lobby [5 6 7] more",
    "history lobby [2 3 4] more",
    "history lobby [1]",
    "history lobby []",
    "history lobby [6 7] more",
  ]);
});

Deno.test("[Q5] a page that does not fit a frame is cut at its old end", async () => {
  const rig = new HubRig();
  const [ann] = await lobby(rig, "ann") as [Guest];
  for (let n = 1; n <= 10; n++) await rig.say(ann, "lobby", "𝕏".repeat(4_000));
  heard(ann);
  await rig.ask(ann, { type: "history", room: "lobby", ref: undefined });
  const [page] = ann.take();
  assert(page?.type === "history" && page.more);
  assertEquals(page.entries.map(({ seq }) => seq), [8, 9, 10]);
});

Deno.test("[D07] of 50 claims on one name in one turn exactly one is granted", () => {
  const rig = new HubRig();
  const guests = Array.from({ length: 50 }, () => new Guest("alice", rig.turn, { clock: () => rig.now }));
  for (const guest of guests) rig.claim(guest);
  assertEquals(guests.filter(({ seat }) => seat !== undefined).length, 1);
  assertEquals(guests.flatMap(heard), Array.from({ length: 49 }, () => "name_taken"));
  assertEquals(rig.hub.here, 1);
});

for (
  const [first, second, code] of [
    ["paul", "PAUL", "name_taken"],
    ["paul", "ｐａｕｌ", "name_taken"],
    ["émile", "e\u0301mile", "name_taken"],
    ["paul", "pau1", "name_confusable"],
    ["paul", "PauI", "name_confusable"],
    ["PauI", "paul", "name_confusable"],
    ["modern", "rnodern", "name_confusable"],
    ["o0", "oO", "name_confusable"],
  ] as const
) {
  Deno.test(`[D08] [N6] next to ${first} the name ${second} is refused with ${code}, and free when it has gone`, async () => {
    const rig = new HubRig();
    const holder = await rig.enter(first);
    assertEquals(heard(await rig.enter(second)), [code]);
    await rig.bye(holder);
    assertEquals(heard(await rig.enter(second))[0]?.split(" ")[0], "welcome");
  });
}

Deno.test("[D13] [H2] [H3] a reserved name, an invalid one and another version are refused", async () => {
  const rig = new HubRig();
  assertEquals(heard(await rig.enter("Server")), ["name_reserved"]);
  assertEquals(heard(await rig.enter("a b")), ["name_invalid"]);
  assertEquals(heard(await rig.enter("alice", { protocol: 2 })), ["unsupported_protocol"]);
  assertEquals(rig.hub.here, 0);
});

Deno.test("[C05] who joins and leaves without end is told of a few times, and the last word is true", async () => {
  const rig = new HubRig();
  const [ann, ben] = await lobby(rig, "ann", "ben") as [Guest, Guest];
  await rig.join(ann, "tea");
  heard(ann);
  for (let n = 0; n < 50; n++) {
    await rig.join(ben, "tea");
    await rig.leave(ben, "tea");
  }
  await rig.join(ben, "tea");
  const news = heard(ann);
  assert(news.length <= 4, `${news}`);
  for (let n = 0; n < 20; n++) await rig.pass(0.25);
  assertEquals([...news, ...heard(ann)].at(-1), "ben joined tea");
  await rig.leave(ben, "tea");
  await rig.pass(5);
  assertEquals(heard(ann), ["ben left tea"]);
});

Deno.test("[Q2] [Q3] nobody is told of itself, however late the news are", async () => {
  const rig = new HubRig();
  const [ann, ben] = await lobby(rig, "ann", "ben") as [Guest, Guest];
  await rig.join(ben, "tea");
  await rig.join(ann, "tea"); // a notice less, so that the last one below is late
  await rig.leave(ann, "tea");
  await rig.join(ann, "coffee");
  for (let n = 0; n < 10; n++) {
    await rig.join(ann, "tea");
    await rig.leave(ann, "tea");
  }
  await rig.join(ann, "tea");
  heard(ann);
  heard(ben);
  for (let n = 0; n < 20; n++) await rig.pass(0.25);
  assertEquals(heard(ann), []);
  assertEquals(heard(ben), ["ann joined tea"]);
});

Deno.test("[C05] late news of a guest who has gone are none when another one has come by the same name", async () => {
  const rig = new HubRig();
  const [ann, ben] = await lobby(rig, "ann", "ben") as [Guest, Guest];
  for (const room of ["tea", "coffee"]) {
    await rig.join(ann, room);
    await rig.join(ben, room);
  }
  await rig.leave(ben, "tea");
  heard(ann);
  await rig.bye(ben); // of which nobody can be told for a while
  assertEquals(heard(ann), []);
  const other = await rig.enter("ben");
  await rig.pass(10);
  assertEquals(heard(ann), ["ben left coffee"]);
  assertEquals(heard(other), ["welcome ben"]);
});

Deno.test("[Q3] in a room of more than the limit nobody is told who comes and goes, and lists are cut", async () => {
  const rig = new HubRig({ limits: { presence: 3 } });
  const [ann] = await lobby(rig, "ann") as [Guest];
  const names = ["ben", "cat", "dan", "eve", "fay"];
  const guests: Guest[] = [];
  for (const name of names) guests.push(await rig.enter(name));
  assertEquals(heard(ann), ["ben joined lobby", "cat joined lobby"]);
  const last = guests.at(-1)!.take()[0];
  assert(last?.type === "welcome");
  assertEquals(last.rooms.map(({ users, total }) => [users.length, total]), [[3, 6]]);
  await rig.ask(ann, { type: "users", room: "lobby", ref: undefined });
  assertEquals(heard(ann), ["users ann ben cat dan eve fay"]);
});
