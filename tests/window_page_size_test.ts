import { assert, assertEquals } from "@std/assert";
import { openServer } from "./support/chat_pane.ts";
import { windowTest } from "./support/chromium.ts";
import { ChatWindow } from "./support/window.ts";

const MOST = 60_000;

windowTest("window: the whole page is small, and all of it comes from the client", async () => {
  await using server = await openServer();
  await using alice = await ChatWindow.online(server.port, "alice");
  const asked = await alice.page.evaluate<string[]>(
    `performance.getEntriesByType("resource").map(({ name }) => name)`,
  );
  const icons = ["icon.svg", "icon-unread.svg", "icon-mention.svg"].map((name) => `${alice.origin}/${name}`);
  const files = new Set([`${alice.origin}/`, ...icons, ...asked.filter((each) => each.startsWith("http"))]);
  files.delete(`${alice.origin}/session`); // the exchange of the secret, no part of the page
  assert(files.has(`${alice.origin}/gui.js`) && files.has(`${alice.origin}/gui.css`));
  let size = 0;
  for (const file of files) {
    assert(file.startsWith(`${alice.origin}/`), file);
    const response = await fetch(file);
    assertEquals(response.status, 200, file);
    const zipped = response.body!.pipeThrough(new CompressionStream("gzip"));
    size += (await new Response(zipped).bytes()).length;
  }
  assert(size > 1_000 && size < MOST, `the page has ${size} bytes, compressed`);
});
