import { assert, assertEquals } from "@std/assert";
import { windowTest } from "./support/chromium.ts";
import { openServer } from "./support/chat_pane.ts";
import { eventually } from "./support/house.ts";
import { FaultProxy } from "./support/proxy.ts";
import { ChatWindow } from "./support/window.ts";
import { signedIn } from "./support/watched.ts";

const TOP = `(() => { document.querySelector("[role=log]").scrollTop = 0; })()`;
/** The item that is drawn first within the view, and where. */
const FIRST = `(() => {
  const log = document.querySelector("[role=log]"), { top } = log.getBoundingClientRect();
  const all = [...log.querySelectorAll("li[data-seq]")].map((e) => ({ seq: Number(e.dataset.seq), y: e.getBoundingClientRect().top - top, h: e.offsetHeight }));
  return all.filter(({ y, h }) => y + h > 0).sort((a, b) => a.y - b.y)[0];
})()`;

interface Place {
  readonly seq: number;
  readonly y: number;
}

windowTest(
  "window: earlier messages come when one scrolls up, and what is on the screen does not jump",
  async () => {
    await using server = await openServer();
    await using link = new FaultProxy(server.port);
    await using bob = await signedIn(server.port, "bob");
    for (let at = 1; at <= 300; at++) bob.client.say("#lobby", `${at} ${"long ".repeat(at * 7 % 60)}`);
    await bob.next("entry", ({ entry }) => entry.seq === 300);
    await using alice = await ChatWindow.online(link.port, "alice");
    await alice.message("300").waitFor();
    let known: Place;
    for (let rounds = 0;; rounds++) {
      assert(rounds < 20, "the beginning is never reached");
      link.stall();
      await alice.page.evaluate(TOP);
      known = await settled(alice);
      link.pass();
      if (known.seq === 1) break;
      // What is at the top stays where it is, though others are above it now.
      await eventually(
        "earlier ones have come",
        async () => await alice.page.evaluate<boolean>(`document.querySelector("[role=log]").scrollTop > 0`),
      );
      const now = await placeOf(alice, known.seq);
      assert(Math.abs(now.y - known.y) <= 3, `${known.seq} was at ${known.y} and is at ${now.y}`);
    }
    await alice.page.getByText("Beginning of #lobby").waitFor();
    await alice.page.getByRole("button", { name: "Jump to the latest" }).click();
    await alice.message("300").waitFor();
    await alice.page.getByRole("button", { name: "Jump to the latest" }).waitFor({ state: "hidden" });
  },
);

windowTest("window: who reads further up is left there when something new is said", async () => {
  await using server = await openServer();
  await using bob = await signedIn(server.port, "bob");
  for (let at = 1; at <= 80; at++) bob.client.say("#lobby", `number ${at}`);
  await using alice = await ChatWindow.online(server.port, "alice");
  await alice.message("number 80").waitFor();
  await alice.composer("#lobby").press("PageUp");
  await alice.page.getByRole("button", { name: "Jump to the latest" }).waitFor();
  const known = await settled(alice);
  bob.client.say("#lobby", "something new");
  await bob.next("entry", ({ entry }) => entry.text === "something new");
  await alice.page.evaluate(
    `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))`,
  );
  const now = await placeOf(alice, known.seq);
  assert(Math.abs(now.y - known.y) <= 3, `${known.seq} was at ${known.y} and is at ${now.y}`);
  await alice.composer("#lobby").press("Escape");
  await alice.message("something new").waitFor();
  bob.client.say("#lobby", "and more");
  await alice.message("and more").waitFor();
});

windowTest("window: a line stands between days", async () => {
  let now = Date.UTC(2026, 0, 1, 12);
  await using server = await openServer({ wall: () => now });
  await using bob = await signedIn(server.port, "bob");
  for (const text of ["first day", "second day", "third day"]) {
    bob.client.say("#lobby", text);
    await bob.next("entry", ({ entry }) => entry.text === text);
    now += 24 * 3600 * 1000;
  }
  await using alice = await ChatWindow.online(server.port, "alice");
  await alice.message("third day").waitFor();
  const lines = alice.log.getByRole("separator");
  assertEquals(await lines.count(), 3);
  const names = await lines.evaluateAll((all) =>
    all.map((each) => each.getAttribute("aria-label") ?? each.textContent)
  );
  assertEquals(new Set(names).size, 3);
  for (const name of names) assert(name!.includes("2026"), name!);
});

async function placeOf(window: ChatWindow, seq: number): Promise<Place> {
  return await window.page.evaluate<Place>(`(() => {
    const log = document.querySelector("[role=log]"), item = log.querySelector('li[data-seq="${seq}"]');
    return { seq: ${seq}, y: item ? item.getBoundingClientRect().top - log.getBoundingClientRect().top : NaN };
  })()`);
}

/** The first item on the screen, once it keeps still. */
async function settled(window: ChatWindow): Promise<Place> {
  let place = await window.page.evaluate<Place>(FIRST);
  await eventually("the view keeps still", async () => {
    const last = place;
    await window.page.evaluate(
      `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))`,
    );
    place = await window.page.evaluate<Place>(FIRST);
    return last?.seq === place?.seq && last?.y === place?.y;
  });
  return place;
}
