import { assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import { openServer } from "./support/chat_pane.ts";
import { windowTest } from "./support/chromium.ts";
import { signedIn } from "./support/watched.ts";
import { ChatWindow } from "./support/window.ts";

const PHONE = { viewport: { width: 320, height: 640 } };

windowTest("window: panes and search take the keyboard and give it back, on a phone, too", async () => {
  await using server = await openServer();
  await using _bob = await signedIn(server.port, "bob");
  await using alice = await ChatWindow.online(server.port, "alice", { context: PHONE });
  const { page } = alice;
  await focus(page, "Message #lobby");
  await page.keyboard.press("Control+k");
  await focus(page, "Join a room or whisper");
  await page.keyboard.press("Escape");
  await focus(page, "Message #lobby");
  await page.getByRole("button", { name: "People" }).click();
  await page.getByRole("button", { name: "Whisper to bob" }).and(page.locator(":focus")).waitFor();
  const veil = { x: 10, y: 400 };
  await page.mouse.click(veil.x, veil.y);
  await alice.people("#lobby").waitFor({ state: "hidden" });
  await page.getByRole("button", { name: "Search", exact: true }).click();
  await focus(page, "Search messages");
  await page.keyboard.press("Escape");
  await focus(page, "Message #lobby");
  await page.setViewportSize({ width: 1100, height: 700 });
  await page.keyboard.press("Control+k");
  await focus(page, "Join a room or whisper");
  assertEquals(await page.locator(".app").getAttribute("data-drawer"), "none");
});

windowTest("window: each question takes the keyboard", async () => {
  await using server = await openServer({ required: true });
  await using alice = await ChatWindow.open(server.port);
  const { page } = alice;
  await focus(page, "Name");
  await page.keyboard.type("alice");
  await page.keyboard.press("Enter");
  await focus(page, "New password");
});

/** Resolves when the field of this name has the keyboard. */
async function focus(page: Page, name: string): Promise<void> {
  await page.getByLabel(name, { exact: true }).and(page.locator(":focus")).waitFor();
}
