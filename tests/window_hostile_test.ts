import { assert, assertEquals } from "@std/assert";
import { openServer } from "./support/chat_pane.ts";
import { windowTest } from "./support/chromium.ts";
import { FakeServer } from "./support/fake_server.ts";
import { hostileMarkup } from "./support/hostile_markup.ts";
import { HostileSpeaker } from "./support/hostile_speaker.ts";
import { hostileTexts } from "./support/hostile_text.ts";
import { eventually } from "./support/house.ts";
import { signedIn } from "./support/watched.ts";
import { ChatWindow } from "./support/window.ts";

/** What the page itself is made of; within the messages there is less. */
const PAGE =
  `a aside bdi body button code dd details dialog div dl dt em fieldset footer form h1 h2 h3 head header html input
  kbd label legend li link main mark meta nav ol option p path script search section select small span strong summary
  svg circle rect g textarea time title ul use hr output b i template`.split(/\s+/);
const MESSAGES = "a b bdi button code div em i kbd li mark ol p small span strong time ul hr".split(" ");

/** Before it has welcomed anybody, a server may say so much at once. */
const PART = 3_500;
/** Notes every element there ever is, and what of it could run or ask somebody. */
const WATCH = `{
  window.made = { page: new Set(), messages: new Set(), bad: [], drawn: new Set() };
  const look = (e) => {
    const inside = e.closest("[role=log] li, [role=list] li");
    (inside ? made.messages : made.page).add(e.localName);
    if (e.dataset?.seq) made.drawn.add(e.closest("[role=log]")?.getAttribute("aria-label") + " " + e.dataset.seq);
    for (const { name, value } of e.attributes) {
      if (name.startsWith("on") || name === "srcdoc" || name === "ping") made.bad.push(e.outerHTML.slice(0, 200));
      if (["href", "src", "action", "formaction", "data"].includes(name) && !/^(https?:\\/\\/|\\/|[a-z-]+\\.(svg|css|js)$)/.test(value)) made.bad.push(e.outerHTML.slice(0, 200));
      if (e.localName === "a" && /[@\\u0080-\\uffff]/.test(new URL(value, location).host + new URL(value, location).username)) made.bad.push(value);
    }
  };
  new MutationObserver((records) => {
    for (const { addedNodes, target, type } of records) {
      if (type === "attributes") look(target);
      for (const node of addedNodes) {
        if (node.nodeType !== 1) continue;
        look(node);
        for (const each of node.querySelectorAll("*")) look(each);
      }
    }
  }).observe(document, { subtree: true, childList: true, attributes: true });
}`;

/** Reads everything from the first message to the last, so that each is drawn. */
const READ = `(async () => {
  const log = document.querySelector("[role=log]");
  const frame = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  for (log.scrollTop = 0;; log.scrollTop += log.clientHeight * 0.8) {
    await frame();
    if (log.scrollTop + log.clientHeight >= log.scrollHeight - 2) return;
  }
})()`;

windowTest("window [I06] [I07] [I08] hostile messages and whispers stay text", async () => {
  const texts = [...hostileMarkup(), ...hostileTexts().slice(0, 150)];
  assert(texts.length >= 300);
  await using server = await openServer();
  await using eve = await signedIn(server.port, "eve");
  await using alice = await ChatWindow.online(server.port, "alice", { script: WATCH });
  for (const text of texts) {
    eve.client.say("#lobby", text);
    eve.client.say("@alice", text);
  }
  await alice.conversation(`eve`).waitFor();
  for (const [name, label] of [["#lobby", "Messages in #lobby"], ["eve", "Messages with eve"]] as const) {
    await alice.show(name);
    await everyone(alice, label, texts.length);
  }
  const first = alice.page.locator('li[data-seq="1"]');
  await eventually("the first one is shown", async () => {
    await alice.page.evaluate(`document.querySelector("[role=log]").scrollTop = 0`);
    return await first.count() > 0;
  });
  assert((await first.innerText()).includes(texts[0]!));
  await harmless(alice);
});

