import { assertEquals } from "@std/assert";
import { pairKey } from "../server/store/store.ts";
import { type Guest, heard, HubRig } from "./support/hub_rig.ts";

/** A rig with accounts of these names, nobody of them here. */
async function house(...names: readonly string[]): Promise<HubRig> {
  const rig = new HubRig();
  for (const name of names) await rig.account(name);
  return rig;
}

/** What somebody has heard, without who came and went. */
function said(guest: Guest): string[] {
  return heard(guest).filter((what) => !/ (?:joined|left) /.test(what));
}

Deno.test("[U2] a name of an account is no guest's, nor one that looks like it", async () => {
  const rig = await house("paul");
  assertEquals(heard(await rig.enter("paul")), ["auth_required"]);
  assertEquals(heard(await rig.enter("pau1")), ["name_confusable"]);
});

Deno.test("[P5] a whisper to somebody away is kept, and handed over once, with its own time", async () => {
  const rig = await house("ann", "ben");
  const ann = await rig.signIn("ann");
  heard(ann);
  await rig.whisper(ann, "ben", "are you there?");
  assertEquals(said(ann), ["ann to ben 1: are you there?", "receipt ben 1 kept"]);
  const sent = rig.now;
  await rig.pass(100);
  const ben = await rig.signIn("ben");
  const [, whisper] = ben.take();
  assertEquals(whisper?.type === "whisper" && Date.parse(whisper.at), sent);
  assertEquals(said(ann), ["receipt ben 1"]);
  await rig.bye(ben);
  assertEquals(heard(await rig.signIn("ben")), ["welcome ben"]);
});

Deno.test("[P5] what was kept comes also when the account was forgotten meanwhile, and goes to any device", async () => {
  const rig = await house("ann", "ben");
  const ann = await rig.signIn("ann");
  await rig.whisper(ann, "ben", "one");
  await rig.pass(61); // forgotten
  await rig.whisper(ann, "ben", "two");
  await rig.pass(61);
  const phone = await rig.signIn("ben", { token: "another-device-12345" });
  assertEquals(heard(phone), ["welcome ben", "ann to ben 1: one", "ann to ben 2: two"]);
  assertEquals(said(ann).slice(-2), ["receipt ben 1", "receipt ben 2"]);
});

Deno.test("[P3] who was away when a whisper was taken is told at the next sign-in, and once", async () => {
  const rig = await house("ann", "ben");
  const ann = await rig.signIn("ann");
  await rig.whisper(ann, "ben", "one");
  await rig.whisper(ann, "ben", "two");
  await rig.bye(ann);
  const ben = await rig.signIn("ben");
  assertEquals(heard(ben).slice(1), ["ann to ben 1: one", "ann to ben 2: two"]);
  assertEquals(heard(await rig.signIn("ann")).slice(1), ["receipt ben 2"]);
  assertEquals(heard(await rig.signIn("ann", { token: "x".repeat(20) })).slice(1), []);
});

Deno.test("[P3] the sender is told also when it has come back since, and nothing else was said", async () => {
  const rig = await house("ann", "ben");
  const ann = await rig.signIn("ann");
  await rig.whisper(ann, "ben", "one");
  await rig.bye(ann);
  await rig.pass(61); // ben is forgotten
  const back = await rig.signIn("ann");
  heard(back);
  const ben = await rig.signIn("ben");
  assertEquals(heard(ben), ["welcome ben", "ann to ben 1: one"]);
  assertEquals(said(back), ["receipt ben 1"]);
});

Deno.test("[C07] [P5] of one sender 500 whispers wait, then mailbox_full; another one still gets through", async () => {
  const rig = await house("ann", "ben", "cat");
  const ann = await rig.signIn("ann");
  const cat = await rig.signIn("cat");
  const asked = Array.from(
    { length: 1_000 },
    (_, n) => ({ type: "whisper", to: "ben", id: `w${n}`, text: `${n}`, ref: undefined }) as const,
  );
  await rig.ask(ann, ...asked);
  const told = said(ann);
  assertEquals(told.filter((what) => what === "mailbox_full").length, 500);
  assertEquals(told.filter((what) => what.startsWith("ann to ben")).length, 500);
  await rig.whisper(cat, "ben", "and me");
  assertEquals(said(cat).slice(-2), ["cat to ben 1: and me", "receipt ben 1 kept"]);
  // Whoever asks again for one that was taken is told that it was; for another, that it was not.
  await rig.ask(ann, asked[0]!, asked[999]!);
  const ben = await rig.signIn("ben");
  const got = heard(ben).slice(1);
  assertEquals(got.filter((what) => what.startsWith("ann")).length, 500);
  assertEquals(got.filter((what) => what.startsWith("cat")), ["cat to ben 1: and me"]);
  said(ann);
  await rig.whisper(ann, "ben", "now there is room");
  assertEquals(said(ann), ["ann to ben 501: now there is room", "receipt ben 501"]);
});

