import { assert } from "@std/assert";
import type { Page } from "playwright-core";
import { openServer } from "./support/chat_pane.ts";
import { windowTest } from "./support/chromium.ts";
import { signedIn } from "./support/watched.ts";
import { ChatWindow } from "./support/window.ts";

const SCREENS = new URL("../dist/screens/", import.meta.url).pathname;
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

windowTest("window: screenshots of it are in dist/screens", async () => {
  await Deno.mkdir(SCREENS, { recursive: true });
  let now = Date.now() - DAY - 90 * MINUTE;
  await using server = await openServer({ wall: () => now });
  await using bob = await signedIn(server.port, "bob");
  await using carol = await signedIn(server.port, "carol");
  await using _dave = await signedIn(server.port, "dave");
  const say = async (who: typeof bob, to: string, text: string) => {
    who.client.say(to, text);
    await who.next("entry", ({ entry }) => entry.text === text);
    now += 2 * MINUTE;
  };
  await say(bob, "#lobby", "Has anybody seen the disk report? The graph looks flat to me.");
  await say(carol, "#lobby", "Yes: https://status.example.org/disks – it is the cache, not the disk.");
  now += DAY;
  await using alice = await ChatWindow.online(server.port, "alice", { context: { deviceScaleFactor: 2 } });
  await alice.message("it is the cache").waitFor();
  await alice.say("Good morning! I restarted it, it should be fine now.");
  await say(carol, "#lobby", "/me makes coffee");
  await say(bob, "#lobby", "It is:\n  reads   1 204/s\n  writes    310/s\nThank you, alice.");
  await alice.say("/join #ops");
  await alice.composer("#ops").waitFor();
  await alice.say("Backups ran at four, 312 MB.");
  await alice.say("/whisper carol Lunch at noon?");
  await say(carol, "@alice", "Gladly. The usual place?");
  await alice.show("carol");
  await alice.say("Yes, see you there.");
  await picture(alice.page, "whispers");
  await alice.show("#ops");
  await say(bob, "#lobby", "New version on the test server.");
  await say(carol, "#lobby", "alice, can you have a look at the login page?");
  await say(bob, "@alice", "One question about the backups…");
  await alice.conversation(/^#lobby, 2 unread, 1 mention$/).waitFor();
  await alice.show("#lobby");
  await alice.composer("#lobby").fill("On my way, @");
  await alice.message("can you have a look").waitFor();
  await picture(alice.page, "light");
  await alice.page.emulateMedia({ colorScheme: "dark" });
  await picture(alice.page, "dark");
  await alice.composer("#lobby").fill("");
  await alice.composer("#lobby").pressSequentially("/re");
  await alice.page.getByRole("listbox", { name: "Suggestions" }).waitFor();
  await picture(alice.page, "commands");
  await alice.composer("#lobby").fill("");
  await alice.page.getByRole("button", { name: "Settings" }).click();
  await alice.settings.waitFor();
  await picture(alice.page, "settings");
  await alice.page.keyboard.press("Escape");
  await alice.page.setViewportSize({ width: 375, height: 720 });
  await picture(alice.page, "phone-dark");
  await alice.page.emulateMedia({ colorScheme: "light" });
  await picture(alice.page, "phone");
  await alice.page.getByRole("button", { name: "Conversations", exact: true }).click();
  await picture(alice.page, "phone-conversations");
});

async function picture(page: Page, name: string): Promise<void> {
  await page.evaluate(`new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))`);
  const bytes = await page.screenshot({ path: `${SCREENS}${name}.png`, animations: "disabled" });
  assert(bytes.length > 10_000, `${name} is empty`);
}
