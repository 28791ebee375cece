import { assertEquals } from "@std/assert";
import type { BrowserContext, BrowserContextOptions, Locator, Page } from "playwright-core";
import { theBrowser } from "./chromium.ts";
import { type GuiOptions, GuiProcess } from "./gui_process.ts";

/** How long a fact may take; only a failing test waits so long. */
const PATIENCE_MS = 10_000;
const VIOLATED =
  `addEventListener("securitypolicyviolation", (e) => console.error("CSP:", e.violatedDirective, e.blockedURI, e.sample))`;

/** How a window is opened. */
export interface WindowOptions extends GuiOptions {
  /** The browser around it: its size, its colours. */
  readonly context?: BrowserContextOptions;
  /** A script that runs before the page does. */
  readonly script?: string;
  /** What the console may say without being trouble. */
  readonly expected?: RegExp;
}

/**
 * A client with a window in a real browser. Whatever must never happen is noted all the time, and makes the disposal
 * fail: dialogs, errors, reports of the content security policy, requests to anybody but the client.
 */
export class ChatWindow implements AsyncDisposable {
  readonly client: GuiProcess;
  readonly context: BrowserContext;
  readonly page: Page;
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  readonly trouble: string[];

  private constructor(client: GuiProcess, page: Page, origin: string, trouble: string[]) {
    this.client = client;
    this.context = page.context();
    this.page = page;
    this.origin = origin;
    this.trouble = trouble;
  }

  /** Opens it; with a name, it is signed in to the lobby. */
  static async open(port: number, options: WindowOptions = {}): Promise<ChatWindow> {
    const client = new GuiProcess(port, options);
    try {
      const address = await client.address();
      const { origin } = new URL(address);
      const context = await (await theBrowser()).newContext({ ...SIZE, ...options.context });
      context.setDefaultTimeout(PATIENCE_MS);
      const trouble = watch(context, origin, options.expected);
      await context.addInitScript(VIOLATED);
      if (options.script !== undefined) await context.addInitScript(options.script);
      const page = await context.newPage();
      await page.goto(address);
      return new ChatWindow(client, page, origin, trouble);
    } catch (error) {
      await client[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** As {@linkcode open}, and waits until the lobby is shown. */
  static async online(port: number, name: string, options: WindowOptions = {}): Promise<ChatWindow> {
    const window = await ChatWindow.open(port, { ...options, name });
    try {
      await window.composer("#lobby").waitFor();
      await window.people("#lobby").getByText(name, { exact: true }).waitFor({ state: "attached" });
      return window;
    } catch (error) {
      const shown = await window.page.locator("body").innerText();
      await window.context.close();
      await window.client[Symbol.asyncDispose]();
      throw new Error(`${name} did not come online; the page: ${shown}`, { cause: error });
    }
  }

  /** Another tab of this client. */
  async tab(): Promise<Page> {
    const page = await this.context.newPage();
    await page.goto(`${this.origin}/`);
    return page;
  }

  composer(to: string, page = this.page): Locator {
    return page.getByRole("textbox", { name: `Message ${to}`, exact: true });
  }

  /** The messages of the conversation that is shown. */
  get log(): Locator {
    return this.page.getByRole("log");
  }

  /** The item of the message with this text. */
  message(text: string, page = this.page): Locator {
    return page.getByRole("log").getByRole("listitem").filter({ hasText: text });
  }

  /** The button of a conversation, whatever is unread there; or exactly with that. */
  conversation(name: string | RegExp, page = this.page): Locator {
    const label = typeof name === "string" ? new RegExp(`^${name}(,|$)`) : name;
    return page.getByRole("navigation", { name: "Conversations" }).getByRole("button", { name: label });
  }

  people(room: string): Locator {
    return this.page.getByRole("complementary", { name: `People in ${room}`, includeHidden: true });
  }

  get settings(): Locator {
    return this.page.getByRole("dialog", { name: "Settings" });
  }

  /** Types a text into the conversation that is shown, and sends it. */
  async say(text: string): Promise<void> {
    const composer = this.page.getByRole("textbox", { name: /^Message / });
    await composer.fill(text);
    await composer.press("Enter");
  }

  /** Shows a conversation. */
  async show(name: string): Promise<void> {
    await this.conversation(name).click();
    await this.page.getByRole("heading", { level: 1, name, exact: true }).waitFor();
  }

  /** The texts of the messages that are drawn now. */
  async texts(): Promise<string[]> {
    return await this.log.locator(".text").allInnerTexts();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.context.close();
    await this.client[Symbol.asyncDispose]();
    assertEquals(this.trouble, []);
  }
}

const SIZE = { viewport: { width: 1100, height: 700 }, reducedMotion: "reduce", locale: "en-GB" } as const;

function watch(context: BrowserContext, origin: string, expected = /^$/): string[] {
  const trouble: string[] = [];
  const note = (text: string) => expected.test(text) || trouble.push(text);
  context.on("dialog", (dialog) => {
    note(`dialog: ${dialog.message()}`);
    dialog.dismiss().catch(() => {});
  });
  context.on("weberror", (error) => void note(`error: ${error.error()}`));
  context.on("console", (message) => {
    if (message.type() === "error") note(`console: ${message.text()}`);
  });
  context.on("request", (request) => {
    if (!request.url().startsWith(`${origin}/`)) note(`request: ${request.url()}`);
  });
  return trouble;
}
