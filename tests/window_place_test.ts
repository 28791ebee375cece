import { assert, assertEquals } from "@std/assert";
import { openServer } from "./support/chat_pane.ts";
import { windowTest } from "./support/chromium.ts";
import { eventually } from "./support/house.ts";
import { signedIn, type Watched } from "./support/watched.ts";
import { ChatWindow } from "./support/window.ts";

interface Place {
  readonly seq: number;
  readonly y: number;
}

/** The first message within the view, and where. */
const FIRST = `(() => {
  const log = document.querySelector("[role=log]"), { top } = log.getBoundingClientRect();
  const all = [...log.querySelectorAll("li[data-seq]")].map((e) => ({ seq: Number(e.dataset.seq), y: e.getBoundingClientRect().top - top, h: e.offsetHeight }));
  return all.filter(({ y, h }) => y + h > 0).sort((a, b) => a.y - b.y).map(({ seq, y }) => ({ seq, y }))[0];
})()`;
/** Where the line above the new messages is within the view. */
const LINE = `(() => {
  const log = document.querySelector("[role=log]"), line = log.querySelector("li.divider");
  return line === null ? null : line.getBoundingClientRect().top - log.getBoundingClientRect().top;
})()`;

async function fill(bob: Watched, from: number, until: number): Promise<void> {
  for (let at = from; at <= until; at++) bob.client.say("#lobby", `${at} ${"long ".repeat(at * 7919 % 90)}`);
  await bob.next("entry", ({ entry }) => entry.seq === until);
}

windowTest("window: a conversation that is shown again is where it was left", async () => {
  await using server = await openServer();
  await using bob = await signedIn(server.port, "bob");
  await fill(bob, 1, 400);
  await using alice = await ChatWindow.online(server.port, "alice");
  await alice.message("400 ").waitFor();
  await alice.say("/join ops");
  await alice.composer("#ops").waitFor();
  await alice.show("#lobby");
  await alice.message("400 ").waitFor();
  for (let pages = 0; pages < 3; pages++) await alice.composer("#lobby").press("PageUp");
  await alice.page.getByRole("button", { name: "Jump to the latest" }).waitFor();
  const left = await settled<Place>(alice, FIRST);
  assert(left.seq < 395);
  await alice.show("#ops");
  await fill(bob, 401, 410);
  await alice.show("#lobby");
  assertEquals(await settled<Place>(alice, FIRST), left);
});

windowTest("window: a conversation with something new begins at the line above it", async () => {
  await using server = await openServer();
  await using bob = await signedIn(server.port, "bob");
  await fill(bob, 1, 1_000);
  await using alice = await ChatWindow.online(server.port, "alice");
  await alice.message("1000 ").waitFor();
  await alice.say("/join ops");
  await alice.composer("#ops").waitFor();
  await fill(bob, 1_001, 1_080);
  await alice.conversation(/^#lobby, 80 unread$/).waitFor();
  await alice.show("#lobby");
  await alice.page.getByRole("separator", { name: "New messages" }).waitFor();
  const line = await settled<number | null>(alice, LINE);
  assert(line !== null && line >= 0 && line < 20, String(line));
});

windowTest("window: what one says oneself is seen, also where one has read further up", async () => {
  await using server = await openServer();
  await using bob = await signedIn(server.port, "bob");
  await fill(bob, 1, 100);
  await using alice = await ChatWindow.online(server.port, "alice");
  await alice.message("100 ").waitFor();
  await alice.composer("#lobby").press("PageUp");
  await alice.page.getByRole("button", { name: "Jump to the latest" }).waitFor();
  await alice.say("my own words");
  await alice.message("my own words").waitFor();
  await alice.page.getByRole("button", { name: "Jump to the latest" }).waitFor({ state: "hidden" });
});

windowTest("window: who is at the end stays there while what one writes grows", async () => {
  await using server = await openServer();
  await using bob = await signedIn(server.port, "bob");
  await fill(bob, 1, 100);
  await using alice = await ChatWindow.online(server.port, "alice");
  await alice.message("100 ").waitFor();
  const composer = alice.composer("#lobby");
  await composer.fill(`${"x".repeat(4_100)}\n\n\n\n`);
  await composer.press("Enter");
  await alice.message("too long").waitFor();
  assertEquals(await composer.inputValue(), `${"x".repeat(4_100)}\n\n\n\n`);
  const end = `(() => {
    const log = document.querySelector("[role=log]");
    return log.scrollHeight - log.clientHeight - log.scrollTop < 2;
  })()`;
  assert(await settled<boolean>(alice, end));
  await fill(bob, 101, 103);
  await alice.message("103 ").waitFor();
  assert(await settled<boolean>(alice, end));
});

/** What a script finds, once it finds the same again. */
async function settled<T>(window: ChatWindow, script: string): Promise<T> {
  let found = await window.page.evaluate<T>(script);
  await eventually("the view keeps still", async () => {
    const last = JSON.stringify(found);
    await window.page.evaluate(
      `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done))))`,
    );
    found = await window.page.evaluate<T>(script);
    return last === JSON.stringify(found);
  });
  return found;
}
