import { assertEquals, assertMatch } from "@std/assert";
import { windowTest } from "./support/chromium.ts";
import { openServer } from "./support/chat_pane.ts";
import { eventually } from "./support/house.ts";
import { ChatWindow } from "./support/window.ts";
import { signedIn, type Watched } from "./support/watched.ts";

/** Notes what is notified of, and lets a test put the window behind others. */
const OBSERVED = `{
  window.notified = [];
  window.Notification = class extends EventTarget {
    static permission = "default";
    static async requestPermission() { return this.permission = "granted"; }
    constructor(title, options) { super(); window.notified.push(title + ": " + (options?.body ?? "")); }
    close() {}
  };
  let away = false;
  document.hasFocus = () => !away;
  Object.defineProperty(document, "hidden", { get: () => away });
  Object.defineProperty(document, "visibilityState", { get: () => away ? "hidden" : "visible" });
  window.goAway = (now) => {
    away = now;
    document.dispatchEvent(new Event("visibilitychange"));
    window.dispatchEvent(new Event(now ? "blur" : "focus"));
  };
}`;

windowTest("window: it notifies when it is not in front, as much as one wants of each room", async () => {
  await using server = await openServer();
  await using bob = await signedIn(server.port, "bob");
  await using alice = await ChatWindow.online(server.port, "alice", { script: OBSERVED });
  const { page } = alice;
  await page.getByRole("button", { name: "Settings" }).click();
  await alice.settings.getByRole("button", { name: "Allow notifications" }).click();
  await page.keyboard.press("Escape");
  await said(alice, bob, "in front, alice");
  await page.evaluate("goAway(true)");
  await said(alice, bob, "by default no room is loud");
  await said(alice, bob, "but this names alice");
  await notified(alice, 1, /bob[^]*but this names alice/);
  bob.client.say("@alice", "a whisper");
  await notified(alice, 2, /bob[^]*a whisper/);
  await level(alice, "Everything");
  await said(alice, bob, "anything");
  await notified(alice, 3, /anything/);
  await level(alice, "Nothing");
  await said(alice, bob, "not even alice");
  bob.client.say("@alice", "but whispers");
  await notified(alice, 4, /but whispers/);
});

windowTest("window: title and icon show what is unread, and what names one", async () => {
  await using server = await openServer();
  await using bob = await signedIn(server.port, "bob");
  await using alice = await ChatWindow.online(server.port, "alice", { script: OBSERVED });
  const icon = () =>
    alice.page.evaluate<string>(`document.querySelector('link[rel~="icon"]').getAttribute("href")`);
  assertMatch(await icon(), /^\/?icon\.svg$/);
  await alice.page.evaluate("goAway(true)");
  await said(alice, bob, "one");
  await eventually("the title counts", async () => /^\(1\)|^1 /.test(await alice.page.title()));
  await eventually("the icon shows it", async () => /icon-unread\.svg$/.test(await icon()));
  await said(alice, bob, "two, alice");
  await eventually("the icon shows that one is meant", async () => /icon-mention\.svg$/.test(await icon()));
  await alice.page.evaluate("goAway(false)");
  await eventually("all is read", async () => /^\/?icon\.svg$/.test(await icon()));
  assertMatch(await alice.page.title(), /^[^(\d]/);
});

async function said(window: ChatWindow, by: Watched, text: string): Promise<void> {
  by.client.say("#lobby", text);
  await window.message(text).waitFor({ state: "attached" });
}

async function level(window: ChatWindow, wanted: string): Promise<void> {
  await window.page.getByRole("button", { name: "Settings" }).click();
  await window.settings.getByRole("combobox", { name: "Notify me of #lobby" }).selectOption({
    label: wanted,
  });
  await window.page.keyboard.press("Escape");
}

async function notified(window: ChatWindow, count: number, last: RegExp): Promise<void> {
  const all = () => window.page.evaluate<string[]>("notified");
  await eventually(`${last} was notified of`, async () => last.test((await all()).at(-1) ?? ""));
  assertEquals((await all()).length, count, (await all()).join("\n"));
}
