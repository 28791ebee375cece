import { assert, assertEquals } from "@std/assert";
import { Refused } from "../client/refused.ts";
import { message, Stage, told, whisper } from "./support/stage.ts";

/** What was said, and our own lines, without times and dates. */
function shownBy(stage: Stage): string[] {
  return stage.rows.map((row) => row.replace(/^\d\d:\d\d +/, "")).filter((row) => !/^-- \w+day, /.test(row));
}

Deno.test("arriving: the last 50 of every room, a line above what was not read, then who is there", async () => {
  await using stage = new Stage();
  const lobby = Array.from({ length: 60 }, (_, at) => message(at + 1, `lobby ${at + 1}`, { ago: 5 }));
  stage.chat.logs.set("#lobby", lobby);
  stage.chat.logs.set("#ops", [message(1, "ops 1", { room: "ops" }), message(2, "ops 2", { room: "ops" })]);
  await stage.online({
    rooms: [{ room: "lobby", seq: 60, users: ["ada", "bob"] }, { room: "ops", seq: 2, users: ["ada"] }],
    read: new Map([["#lobby", 58], ["#ops", 2]]),
  });
  const rows = shownBy(stage);
  assertEquals(rows.slice(0, 3), ["bob │#ops│ ops 1", "bob │#ops│ ops 2", "bob │ lobby 11"]);
  const at = rows.findIndex((row) => row.startsWith("── new ──"));
  assertEquals([rows[at - 1], rows[at + 1]], ["bob │ lobby 58", "bob │ lobby 59"]);
  assertEquals(rows.slice(at + 3), [
    "-- connected as ada",
    "-- #lobby: ada, bob (2)",
    "-- #ops: ada (1)",
    "-- Tab completes, /help lists the commands; #lobby: server can read",
  ]);
  assertEquals(rows.filter((row) => row.startsWith("──")).length, 1);
});

Deno.test("arriving: no line where all was read, nothing is known, or all that is new is one's own", async () => {
  for (const read of [new Map([["#lobby", 3]]), new Map(), new Map([["#lobby", 2]])]) {
    await using stage = new Stage();
    stage.chat.logs.set("#lobby", [message(1, "a"), message(2, "b"), message(3, "c", { from: "ada" })]);
    await stage.online({ read });
    await stage.until("c");
    assert(!stage.log.includes("──"), stage.log);
  }
});

Deno.test("arriving: the line says how much more is new than fits", async () => {
  await using stage = new Stage();
  stage.chat.logs.set("#lobby", Array.from({ length: 80 }, (_, at) => message(at + 1, `text ${at + 1}`)));
  await stage.online({ read: new Map([["#lobby", 10]]) });
  await stage.until("── new, and 20 more before: /history ──");
  await stage.type("/history 5\n");
  await stage.until("-- 5 older in #lobby:", "text 26", "text 30");
});

Deno.test("arriving: what a page has shown is not shown again as an event, and what is said meanwhile waits", async () => {
  await using stage = new Stage();
  const gate = Promise.withResolvers<void>();
  stage.chat.gate = gate.promise;
  stage.chat.logs.set("#lobby", [message(1, "one"), message(2, "two"), message(3, "three")]);
  stage.tell({
    kind: "online",
    name: "ada",
    rooms: [{ room: "lobby", seq: 3, users: ["ada"] }],
    first: true,
    log: "same",
    account: undefined,
    read: new Map(),
  });
  stage.tell(...[2, 3].map((seq) => told(message(seq, ["", "", "two", "three"][seq]!))));
  stage.tell(told(message(4, "four")), { kind: "joined", room: "lobby", user: "carol" });
  gate.resolve();
  await stage.until("carol joined");
  stage.tell(told(message(5, "five")));
  await stage.until("five");
  const rows = shownBy(stage);
  assertEquals(
    rows.filter((row) => row.startsWith("bob")),
    ["one", "two", "three", "four", "five"].map((text) => `bob │ ${text}`),
  );
  assert(rows.indexOf("-- Tab completes, /help lists the commands") < rows.indexOf("bob │ four"));
});

Deno.test("arriving: whispers said meanwhile come with a note and their own time", async () => {
  await using stage = new Stage();
  await stage.online();
  stage.tell(told(whisper(1, "early", { ago: 3 * 24 * 60 })), told(whisper(2, "late", { ago: 60 })));
  stage.tell(told(whisper(3, "now")));
  await stage.until("now");
  const rows = stage.rows;
  const note = rows.indexOf("-- while you were away:");
  assert(/^-- \w+day, \d+ \w+ \d{4} --$/.test(rows[note + 1]!), rows[note + 1]);
  assertEquals(
    rows.slice(note).filter((row) => row.includes("[bob")).map((row) => row.replace(/^\d\d:\d\d +/, "")),
    ["early", "late", "now"].map((text) => `[bob → you] ${text}`),
  );
  assertEquals(rows.filter((row) => row.includes("while you were away")).length, 1);
  await stage.type("/reply yes\n");
  await stage.until("say @bob yes");
});