windowTest(
  "window [I06] [I07] [I08] a hostile server cannot harm it either, whatever field it uses",
  async () => {
    const speaker = new HostileSpeaker(hostileMarkup());
    await using server = new FakeServer((peer) => speaker.speak(peer));
    await using alice = await ChatWindow.online(server.port, "alice", { script: WATCH });
    const { page } = alice;
    await everyone(alice, "Messages in #lobby", speaker.texts.length);
    await alice.say("refused with a hostile reason");
    await page.getByText(/Not sent: /).first().waitFor();
    for (const command of ["/rooms", "/list"]) {
      await alice.say(command);
      await alice.log.locator("li.local").filter({ hasText: "alert(1)" }).first().waitFor();
    }
    await page.getByRole("button", { name: "Search", exact: true }).click();
    await page.getByRole("searchbox", { name: "Search messages" }).fill("alert");
    await page.keyboard.press("Enter");
    await page.getByRole("list", { name: "Results" }).getByRole("listitem").nth(100).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Settings" }).click();
    await alice.settings.getByText("Devices", { exact: true }).click();
    await alice.settings.getByRole("list", { name: "Devices" }).getByRole("listitem").nth(100).waitFor();
    await page.keyboard.press("Escape");
    const buttons = page.getByRole("navigation", { name: "Conversations" }).getByRole("button");
    const count = await buttons.count();
    assert(count > 2 * speaker.names.length, `${count} conversations`);
    for (const at of [1, 4, Math.floor(count / 2), count - 3]) {
      await buttons.nth(at).click();
      await page.getByRole("textbox", { name: /^Message / }).waitFor();
    }
    await harmless(alice);
  },
);

windowTest(
  "window [I06] what a hostile server answers to a name, and says at the end, stays text",
  async () => {
    const { all } = new HostileSpeaker(hostileMarkup());
    const parts = Array.from(
      { length: Math.ceil(all.length / PART) },
      (_, at) => all.slice(at * PART, (at + 1) * PART),
    );
    const end = { type: "error", code: "banned", message: all, fatal: true } as const;
    await using server = new FakeServer(async (peer) => {
      for (const [at, part] of parts.entries()) {
        const { ref } = await peer.next("hello");
        const message = `No. ${at}: ${part}`;
        await peer.send({
          type: "error",
          code: "name_invalid",
          message,
          ...ref === undefined ? {} : { ref },
        });
      }
      await peer.welcome();
      await peer.send(end);
    });
    await using alice = await ChatWindow.open(server.port, {
      name: "alice",
      script: WATCH,
      expected: /WebSocket|ERR_/,
    });
    const { page } = alice;
    for (const at of parts.keys()) {
      await page.getByText(`No. ${at}: `).first().waitFor();
      await page.getByRole("textbox", { name: "Name", exact: true }).fill(`alice${at}`);
      await page.getByRole("button", { name: "Continue" }).click();
    }
    await page.getByText(/The link is lost|The chat has ended/).first().waitFor();
    await harmless(alice);
  },
);

/** Draws all messages of the conversation that is shown. */
async function everyone(window: ChatWindow, label: string, count: number): Promise<void> {
  const drawn = () =>
    window.page.evaluate<number>(
      `[...made.drawn].filter((each) => each.startsWith(${JSON.stringify(`${label} `)})).length`,
    );
  await eventually(`all messages of ${label} are drawn`, async () => {
    await window.page.evaluate(READ);
    return await drawn() === count;
  }).catch(async (error) => {
    throw new Error(`${error.message}: ${await drawn()} of ${count}`);
  });
}

/** Nothing was made of data; dialogs, requests and reports are looked at when the window is disposed of. */
async function harmless(window: ChatWindow): Promise<void> {
  const made = await window.page.evaluate<{ page: string[]; messages: string[]; bad: string[] }>(
    `({ page: [...made.page], messages: [...made.messages], bad: made.bad })`,
  );
  assertEquals(made.bad, []);
  assertEquals(made.page.filter((name) => !PAGE.includes(name)), []);
  assertEquals(made.messages.filter((name) => !MESSAGES.includes(name)), []);
  assertEquals(await window.page.evaluate(`document.scripts.length`), 1);
}
