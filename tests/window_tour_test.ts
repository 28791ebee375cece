import { assert, assertEquals, assertMatch } from "@std/assert";
import { windowTest } from "./support/chromium.ts";
import { openChat, openServer } from "./support/chat_pane.ts";
import { eventually } from "./support/house.ts";
import { FaultProxy } from "./support/proxy.ts";
import { ChatWindow } from "./support/window.ts";
import { signedIn } from "./support/watched.ts";

windowTest("window: two windows and a terminal chat, and the list of people follows by itself", async () => {
  await using server = await openServer();
  await using alice = await ChatWindow.open(server.port);
  await alice.page.getByRole("heading", { name: "Who are you?" }).waitFor();
  await alice.page.getByRole("textbox", { name: "Name", exact: true }).fill("alice");
  await alice.page.getByRole("button", { name: "Continue" }).click();
  await alice.composer("#lobby").waitFor();
  await using bob = await ChatWindow.online(server.port, "bob");
  await alice.people("#lobby").getByText("bob", { exact: true }).waitFor();
  {
    await using carol = await openChat(server.port, "carol");
    await alice.people("#lobby").getByText("carol", { exact: true }).waitFor();
    await alice.say("hello from the window");
    await bob.message("hello from the window").waitFor();
    await carol.until("alice │ hello from the window");
    await carol.enter("hello from the terminal");
    await alice.message("hello from the terminal").waitFor();
    await carol.enter("/me waves");
    await bob.message("* carol waves").waitFor();
    await bob.say("/me bows");
    await carol.until("* │ bob bows");
    const time = alice.message("hello from the terminal").locator("time");
    assertMatch(await time.getAttribute("title") ?? "", /20\d\d/);
    assertMatch(await time.getAttribute("datetime") ?? "", /^20\d\d-\d\d-\d\dT/);
  }
  await alice.people("#lobby").getByText("carol", { exact: true }).waitFor({ state: "detached" });
});

windowTest("window: a message is on its way, then stored; a whisper is stored, then delivered", async () => {
  await using server = await openServer();
  await using link = new FaultProxy(server.port);
  await using bob = await signedIn(server.port, "bob");
  await using alice = await ChatWindow.online(link.port, "alice");
  link.stall();
  await alice.say("slowly");
  await alice.message("slowly").getByLabel("Sending").or(alice.message("slowly").getByText("Sending"))
    .waitFor();
  link.pass();
  await alice.message("slowly").getByLabel("Stored").or(alice.message("slowly").getByText("Stored"))
    .waitFor();
  await alice.say("/whisper bob psst");
  await alice.show("bob");
  await bob.next("entry", ({ entry }) => entry.text === "psst");
  const psst = alice.message("psst");
  await psst.getByLabel("Delivered").or(psst.getByText("Delivered")).waitFor();
});

windowTest(
  "window: what is unread and what names one is counted apart, and a line says where it begins",
  async () => {
    await using server = await openServer();
    await using bob = await signedIn(server.port, "bob");
    await using alice = await ChatWindow.online(server.port, "alice");
    bob.client.say("#lobby", "before");
    await alice.message("before").waitFor();
    await alice.page.getByRole("textbox", { name: "Join a room or whisper" }).fill("ops");
    await alice.page.getByRole("button", { name: "Go", exact: true }).click();
    await alice.composer("#ops").waitFor();
    assertEquals(await alice.conversation("#ops").getAttribute("aria-current"), "true");
    for (const text of ["one", "two for Alice!", "three, malice"]) bob.client.say("#lobby", text);
    bob.client.say("@alice", "a whisper");
    await alice.conversation(/^#lobby, 3 unread, 1 mention$/).waitFor();
    await alice.conversation(/^bob, 1 unread$/).waitFor();
    await alice.show("#lobby");
    await alice.page.getByRole("separator", { name: "New messages" }).waitFor();
    const [before, line, one] = await Promise.all([
      alice.message("before").boundingBox(),
      alice.page.getByRole("separator", { name: "New messages" }).boundingBox(),
      alice.message("one").boundingBox(),
    ]);
    assert(before!.y < line!.y && line!.y < one!.y);
    await alice.conversation(/^#lobby$/).waitFor();
    await alice.show("bob");
    await alice.message("a whisper").waitFor();
    assertEquals(await alice.message("one").count(), 0);
    await alice.conversation(/^bob$/).waitFor();
  },
);

windowTest("window: two tabs of one client agree, and drafts survive both change and reload", async () => {
  await using server = await openServer();
  await using bob = await signedIn(server.port, "bob");
  await using alice = await ChatWindow.online(server.port, "alice");
  const tab = await alice.tab();
  await alice.composer("#lobby", tab).waitFor();
  await alice.say("from one tab");
  await alice.message("from one tab", tab).waitFor();
  bob.client.say("@alice", "psst");
  await alice.conversation(/^bob, 1 unread$/, tab).waitFor();
  await alice.show("bob");
  await alice.conversation(/^bob$/, tab).waitFor();
  await alice.composer("bob").fill("half a whisper");
  await alice.show("#lobby");
  assertEquals(await alice.composer("#lobby").inputValue(), "");
  await alice.composer("#lobby").fill("half a line");
  await alice.show("bob");
  assertEquals(await alice.composer("bob").inputValue(), "half a whisper");
  // It is kept a moment after the last key, by the client.
  await alice.conversation("bob", tab).click();
  await eventually(
    "the other tab has the draft",
    async () => await alice.composer("bob", tab).inputValue() === "half a whisper",
  );
  await alice.page.reload();
  await alice.conversation("#lobby").click();
  await eventually(
    "the draft is back",
    async () => await alice.composer("#lobby").inputValue() === "half a line",
  );
  assertEquals(new URL(alice.page.url()).hash, "");
});

windowTest("window: links are links, of http and https only; the rest of a text is text", async () => {
  await using server = await openServer();
  await using bob = await signedIn(server.port, "bob");
  await using alice = await ChatWindow.online(server.port, "alice");
  bob.client.say("#lobby", "see http://example.test/a?b=c#d, (https://example.test) javascript:alert(1) end");
  const links = alice.message("see http").getByRole("link");
  await links.first().waitFor();
  const hrefs = await links.evaluateAll((all) => all.map((each) => each.getAttribute("href")!));
  assertEquals(hrefs.map((href) => new URL(href).href), [
    "http://example.test/a?b=c#d",
    "https://example.test/",
  ]);
  for (const link of await links.all()) {
    assertMatch(await link.getAttribute("rel") ?? "", /noopener.*noreferrer|noreferrer.*noopener/);
    assertEquals(await link.getAttribute("target"), "_blank");
  }
  assertMatch(await alice.message("see http").innerText(), /javascript:alert\(1\) end/);
});

windowTest("window: search finds across conversations, and shows where", async () => {
  await using server = await openServer();
  await using bob = await signedIn(server.port, "bob");
  await using alice = await ChatWindow.online(server.port, "alice");
  bob.client.say("#lobby", "the disk is full");
  bob.client.say("@alice", "the disk is yours");
  bob.client.say("#lobby", "nothing of that");
  await alice.message("nothing of that").waitFor();
  await alice.page.getByRole("button", { name: "Search", exact: true }).click();
  await alice.page.getByRole("searchbox", { name: "Search messages" }).fill("disk");
  await alice.page.keyboard.press("Enter");
  const results = alice.page.getByRole("list", { name: "Results" });
  await results.getByText("the disk is full").waitFor();
  await results.getByText("the disk is yours").waitFor();
  assertEquals(await results.getByRole("listitem").count(), 2);
});