Deno.test("[P5] a mailbox is bounded in bytes, too, and in all", async () => {
  const rig = new HubRig({ limits: { mailboxBytesPerSender: 100, mailboxBytes: 150, mailboxEntries: 3 } });
  for (const name of ["ann", "ben", "cat"]) await rig.account(name);
  const ann = await rig.signIn("ann");
  const cat = await rig.signIn("cat");
  await rig.whisper(ann, "ben", "x".repeat(60));
  await rig.whisper(ann, "ben", "y".repeat(60));
  await rig.whisper(cat, "ben", "é".repeat(45));
  await rig.whisper(cat, "ben", "z");
  assertEquals(said(ann).at(-1), "mailbox_full");
  assertEquals(said(cat).at(-1), "mailbox_full");
});

Deno.test("[U9] all connections of an account see the same rooms and whispers, its own words too", async () => {
  const rig = await house("ann", "ben");
  const one = await rig.signIn("ann", { instance: "i".repeat(16) });
  const two = await rig.signIn("ann", { instance: "j".repeat(16) });
  const ben = await rig.signIn("ben");
  for (const each of [one, two, ben]) heard(each);
  await rig.join(one, "tea");
  assertEquals(heard(one), ["ann joined tea (ann)"]);
  assertEquals(heard(two), ["ann joined tea (ann)"]);
  await rig.say(two, "tea", "hello");
  await rig.whisper(one, "ben", "psst");
  await rig.whisper(ben, "ann", "what?");
  const both = ["tea 1 ann: hello", "ann to ben 1: psst", "receipt ben 1", "ben to ann 2: what?"];
  assertEquals(heard(one), both);
  assertEquals(heard(two), both);
  await rig.leave(two, "tea");
  assertEquals(heard(one), ["ann left tea"]);
  await rig.say(one, "tea", "still?");
  assertEquals(heard(one), ["not_member"]);
});

Deno.test("[U9] somebody leaves when the last connection has left", async () => {
  const rig = await house("ann");
  const ben = await rig.enter("ben");
  const one = await rig.signIn("ann", { instance: "i".repeat(16) });
  const two = await rig.signIn("ann", { instance: "j".repeat(16) });
  await rig.bye(one);
  await rig.pass(5);
  assertEquals(heard(ben), ["welcome ben", "ben joined lobby", "ann joined lobby"].filter((_, n) => n !== 1));
  await rig.vanish(two);
  await rig.pass(1);
  assertEquals(heard(ben), []);
  await rig.pass(2);
  assertEquals(heard(ben), ["ann left lobby"]);
});

Deno.test("[U5] a device has one connection, unless its programs tell themselves apart", async () => {
  const rig = await house("ann");
  const one = await rig.signIn("ann");
  const again = await rig.signIn("ann");
  const other = await rig.signIn("ann", { instance: "i".repeat(16) });
  assertEquals([one.ended, again.ended, other.ended], ["replaced", undefined, undefined]);
});

Deno.test("[B10] [U5] of more connections than an account may have, the oldest goes", async () => {
  const rig = new HubRig({ limits: { sessionsPerAccount: 5 } });
  await rig.account("ann");
  const all: Guest[] = [];
  for (let n = 0; n < 7; n++) all.push(await rig.signIn("ann", { instance: `instance-${n}-123456` }));
  assertEquals(all.map(({ ended }) => ended), [
    "replaced",
    "replaced",
    ...Array.from({ length: 5 }, () => undefined),
  ]);
  assertEquals(rig.hub.here, 5);
});

Deno.test("[U9] an account is in its rooms again at the next sign-in", async () => {
  const rig = await house("ann");
  const ann = await rig.signIn("ann");
  await rig.join(ann, "tea");
  await rig.bye(ann);
  const back = await rig.signIn("ann");
  const [welcome] = back.take();
  assertEquals(welcome?.type === "welcome" && welcome.rooms.map(({ room }) => room), ["lobby", "tea"]);
});

for (const held of [true, false]) {
  const then = held ? "still held" : "long gone";
  Deno.test(`[R2] [U9] a room left on one device is not entered again by what another one, ${then}, has of it`, async () => {
    const rig = await house("ann");
    const desk = await rig.signIn("ann");
    const token = "phone-of-ann-12345678";
    const phone = await rig.signIn("ann", { token });
    await rig.join(desk, "tea");
    await rig.say(desk, "tea", "hot");
    await rig.vanish(phone);
    await rig.ask(desk, { type: "leave", room: "tea", ref: undefined });
    if (!held) await rig.pass(61);
    const back = await rig.signIn("ann", { token, resume: { lobby: 0, tea: 0 } });
    assertEquals(heard(back), [`welcome ann${held ? " again" : ""}`]);
    assertEquals([...back.seat!.person.rooms], ["lobby"]);
  });
}

