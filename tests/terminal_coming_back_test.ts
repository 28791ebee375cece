import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { openChat, openServer, register } from "./support/chat_pane.ts";
import { filesUnder } from "./support/state_files.ts";
import { type Pane, terminalTest } from "./support/tmux.ts";
import { signedIn } from "./support/watched.ts";

const SECRET = "correct horse battery";

async function leave(pane: Pane): Promise<void> {
  await pane.enter("/quit");
  assertEquals(await pane.exit(), 0);
}

/** The rows of a screen without the time. */
function rows(screen: string): string[] {
  return screen.split("\n").map((row) => row.replace(/^\d\d:\d\d +/, "").trimEnd());
}

terminalTest(
  "terminal [C07] whispers to somebody away are kept, and come once, with their own time, at the next sign-in",
  async () => {
    await using server = await openServer();
    await using bob = await openChat(server.port, "bob");
    await register(bob, SECRET);
    await leave(bob);
    await using ada = await openChat(server.port, "ada");
    await ada.enter("/w bob are you there?");
    await ada.until("[you → bob] are you there? ✓ kept for bob");
    await ada.enter("/w bob call me");
    await ada.until("[you → bob] call me ✓ kept for bob");
    const state = { env: { XDG_STATE_HOME: bob.dir }, rows: 40 };
    await using again = await openChat(server.port, "bob", state);
    const screen = rows(await again.until("[ada → you] call me (server can read)", /#lobby>$/)); // and nobody was asked for a password
    const away = screen.findIndex((row) => row.startsWith("-- Tab completes, /help lists the commands"));
    const open = "(server can read)"; // ada is a guest
    assertEquals(screen.slice(away + 1, -1), [
      `[ada → you] are you there? ${open}`,
      `[ada → you] call me ${open}`,
    ]);
    await ada.until("-- bob has your whispers up to ");
    await again.enter("/reply on my way");
    await ada.until("[bob → you] on my way");
    await leave(again);
    await using third = await openChat(server.port, "bob", state);
    await third.enter("hello");
    await third.until("bob │ hello");
    assert(!(await third.screen()).includes("call me"), "it was shown once, and read");
  },
);

terminalTest("terminal: a line marks what was said since one left, on whichever device", async () => {
  await using server = await openServer();
  await using bob = await signedIn(server.port, "bob");
  for (let at = 1; at <= 3; at++) bob.client.say("#lobby", `early ${at}`);
  await bob.client.settled();
  await using ada = await openChat(server.port, "ada");
  await register(ada, SECRET);
  await ada.enter("/join ops");
  await ada.until("you are in #ops");
  await leave(ada);
  for (let at = 1; at <= 2; at++) bob.client.say("#lobby", `late ${at}`);
  await bob.client.settled();
  const state = { env: { XDG_STATE_HOME: ada.dir } };
  await using again = await openChat(server.port, "ada", state);
  const screen = rows(await again.screen());
  const line = screen.findIndex((row) => row.startsWith("── new ──"));
  assertEquals(
    screen.slice(line - 3, line),
    ["early 1", "early 2", "early 3"].map((text) => `bob │ ${text}`),
  );
  assertEquals(screen.slice(line + 1, line + 3), ["late 1", "late 2"].map((text) => `bob │ ${text}`));
  assertEquals(screen.filter((row) => row.includes("late")).length, 2, "once each");
  assert(screen.some((row) => row.startsWith("-- #ops: ada")), "its rooms are its own on every device");
  await again.press("x", "BSpace"); // somebody is there, and reads
  const kept = async () => (await filesUnder(`${ada.dir}/chat`)).map(({ text }) => text).join("");
  await again.poll(kept, (text) => text.includes('"read":["#lobby",5]'), "the mark to be kept");
  await again.enter("/rooms");
  await again.until("-- #ops: 1 person, you among them"); // and the server has taken it before that
  await using other = await openChat(server.port, "ada", { env: state.env, rows: 40 }); // the same device, at the same time
  bob.client.say("#lobby", "now");
  await other.until("bob │ now", "bob │ late 2", (screen) => !screen.includes("── new"));
  await again.until("bob │ now");
});

terminalTest("terminal: what one device enters, leaves and says, the others see", async () => {
  await using server = await openServer();
  await using ada = await openChat(server.port, "ada");
  await register(ada, SECRET);
  const state = { env: { XDG_STATE_HOME: ada.dir } };
  await using other = await openChat(server.port, "ada", state);
  await ada.enter("/join garden");
  await other.until("another of your devices joined #garden");
  await ada.enter("roses");
  await other.until("ada │#garden│ roses");
  await ada.enter("/w ada note to myself");
  await other.until("note to myself");
  await other.enter("/join garden");
  await other.until(/#garden>$/);
  await ada.enter("/leave");
  await other.until("another of your devices left #garden; what you type goes to #lobby", /#lobby>$/);
});

terminalTest("terminal: /search finds what one may read, and marks the words", async () => {
  await using server = await openServer();
  await using bob = await signedIn(server.port, "bob");
  await bob.client.join("secret");
  bob.client.say("#secret", "the disk is ours");
  bob.client.say("#lobby", "the Disk is full");
  bob.client.say("#lobby", "full of disks");
  bob.client.say("@bob", "my disk");
  await bob.client.settled();
  await using ada = await openChat(server.port, "ada", { args: ["--color"] });
  await ada.enter("/search from:bob in:#lobby since:1d disk");
  await ada.until("-- 1 found", "#lobby │ bob │ the Disk is full");
  assertStringIncludes(await ada.log(), "\x1b[1;4mDisk\x1b[0m is full");
  await ada.enter("/search disk");
  await ada.until((screen) => screen.split("-- 1 found").length === 3);
  await ada.enter("/search in:#secret disk");
  await ada.until("!!", (screen) => !screen.includes("ours"));
  await ada.enter("/search nowhere");
  await ada.until("-- nothing found in what you may read");
});