Deno.test("arriving: coming back after a lost link prints no history, and a history that cannot be had stops nothing", async () => {
  await using stage = new Stage();
  stage.chat.refusal = new Refused("room", "There is no such room");
  stage.chat.logs.set("#lobby", [message(1, "one")]);
  await stage.online();
  const again = { rooms: [{ room: "lobby", seq: 1, users: ["ada"] }], account: undefined, read: new Map() };
  stage.tell({ kind: "online", name: "ada", first: false, log: "same", ...again });
  stage.tell(told(message(2, "two")));
  await stage.until("connected again", "two");
  assert(!stage.log.includes("one"));
  assertEquals(stage.chat.calls.filter((call) => call.startsWith("history")), ["history #lobby"]);
});

Deno.test("/join shows the last messages of the room once, and only what is new when one comes back", async () => {
  await using stage = new Stage();
  await stage.online();
  const log = [message(1, "rose", { room: "garden" }), message(2, "lily", { room: "garden" })];
  stage.chat.logs.set("#garden", log);
  await stage.type("/join garden\n");
  stage.tell({ kind: "joined", room: "garden", user: "ada" }, told(log[1]!));
  await stage.until("you are in #garden");
  stage.tell(told(message(3, "tulip", { room: "garden" })));
  await stage.until("tulip");
  await stage.type("/leave\n");
  await stage.until("you left #garden");
  log.push(message(3, "tulip", { room: "garden" }), message(4, "daisy", { room: "garden" }));
  await stage.type("/join garden\n");
  await stage.until("daisy");
  assertEquals(shownBy(stage).filter((row) => row.startsWith("bob")).map((row) => row.split("│ ")[1]), [
    "rose",
    "lily",
    "tulip",
    "daisy",
  ]);
});

Deno.test("what another of one's devices does is followed: it joins and leaves rooms here as well", async () => {
  await using stage = new Stage();
  await stage.online({ account: "member" });
  stage.chat.logs.set("#garden", [message(1, "rose", { room: "garden" })]);
  stage.chat.rooms.set("garden", new Set(["ada"]));
  stage.tell({ kind: "joined", room: "garden", user: "ada" });
  await stage.until("another of your devices joined #garden", "rose");
  await stage.type("/join garden\n");
  await stage.until("#garden> ");
  stage.chat.rooms.delete("garden");
  stage.tell({ kind: "left", room: "garden", user: "ada" });
  await stage.until("another of your devices left #garden; what you type goes to #lobby");
  await stage.type("hello\n");
  await stage.until("say #lobby hello");
});

Deno.test("what is shown is told at once, what is read when somebody is at the keys", async () => {
  await using stage = new Stage();
  stage.chat.logs.set("#lobby", [message(1, "one"), message(2, "two")]);
  await stage.online();
  stage.tell(told(whisper(7, "psst")), { kind: "gap", to: "#lobby", from: 3, until: 5, why: "expired" });
  await stage.until("shown #lobby 2", "shown @bob 7", "shown #lobby 5", "messages 3 to 5 of #lobby expired");
  await new Promise((resolve) => setTimeout(resolve, 500)); // longer than marks are gathered
  assertEquals(stage.chat.calls.filter((call) => call.startsWith("read")), []);
  stage.tell({ kind: "read", to: "@bob", seq: 7 }); // another device was there first
  await stage.type("x\n");
  await stage.until("read #lobby 5");
  stage.tell(told(message(6, "six")));
  await stage.until("read #lobby 6");
  assertEquals(stage.chat.calls.filter((call) => call.startsWith("read")), [
    "read #lobby 5",
    "read #lobby 6",
  ]);
});

Deno.test("what is on the screen counts as read when one leaves with /quit", async () => {
  await using stage = new Stage();
  stage.chat.logs.set("#lobby", [message(1, "one")]);
  await stage.online();
  await stage.type("/quit\n");
  assertEquals(await stage.exit, 0);
  const { calls } = stage.chat;
  assert(
    calls.includes("read #lobby 1") && calls.indexOf("read #lobby 1") < calls.indexOf("bye"),
    `${calls}`,
  );
});

Deno.test("what became of one's whispers: stored, kept, delivered, and up to when", async () => {
  await using stage = new Stage();
  await stage.online();
  const receipt = (seq: number, status: "kept" | "delivered") =>
    ({ kind: "receipt", with: "bob", seq, id: undefined, status }) as const;
  const mine = (seq: number, text: string) => told(whisper(seq, text, { from: "ada", to: "bob" }));
  stage.tell(mine(1, "one"), receipt(1, "delivered"), mine(2, "two"), receipt(2, "kept"), mine(3, "three"));
  await stage.until("one ✓✓\n", "two ✓ kept for bob\n", "three ✓\n");
  stage.tell(receipt(3, "kept"));
  await stage.until("-- kept for bob until they come back");
  stage.tell(receipt(3, "delivered"));
  await stage.until("-- bob has your whispers up to ");
  stage.tell({ ...receipt(9, "delivered"), with: "carol" });
  await stage.until("-- carol has your whispers\n");
});

Deno.test("/history says when what is older has expired", async () => {
  await using stage = new Stage();
  stage.chat.logs.set("#lobby", [message(41, "one")]);
  stage.chat.expired = 40;
  await stage.online();
  await stage.type("/history\n");
  await stage.until("-- older messages in #lobby have expired");
  assert(!stage.log.includes("nothing older"));
});