Deno.test("[U8] reading on one connection is told to the others, rises only, and is there at the next sign-in", async () => {
  const rig = await house("ann", "ben");
  const one = await rig.signIn("ann", { instance: "i".repeat(16) });
  const two = await rig.signIn("ann", { instance: "j".repeat(16) });
  const ben = await rig.signIn("ben");
  for (const text of ["a", "b", "c"]) await rig.say(ben, "lobby", text);
  await rig.whisper(ben, "ann", "psst");
  for (const each of [one, two, ben]) heard(each);
  const read = (room: string, seq: number) => rig.ask(one, { type: "read", room, seq, ref: undefined });
  await read("lobby", 2);
  await read("lobby", 1);
  await read("@ben", 1);
  await read("lobby", 99); // nobody has seen what is not there yet
  await read("elsewhere", 5);
  await read("@zed", 5);
  assertEquals(heard(one), []);
  assertEquals(heard(two), ["read lobby 2", "read @ben 1", "read lobby 3"]);
  assertEquals(heard(ben), []);
  await rig.pass(1);
  const [welcome] = (await rig.signIn("ann", { token: "y".repeat(20) })).take();
  assertEquals(
    welcome?.type === "welcome" && welcome.read?.toSorted((a, b) => a.room < b.room ? -1 : 1),
    [{ room: "@ben", seq: 1 }, { room: "lobby", seq: 3 }],
  );
});

Deno.test("[Q8] search finds what one may read, and nothing else", async () => {
  const rig = await house("ann", "ben", "cat");
  const [ann, ben, cat] = [await rig.signIn("ann"), await rig.signIn("ben"), await rig.signIn("cat")];
  await rig.join(ben, "ops");
  await rig.say(ben, "ops", "disk one");
  rig.now++;
  await rig.say(ben, "lobby", "disk two");
  rig.now++;
  await rig.whisper(ben, "ann", "disk three");
  for (const each of [ann, ben, cat]) heard(each);
  const look = async (guest: Guest, more: object = {}) => {
    await rig.ask(guest, { type: "search", text: "disk", ref: undefined, ...more });
    return heard(guest).at(-1);
  };
  assertEquals(await look(ben), "found [disk three disk two disk one]");
  assertEquals(await look(ann), "found [disk three disk two]");
  assertEquals(await look(cat), "found [disk two]");
  assertEquals(await look(cat, { room: "ops" }), "not_member");
  assertEquals(await look(cat, { room: "nowhere" }), "room");
  assertEquals(await look(cat, { room: "@ben" }), "found []");
  assertEquals(await look(ben, { limit: 1 }), "found [disk three] more");
  assertEquals(await look(ben, { from: "ann" }), "found []");
});

Deno.test("[U4] a guest that registers stays who it is: its rooms, its whispers, its ids", async () => {
  const rig = new HubRig();
  const ann = await rig.enter("ann");
  const ben = await rig.enter("ben");
  await rig.join(ben, "tea");
  await rig.whisper(ben, "ann", "as a guest", "id-1");
  const account = await rig.account("ben");
  await rig.hub.roster.enrolled(
    ben.seat!,
    { ...account, identity: ben.seat!.person.identity },
    1,
    "token-of-ben-123456",
  );
  for (const each of [ann, ben]) heard(each);
  await rig.whisper(ben, "ann", "again", "id-1");
  assertEquals(heard(ben), ["ben to ann 1: as a guest"]);
  await rig.bye(ben);
  await rig.whisper(ann, "ben", "later");
  assertEquals(said(ann), ["ann to ben 2: later", "receipt ben 2 kept"]);
  const marks = await rig.store.people.marksOf(account.id);
  assertEquals(marks.get(pairKey("ann", "ben"))?.floor, 0);
  const back = await rig.signIn("ben");
  await rig.ask(back, { type: "history", room: "@ann", ref: undefined });
  assertEquals(heard(back).slice(1), ["ann to ben 2: later", "history @ann [as a guest later]"]);
  assertEquals([...back.seat!.person.rooms].sort(), ["lobby", "tea"]);
});

Deno.test("[P4] whispers to a guest of before are not those of the account that has the name now", async () => {
  const rig = new HubRig();
  const ann = await rig.enter("ann");
  const guest = await rig.enter("ben");
  await rig.whisper(ann, "ben", "for the guest");
  await rig.bye(guest);
  await rig.account("ben");
  await rig.whisper(ann, "ben", "for the account");
  const ben = await rig.signIn("ben");
  await rig.ask(ben, { type: "history", room: "@ann", ref: undefined });
  assertEquals(heard(ben).slice(1), ["ann to ben 2: for the account", "history @ann [for the account]"]);
});

Deno.test("[M3] what was taken is not refused when it is repeated, whatever has changed", async () => {
  const rig = await house("ann");
  const [ann, ben] = [await rig.signIn("ann"), await rig.enter("ben")];
  await rig.join(ann, "tea");
  await rig.say(ann, "tea", "original", "id-1");
  await rig.leave(ann, "tea");
  await rig.whisper(ann, "ben", "psst", "id-2");
  await rig.bye(ben);
  heard(ann);
  for (const id of ["id-1", "id-2"]) assertEquals(await rig.hub.repeated(ann.seat!, id), true);
  assertEquals(await rig.hub.repeated(ann.seat!, "id-3"), false);
  await rig.settle();
  assertEquals(said(ann), ["tea 1 ann: original", "ann to ben 1: psst"]);
});
