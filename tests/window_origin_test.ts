import { assert, assertEquals } from "@std/assert";
import type { BrowserContext, Page } from "playwright-core";
import { openServer } from "./support/chat_pane.ts";
import { browserArguments, windowTest } from "./support/chromium.ts";
import { ATTACKS } from "./support/hostile_page.ts";
import { signedIn } from "./support/watched.ts";
import { ChatWindow } from "./support/window.ts";

browserArguments(
  // Every name that is not this machine's leads to it, as in DNS rebinding.
  "--host-resolver-rules=MAP *.test 127.0.0.1",
  // A browser that keeps strangers from this machine by itself would hide what the client does.
  "--disable-features=LocalNetworkAccessChecks",
);

type Found = Readonly<Record<string, string>>;

/** The console of a page that is turned away is full of that. */
const expected = /^(console|request|error): /;

/** A page that does what a test has in mind, on a port of its own. */
class HostileServer implements AsyncDisposable {
  readonly #server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () =>
      new Response("<!doctype html><title>evil</title><body>", { headers: { "content-type": "text/html" } }),
  );

  get port(): number {
    return this.#server.addr.port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}

windowTest("window [I02] [I03] [I09] [I10] pages of other origins read nothing, change nothing", async () => {
  await using server = await openServer();
  await using bob = await signedIn(server.port, "bob");
  await using hostile = new HostileServer();
  await using alice = await ChatWindow.online(server.port, "alice", { expected, terminal: true });
  await alice.say("private");
  await alice.message("private").waitFor();
  const token = await alice.page.evaluate<string>(`localStorage.getItem("token")`);
  assert(token.length > 20);
  let count = 0;
  for (const host of ["127.0.0.1", "localhost", "evil.test"]) {
    const { hash } = new URL(await alice.client.another());
    const page = await visit(alice.context, `http://${host}:${hostile.port}/`);
    const found = await attack(page, alice.origin, { token, secret: hash.slice(1) });
    assertEquals(readable(found), [], host);
    count += Object.keys(found).length;
    await page.close();
    // The secret was of no use to others, and still is to us.
    const again = await visit(alice.context, `${alice.origin}/${hash}`);
    await alice.message("private", again).waitFor();
    await again.close();
  }
  assert(count >= 60, `only ${count} cases`);
  await goesOn(alice, bob);
});

windowTest("window [I01] names that lead to this machine are not the client's: 421 and nothing", async () => {
  await using server = await openServer();
  await using bob = await signedIn(server.port, "bob");
  await using alice = await ChatWindow.online(server.port, "alice", { expected, terminal: true });
  const { port } = new URL(alice.origin);
  const token = await alice.page.evaluate<string>(`localStorage.getItem("token")`);
  for (const host of ["evil.test", "localhost", "127.0.0.1.evil.test"]) {
    const own = `http://${host}:${port}`;
    const { hash } = new URL(await alice.client.another());
    // What the name led to when the page was loaded; now it leads to the client.
    await alice.context.route(
      `${own}/rebound`,
      (route) =>
        route.fulfill({ contentType: "text/html", body: "<!doctype html><title>evil</title><body>" }),
    );
    const page = await visit(alice.context, `${own}/rebound`);
    const answers = await page.evaluate<[number, string][]>(
      `Promise.all(["/", "/gui.js", "/session", "/events", "/else"].map((path) =>
        fetch(path).then(async (answer) => [answer.status, await answer.text()])))`,
    );
    assertEquals(answers, answers.map(() => [421, ""]));
    for (const target of [own, alice.origin]) {
      const found = await attack(page, target, { token, secret: hash.slice(1) });
      assert(Object.keys(found).length >= 60);
      assertEquals(readable(found).filter((line) => !/: read 421 ?$/.test(line)), [], `${host}: ${target}`);
    }
    await page.close();
    const again = await visit(alice.context, `${alice.origin}/${hash}`);
    await alice.composer("#lobby", again).waitFor();
    await again.close();
  }
  await goesOn(alice, bob);
});

windowTest("window [I05] the secret leaves the address at once, and nothing tells it to others", async () => {
  await using server = await openServer();
  await using hostile = new HostileServer();
  await using bob = await signedIn(server.port, "bob");
  await using alice = await ChatWindow.online(server.port, "alice", { expected, terminal: true });
  assertEquals(alice.page.url(), `${alice.origin}/`);
  assertEquals(await alice.page.evaluate("history.length <= 2 && !document.cookie.includes('chat_')"), true);
  bob.client.say("#lobby", `http://evil.test:${hostile.port}/linked`);
  const opening = alice.context.waitForEvent("page");
  await alice.message("linked").getByRole("link").click();
  const opened = await opening;
  await opened.waitForLoadState();
  assertEquals(await opened.evaluate("[document.referrer, opener === null]"), ["", true]);
});

async function visit(context: BrowserContext, address: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(address);
  return page;
}

async function attack(page: Page, target: string, stolen: { token: string; secret: string }): Promise<Found> {
  return await page.evaluate<Found>(`${ATTACKS}(${JSON.stringify(target)}, ${JSON.stringify(stolen)})`);
}

function readable(found: Found): string[] {
  return Object.entries(found).filter(([, what]) => !what.startsWith("nothing")).map((each) =>
    each.join(": ")
  );
}

/** Nothing was said in anybody's name, and the chat goes on. */
async function goesOn(window: ChatWindow, other: Awaited<ReturnType<typeof signedIn>>): Promise<void> {
  await window.say("goes on");
  await other.next("entry", ({ entry }) => entry.text === "goes on");
  assertEquals(other.shown("#lobby").filter((line) => line.includes("hijacked")), []);
  assertEquals(await window.composer("#lobby").inputValue(), "");
}
