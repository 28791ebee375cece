import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { chatCommand, openChat, openServer } from "./support/chat_pane.ts";
import { FaultProxy } from "./support/proxy.ts";
import { Pane, terminalTest } from "./support/tmux.ts";
import { signedIn } from "./support/watched.ts";

terminalTest("terminal: two people chat, and nothing disturbs the line being typed", async () => {
  await using server = await openServer();
  await using ada = await openChat(server.port, "ada");
  await using bob = await openChat(server.port, "bob");
  await ada.until("-- bob joined #lobby");
  await bob.type("half a li");
  await bob.until("#lobby> half a li");
  for (const text of ["one", "two", "three"]) await ada.enter(text);
  await bob.until("three", /#lobby> half a li$/);
  await bob.press("Home");
  await bob.type("my ");
  await bob.press("End");
  await bob.enter("ne");
  const [seenByAda, seenByBob] = [await ada.until("my half a line"), await bob.until("my half a line")];
  const said = (screen: string) => screen.split("\n").filter((row) => /^\d\d:\d\d /.test(row));
  assertEquals(said(seenByAda), said(seenByBob));
  assertEquals(said(seenByAda).map((row) => row.slice(6).trim()), [
    "ada │ one",
    "ada │ two",
    "ada │ three",
    "bob │ my half a line",
  ]);
  assertMatch(seenByBob, /#lobby>$/);
});

terminalTest("terminal: what is typed right behind /join is said in that room", async () => {
  await using server = await openServer();
  await using bob = await signedIn(server.port, "bob");
  await bob.client.join("garden");
  await using ada = await openChat(server.port, "ada");
  await ada.type("/join #garden\rroses\r"); // all at once
  await ada.until(/ada │ roses/);
  const { to, entry } = await bob.next("entry");
  assertEquals([to, entry.text], ["#garden", "roses"]);
});

terminalTest(
  "terminal: whispers are marked, answered with /reply, and a wrong name loses nothing",
  async () => {
    await using server = await openServer();
    await using bob = await signedIn(server.port, "bob");
    await using ada = await openChat(server.port, "ada");
    await ada.enter("/w bob are you free?");
    await ada.until(/\[you → bob\] are you free\? ✓✓/);
    assertEquals((await bob.next("entry")).entry.text, "are you free?");
    bob.client.say("@ada", "at noon");
    await ada.until("[bob → you] at noon");
    await ada.enter("/r fine");
    assertEquals((await bob.next("entry", ({ entry }) => entry.from === "ada")).entry.text, "fine");
    await ada.enter("/whisper nobody a long and careful text");
    await ada.until("(unknown_user)", /#lobby> \/whisper nobody a long and careful text$/);
  },
);

terminalTest("terminal: rooms can be listed, entered and left; who comes and goes is told", async () => {
  await using server = await openServer();
  await using ada = await openChat(server.port, "ada");
  await using bob = await signedIn(server.port, "bob");
  await ada.enter("/list");
  await ada.until("-- #lobby: ada, bob (2)");
  await ada.enter("/join #Garden");
  await ada.until("you are in #garden", /#garden>$/);
  await bob.client.join("garden");
  await ada.until("-- bob joined #garden");
  bob.client.say("#garden", "roses");
  bob.client.say("#lobby", "back there");
  await ada.until("bob │ roses", "bob │#lobby│ back there");
  await ada.enter("/rooms");
  await ada.until("-- #garden: 2 people, you among them");
  await bob.client.leave("garden");
  await ada.until("-- bob left #garden");
  await ada.enter("/leave");
  await ada.until("you left #garden", /#lobby>$/);
  await ada.enter("/history 5");
  await ada.until("nothing older in #lobby", (screen) => !screen.includes("roses\n#lobby"));
});

terminalTest(
  "terminal: the last 50 messages are there when one comes, /history and PgUp go further back",
  async () => {
    await using server = await openServer();
    await using bob = await signedIn(server.port, "bob");
    for (let at = 101; at <= 200; at++) bob.client.say("#lobby", `early ${at}`);
    await bob.client.settled();
    await using ada = await openChat(server.port, "ada", { rows: 80 });
    const rows = (await ada.screen()).split("\n");
    const said = rows.flatMap((row) => /early (\d+)/.exec(row)?.slice(1) ?? []);
    assertEquals(said, Array.from({ length: 50 }, (_, at) => String(151 + at)));
    assert(
      rows.findIndex((row) => row.includes("early 200")) <
        rows.findIndex((row) => row.includes("connected as")),
    );
    await ada.enter("/history 2");
    await ada.until("2 older in #lobby", "early 149", "early 150", (screen) => !screen.includes("early 148"));
    await ada.press("PgUp");
    await ada.until(
      "20 older in #lobby",
      "early 129",
      "early 148",
      (screen) => !screen.includes("early 128"),
    );
  },
);

terminalTest("terminal: a refused name asks for another", async () => {
  await using server = await openServer();
  await using _bob = await signedIn(server.port, "bob");
  await using pane = await Pane.open(chatCommand(server.port, "BOB"));
  await pane.until("name_taken", /name>$/);
  await pane.enter("b o b");
  await pane.until("name_invalid", /name>$/);
  await pane.enter("robert");
  await pane.until("connected as robert");
  await using other = await Pane.open(chatCommand(server.port, "Bob"));
  await other.until(/name>$/);
  await other.press("C-d");
  assertEquals(await other.exit(), 4);
});

terminalTest("terminal: /help, //, /me, and unknown commands that are never sent", async () => {
  await using server = await openServer();
  await using bob = await signedIn(server.port, "bob");
  await using ada = await openChat(server.port, "ada", { rows: 40 });
  await ada.enter("/help");
  await ada.until("/whisper [--plain] NAME TEXT", "/quit");
  await ada.enter("/help whisper");
  await ada.until("also /msg, /w", "for example: /whisper bob");
  await ada.enter("/wisper bob hi");
  await ada.until("did you mean /whisper?", /#lobby> \/wisper bob hi$/);
  await ada.press("C-c");
  await ada.enter("//etc/hosts");
  await ada.enter("/me waves");
  await ada.until("ada │ /etc/hosts", "* │ ada waves");
  await bob.until(() => bob.shown("#lobby").length === 2);
  assertEquals(bob.shown("#lobby"), ["ada: /etc/hosts", "ada: /me waves"]);
});

terminalTest(
  "terminal: Tab completes commands, names and rooms; Ctrl-R and Up find what was said",
  async () => {
    await using server = await openServer();
    await using bob = await signedIn(server.port, "bob");
    await using _carol = await signedIn(server.port, "carol");
    await using ada = await openChat(server.port, "ada");
    bob.client.say("#lobby", "hello");
    await ada.until("bob │ hello");
    await ada.type("/whi");
    await ada.press("Tab");
    await ada.press("Tab");
    await ada.until("[bob]  carol", /#lobby> \/whisper bob$/);
    await ada.press("Tab");
    await ada.until(/#lobby> \/whisper carol$/);
    await ada.press("BTab");
    await ada.until(/#lobby> \/whisper bob$/);
    await ada.enter("psst");
    await ada.until("[you → bob] psst");
    await ada.enter("something else");
    await ada.until("ada │ something else");
    await ada.press("Up");
    await ada.press("Up");
    await ada.until(/#lobby> \/whisper bob psst$/);
    await ada.press("C-c");
    await ada.press("C-r");
    await ada.type("some");
    await ada.until(/\(search\) some: something else$/);
    await ada.press("Enter");
    await ada.until(/#lobby> something else$/);
  },
);

terminalTest("terminal: the history lasts from one run to the next", async () => {
  await using server = await openServer();
  await using ada = await openChat(server.port, "ada");
  await ada.enter("remember me");
  await ada.until("ada │ remember me");
  await ada.enter("/passwd hunter2");
  await ada.until("never typed here: /passwd", /#lobby>$/);
  await ada.enter("/pasword hunter2");
  await ada.until("There is no command /pasword");
  await ada.press("C-c", "C-d");
  assertEquals(await ada.exit(), 0);
  assertEquals(await Deno.readTextFile(`${ada.dir}/chat/history`), "remember me\n");
  await using again = await openChat(server.port, "ada", { env: { XDG_STATE_HOME: ada.dir } });
  await again.press("Up");
  await again.until(/#lobby> remember me$/);
});

terminalTest(
  "terminal [E12]: one's name is loud without colour too, and the bell rings once in two seconds",
  async () => {
    await using server = await openServer();
    await using bob = await signedIn(server.port, "bob");
    await using ada = await openChat(server.port, "ada", { env: { NO_COLOR: "" } });
    for (let at = 0; at < 50; at++) bob.client.say("#lobby", `Ada! ${at}`);
    bob.client.say("#lobby", "no canada here");
    await ada.until("bob » Ada! 49", "bob │ no canada here");
    const bells = (await ada.log()).split("\x07").length - 1;
    assert(bells >= 1 && bells <= 4, `${bells} bells`);
    assertStringIncludes(await ada.log(), "\x1b[1;7mAda\x1b[0m!");
  },
);

terminalTest("terminal: a cut link is told, loses nothing typed, and mends itself", async () => {
  await using server = await openServer();
  await using proxy = new FaultProxy(server.port);
  await using bob = await signedIn(server.port, "bob");
  await using ada = await openChat(proxy.port, "ada");
  await ada.type("half a line");
  proxy.refuse();
  await ada.until("-- link lost", "trying again in", /#lobby> half a line$/);
  await ada.press("Enter");
  await ada.until("◌ #lobby: half a line");
  bob.client.say("#lobby", "meanwhile");
  proxy.pass();
  await ada.until(
    "-- connected again",
    "bob │ meanwhile",
    "ada │ half a line",
    (screen) => !screen.includes("◌"),
  );
  await bob.next("entry", ({ entry }) => entry.from === "ada");
  assertEquals(bob.shown("#lobby").sort(), ["ada: half a line", "bob: meanwhile"]);
});
