import { assert, assertEquals } from "@std/assert";
import { windowTest } from "./support/chromium.ts";
import { openServer } from "./support/chat_pane.ts";
import { eventually } from "./support/house.ts";
import { ChatWindow } from "./support/window.ts";
import { signedIn } from "./support/watched.ts";

windowTest("window: commands and names are suggested and completed, Shift-Enter breaks a line", async () => {
  await using server = await openServer();
  await using bob = await signedIn(server.port, "bob");
  await using alice = await ChatWindow.online(server.port, "alice");
  const composer = alice.composer("#lobby");
  const suggestions = alice.page.getByRole("listbox", { name: "Suggestions" });
  await composer.pressSequentially("/who");
  await composer.fill("");
  await composer.pressSequentially("/wh");
  await suggestions.getByRole("option", { name: /whisper/ }).first().waitFor();
  await composer.press("Tab");
  assertEquals(await composer.inputValue(), "/whisper ");
  await composer.pressSequentially("b");
  await suggestions.getByRole("option", { name: /bob/ }).waitFor();
  await composer.press("Tab");
  assertEquals(await composer.inputValue(), "/whisper bob ");
  await composer.pressSequentially("psst");
  await composer.press("Enter");
  assertEquals((await bob.next("entry")).to, "@alice");
  await alice.show("#lobby");
  await composer.pressSequentially("@b");
  await suggestions.getByRole("option", { name: /bob/ }).waitFor();
  await composer.press("Escape");
  await suggestions.waitFor({ state: "hidden" });
  await composer.press("Shift+Enter");
  await composer.pressSequentially("and b");
  await composer.press("Tab");
  const typed = await composer.inputValue();
  assert(/^@b\nand bob:? ?$/.test(typed), JSON.stringify(typed));
  await composer.press("Enter");
  assertEquals((await bob.next("entry")).entry.text, typed.trimEnd());
  await eventually("the composer is empty", async () => await composer.inputValue() === "");
});

windowTest("window: commands answer in the conversation, and a wrong one explains itself", async () => {
  await using server = await openServer();
  await using bob = await signedIn(server.port, "bob");
  await using alice = await ChatWindow.online(server.port, "alice");
  await alice.say("/list");
  const local = alice.log.locator("li.local");
  await local.filter({ hasText: "bob" }).first().waitFor();
  await alice.say("/rooms");
  await local.filter({ hasText: "#lobby" }).first().waitFor();
  await alice.say("/help");
  await local.filter({ hasText: "/whisper [--plain] NAME TEXT" }).first().waitFor();
  await alice.say("/wisper bob x");
  await local.filter({ hasText: "/whisper" }).last().waitFor();
  await alice.say("//not a command");
  assertEquals((await bob.next("entry")).entry.text, "/not a command");
  await alice.say("/join ops");
  await alice.composer("#ops").waitFor();
  await alice.say("/leave");
  await alice.conversation("#ops").waitFor({ state: "detached" });
});

windowTest("window: everything can be done with the keyboard alone", async () => {
  await using server = await openServer();
  await using bob = await signedIn(server.port, "bob");
  await using alice = await ChatWindow.open(server.port);
  const { page } = alice;
  await page.getByRole("heading", { name: "Who are you?" }).waitFor();
  await page.keyboard.type("alice");
  await page.keyboard.press("Enter");
  await alice.composer("#lobby").waitFor();
  await focused(alice, /Message #lobby/);
  await page.keyboard.type("typed");
  await page.keyboard.press("Enter");
  assertEquals((await bob.next("entry")).entry.text, "typed");
  await page.keyboard.press("Control+k");
  await focused(alice, /Join a room or whisper/);
  await page.keyboard.type("@bob");
  await page.keyboard.press("Enter");
  await alice.composer("bob").waitFor();
  await focused(alice, /Message bob/);
  await page.keyboard.type("psst");
  await page.keyboard.press("Enter");
  assertEquals((await bob.next("entry")).entry.text, "psst");
  await page.keyboard.press("Alt+ArrowUp");
  await page.getByRole("heading", { level: 1, name: "#lobby" }).waitFor();
  bob.client.say("@alice", "an answer");
  await alice.conversation(/^bob, 1 unread$/).waitFor();
  await page.keyboard.press("Alt+a");
  await page.getByRole("heading", { level: 1, name: "bob" }).waitFor();
  // Tab goes through all there is and comes back; where one is can be seen.
  const seen = new Set<string>();
  for (let at = 0; at < 40 && seen.size === at; at++) {
    await page.keyboard.press("Tab");
    seen.add(await page.evaluate<string>(FOCUS));
  }
  const names = [...seen].join("\n");
  for (const name of ["#lobby", "Settings", "Search", "Join a room or whisper"]) {
    assert(names.includes(name), names);
  }
  assert(!names.includes("INVISIBLE"), names);
});

/** What has the focus: its name, and whether an outline or a shadow shows that. */
const FOCUS = `(() => {
  const e = document.activeElement, s = getComputedStyle(e);
  const visible = e === document.body || (s.outlineStyle !== "none" && s.outlineWidth !== "0px") || s.boxShadow !== "none";
  return (e.getAttribute("aria-label") ?? e.labels?.[0]?.textContent ?? e.textContent.slice(0, 40)) + " " + e.tagName + (visible ? "" : " INVISIBLE");
})()`;

async function focused(window: ChatWindow, name: RegExp): Promise<void> {
  await eventually(
    `the focus is on ${name}`,
    async () => name.test(await window.page.evaluate<string>(FOCUS)),
  );
}
