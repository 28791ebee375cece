import { assert, assertEquals } from "@std/assert";
import { openServer } from "./support/chat_pane.ts";
import { windowTest } from "./support/chromium.ts";
import { run } from "./support/program.ts";
import { raw } from "./support/raw_http.ts";
import { CANARY, SCRIPTED } from "./support/scripted_files.ts";
import { temporary } from "./support/temporary.ts";
import { ChatWindow } from "./support/window.ts";

/** What a browser says of an address that there is not. */
const NOTHING_THERE = /^console: Failed to load resource: the server responded with a status of 4/;
/** All that the window itself is made of. */
const KINDS = ["text/html; charset=utf-8", "text/javascript; charset=utf-8", "text/css; charset=utf-8"];
const ICONS = ["icon.svg", "icon-unread.svg", "icon-mention.svg"];
const PAGE = new URL("../client/gui/page/", import.meta.url);
/** What could show a file, or hand it on. */
const DRAWN =
  "iframe, frame, object, embed, img, video, audio, source, a[download], [src*='blob:'], [href*='blob:']";

windowTest(
  "[H13] window: files with scripts in them are saved, and nothing of them runs or has an address",
  async () => {
    await using after = new AsyncDisposableStack();
    const folder = temporary(after);
    await using server = await openServer({ files: `${folder}/kept` });
    const downloads = `${folder}/downloads`;
    const options = {
      env: { XDG_DOWNLOAD_DIR: downloads },
      state: `${folder}/state`,
      expected: NOTHING_THERE,
    };
    await using bob = await ChatWindow.online(server.port, "bob", options);
    const asked: string[] = [];
    const served: Promise<readonly [string, string]>[] = [];
    bob.context.on("request", (request) => void asked.push(request.url()));
    bob.context.on("response", (response) => {
      if (!response.ok()) return; // the browser fills it with a page of its own
      const text = response.text().catch(() => "");
      served.push(text.then((body) => [response.headers()["content-type"] ?? "", body] as const));
    });
    for (const [name, text] of Object.entries(SCRIPTED)) {
      await Deno.writeTextFile(`${folder}/${name}`, text);
      const to = ["connect", `127.0.0.1:${server.port}`, "--name", "alice", "--send", `${folder}/${name}`];
      const { code, err } = await run([...to, "--to", "#lobby"]);
      assertEquals(code, 0, err);
      const files = bob.page.getByRole("list", { name: "Files" });
      await files.getByRole("button", { name: `Save ${name}` }).click();
      await files.getByText(`${name} is saved as ${downloads}/${name}`).waitFor();
      assertEquals(await Deno.readTextFile(`${downloads}/${name}`), text);
      await bob.page.setInputFiles("input[type=file]", `${folder}/${name}`); // and out of this window, too
      await files.getByText(`${name} is sent`).waitFor();
      assertEquals(await bob.page.locator(DRAWN).count(), 0, name);
    }
    const names = Object.keys(SCRIPTED);
    const paths = names.flatMap((name, at) =>
      placesOf(encodeURIComponent(name), `${downloads}/${name}`, at + 1)
    );
    await nothingAt(bob, paths);
    await opened(bob, paths.filter((path) => /page\.html|drawing\.svg/.test(path)));
    await bob.page.reload();
    await bob.composer("#lobby").waitFor();
    const icons = await Promise.all(ICONS.map((name) => Deno.readTextFile(new URL(name, PAGE))));
    const bodies = await Promise.all(served);
    assert(bodies.length >= KINDS.length, "what was served was looked at");
    for (const [kind, body] of bodies) {
      assert(!body.includes(CANARY), body.slice(0, 200));
      const own = kind === "image/svg+xml" ? icons.includes(body) : KINDS.includes(kind);
      assert(body === "" || own, `${kind}: ${body.slice(0, 200)}`);
    }
    assertEquals(asked.filter((url) => url.endsWith(CANARY)), []);
    assert(!(await bob.page.title()).includes(CANARY));
    assertEquals(await bob.page.evaluate("document.scripts.length"), 1);
  },
);

/** Where somebody might look for a file: by its name, where it lies, and its number. */
function placesOf(name: string, path: string, number: number): string[] {
  const at = [name, `${number}`, encodeURIComponent(path)];
  const under = [
    "",
    "files/",
    "file/",
    "downloads/",
    "dropped/",
    "transfers/",
    "transfer/",
    "blob/",
    "events/",
  ];
  const asked = ["files?name=", "files?file=", "files?path=", "files?to=%23lobby&name=", "?file="];
  return [
    ...under.flatMap((folder) => at.map((each) => `/${folder}${each}`)),
    ...asked.flatMap((question) => at.map((each) => `/${question}${each}`)),
    encodeURI(path),
    `/${encodeURI(path)}`,
    `/files/..%2f..%2f${name}`,
    `/gui.js/../${name}`,
    `/file:${encodeURI(path)}`,
  ];
}

/** Neither the page itself nor anybody who has its cookie and its token gets anything there. */
async function nothingAt({ page, context, origin }: ChatWindow, paths: readonly string[]): Promise<void> {
  const token = await page.evaluate<string>(`localStorage.getItem("token")`);
  const [cookie] = await context.cookies(origin);
  assert(cookie !== undefined);
  const found = await page.evaluate<[string, number, string][]>(
    `Promise.all(${JSON.stringify(paths)}.map(async (path) => {
    const answer = await fetch(${JSON.stringify(origin)} + path, { headers: { "x-chat-token": ${
      JSON.stringify(token)
    } } });
    return [path, answer.status, await answer.text()];
  }))`,
  );
  const { host, port } = new URL(origin);
  const head = `Host: ${host}\r\nCookie: ${cookie.name}=${cookie.value}\r\nX-Chat-Token: ${token}\r\n`;
  for (const path of paths) {
    const { status, body } = await raw(
      Number(port),
      `GET ${path} HTTP/1.1\r\n${head}Connection: close\r\n\r\n`,
    );
    found.push([path, status, body]);
  }
  for (const [path, status, body] of found) {
    assert(
      (status === 404 || status === 405 || status === 400) && body === "",
      `${status} at ${path}: ${body}`,
    );
  }
}

/** Goes there as a person would who types the address; what comes of it is noted by those who watch. */
async function opened({ context, origin }: ChatWindow, paths: readonly string[]): Promise<void> {
  const page = await context.newPage();
  for (const path of paths) await page.goto(`${origin}${path}`).catch(() => {}); // there is nothing to be shown
  await page.close();
}
