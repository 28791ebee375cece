import { assertEquals } from "@std/assert";
import axe from "axe-core";
import type { Page } from "playwright-core";
import { openServer } from "./support/chat_pane.ts";
import { windowTest } from "./support/chromium.ts";
import { FaultProxy } from "./support/proxy.ts";
import { signedIn } from "./support/watched.ts";
import { ChatWindow } from "./support/window.ts";

/** Wide and light, narrow and dark, and both with text of twice the size. */
const LOOKS = [
  { width: 1280, height: 800, colorScheme: "light", text: "100%" },
  { width: 320, height: 640, colorScheme: "dark", text: "100%" },
  { width: 1280, height: 800, colorScheme: "dark", text: "200%" },
  { width: 320, height: 640, colorScheme: "light", text: "200%" },
] as const;

interface Finding {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** Looks at the state the page is in, in every look. */
async function fine(page: Page, state: string): Promise<void> {
  const found: string[] = [];
  for (const { width, height, colorScheme, text } of LOOKS) {
    const look = `${state}, ${width} px, ${colorScheme}, text ${text}`;
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme });
    await page.evaluate(`document.documentElement.style.fontSize = "${text}"`);
    await page.evaluate(`new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))`);
    await page.evaluate(`window.axe === undefined && (() => { ${axe.source} })()`);
    const violations = await page.evaluate<Finding[]>(
      `axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => violations)`,
    );
    for (const { id, help, nodes } of violations) {
      found.push(`${look}: ${id}: ${help}: ${nodes.map((each) => each.html.slice(0, 160)).join(" ")}`);
    }
    const wide = await page.evaluate<number>(
      `document.documentElement.scrollWidth - document.documentElement.clientWidth`,
    );
    if (wide > 0) found.push(`${look}: ${wide} px too wide`);
  }
  assertEquals(found, []);
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.evaluate(`document.documentElement.style.fontSize = ""`);
}

windowTest("window: axe finds nothing while it asks: for a name, a password, an account", async () => {
  await using server = await openServer({ required: true });
  await using alice = await ChatWindow.open(server.port);
  const { page } = alice;
  const secret = "correct horse battery";
  const named = async (name: string) => {
    await page.getByRole("textbox", { name: "Name", exact: true }).fill(name);
    await page.getByRole("button", { name: "Continue" }).click();
  };
  await page.getByRole("heading", { name: "Who are you?" }).waitFor();
  await fine(page, "naming");
  await named("admin");
  await page.getByText(/reserved/).first().waitFor();
  await fine(page, "name refused");
  await named("alice");
  await page.getByRole("heading", { name: "Choose a password" }).waitFor();
  await fine(page, "registering");
  await page.getByRole("textbox", { name: "New password" }).fill(secret);
  await page.getByRole("textbox", { name: "The same again" }).fill(secret);
  await page.getByRole("button", { name: "Register" }).click();
  await alice.composer("#lobby").waitFor();
  await using other = await ChatWindow.open(server.port, { name: "alice" });
  await other.page.getByRole("heading", { name: "Password for alice" }).waitFor();
  await fine(other.page, "password");
  await other.page.getByRole("textbox", { name: "Password", exact: true }).fill("wrong horse battery");
  await other.page.getByRole("button", { name: "Sign in" }).click();
  await other.page.getByText(/wrong|not right/i).first().waitFor();
  await fine(other.page, "wrong password");
});

windowTest(
  "window: axe finds nothing in the chat: messages, unread, whispers, suggestions, refused",
  async () => {
    await using server = await openServer();
    await using bob = await signedIn(server.port, "bob");
    await using alice = await ChatWindow.online(server.port, "alice");
    const { page } = alice;
    await fine(page, "empty");
    for (let at = 0; at < 30; at++) bob.client.say("#lobby", `number ${at} https://example.test/${at}`);
    bob.client.say("#lobby", "/me waves at alice");
    bob.client.say("#lobby", "long".repeat(100));
    await alice.say("my own\nin two lines");
    await alice.message("my own").waitFor();
    await fine(page, "messages");
    await alice.say("/join ops");
    await alice.composer("#ops").waitFor();
    bob.client.say("#lobby", "for alice");
    bob.client.say("@alice", "psst");
    await alice.conversation(/^#lobby, 1 unread, 1 mention$/).waitFor();
    await alice.conversation(/^bob, 1 unread$/).waitFor();
    await alice.say("/help");
    await alice.say("/nonsense");
    await fine(page, "unread, local lines");
    await alice.show("#lobby");
    await page.getByRole("separator", { name: "New messages" }).waitFor();
    await alice.composer("#lobby").press("PageUp");
    await page.getByRole("button", { name: "Jump to the latest" }).waitFor();
    await fine(page, "divider, scrolled up");
    await alice.show("bob");
    await alice.say("an answer");
    await alice.say("/whisper nobody hello?");
    await fine(page, "whispers");
    await alice.show("nobody");
    await page.getByText(/Not sent: /).first().waitFor();
    await fine(page, "refused");
    await alice.composer("nobody").pressSequentially("/");
    await page.getByRole("listbox", { name: "Suggestions" }).waitFor();
    await fine(page, "suggestions");
  },
);

windowTest(
  "window: axe finds nothing in settings, search, menus, without a link, and at the end",
  async () => {
    await using server = await openServer();
    await using link = new FaultProxy(server.port);
    await using bob = await signedIn(server.port, "bob");
    await using alice = await ChatWindow.online(link.port, "alice", { expected: /WebSocket|ERR_CONNECTION/ });
    const { page } = alice;
    await alice.say("to be found");
    await alice.message("to be found").waitFor();
    await bob.next("entry");
    await page.getByRole("button", { name: "Settings" }).click();
    await alice.settings.waitFor();
    await fine(page, "settings");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Search", exact: true }).click();
    await page.getByRole("searchbox", { name: "Search messages" }).fill("found");
    await page.keyboard.press("Enter");
    await page.getByRole("list", { name: "Results" }).getByRole("listitem").first().waitFor();
    await fine(page, "search");
    await page.keyboard.press("Escape");
    await page.setViewportSize({ width: 320, height: 640 });
    for (const menu of ["Conversations", "People"]) {
      await page.getByRole("button", { name: menu, exact: true }).click();
      await page.evaluate(`new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))`);
      await fine(page, `the menu ${menu}`);
      await page.setViewportSize({ width: 320, height: 640 });
      await page.keyboard.press("Escape");
    }
    await page.setViewportSize({ width: 1280, height: 800 });
    link.refuse();
    await page.getByRole("status").filter({ hasText: "The link is lost" }).waitFor();
    await alice.say("on its way");
    await fine(page, "offline");
    await page.getByRole("button", { name: "Settings" }).click();
    await alice.settings.getByRole("button", { name: "Quit" }).click();
    await page.getByRole("heading", { name: "The chat has ended" }).waitFor();
    await fine(page, "ended");
    await page.goto("about:blank");
  },
);

windowTest(
  "window: axe finds nothing where there is no connection yet, or none for this window",
  async () => {
    await using silent = new SilentServer();
    await using alice = await ChatWindow.open(silent.port, { name: "alice", expected: /40[0-9]|WebSocket/ });
    await alice.page.getByRole("status").filter({ hasText: "Connecting" }).waitFor();
    await fine(alice.page, "connecting");
    const stranger = await alice.context.browser()!.newContext();
    const page = await stranger.newPage();
    await page.goto(`${alice.origin}/`);
    await page.getByRole("heading", { name: "This window is not connected" }).waitFor();
    await fine(page, "not connected");
    await stranger.close();
  },
);

/** Takes connections, and says nothing. */
class SilentServer implements AsyncDisposable {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #taken: Deno.TcpConn[] = [];
  readonly #taking = this.#take();

  get port(): number {
    return this.#listener.addr.port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    for (const each of this.#taken) each.close();
    await this.#taking;
  }

  async #take(): Promise<void> {
    for await (const each of this.#listener) this.#taken.push(each);
  }
}
