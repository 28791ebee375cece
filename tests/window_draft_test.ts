import { assertEquals } from "@std/assert";
import { openServer } from "./support/chat_pane.ts";
import { windowTest } from "./support/chromium.ts";
import { eventually } from "./support/house.ts";
import { signedIn } from "./support/watched.ts";
import { ChatWindow } from "./support/window.ts";

windowTest(
  "window: what is typed stays, however late the program answers with what was typed before",
  async () => {
    await using server = await openServer();
    await using bob = await signedIn(server.port, "bob");
    await using alice = await ChatWindow.online(server.port, "alice");
    const drafts: string[] = [];
    const held: (() => void)[] = [];
    let slow = false;
    await alice.page.routeWebSocket(/\/events$/, (page) => {
      const program = page.connectToServer();
      page.onMessage((text) => {
        const { wish } = JSON.parse(String(text));
        if (wish.kind === "draft") drafts.push(wish.text);
        program.send(text);
      });
      program.onMessage((text) => {
        if (slow) held.push(() => page.send(text));
        else page.send(text);
      });
    });
    await alice.page.reload();
    const composer = alice.composer("#lobby");
    await composer.waitFor();
    slow = true;
    for (const [at, part] of ["one ", "two ", "three "].entries()) {
      await composer.pressSequentially(part);
      await eventually(`draft ${at + 1} is told`, () => drafts.length === at + 1);
    }
    await composer.pressSequentially("four");
    await eventually("all is told and heard", () => drafts.length === 4 && held.length >= 8);
    await composer.pressSequentially(" five");
    for (const release of held.splice(0)) {
      release();
      await alice.page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))");
      assertEquals(await composer.inputValue(), "one two three four five");
    }
    slow = false;
    for (const release of held.splice(0)) release();
    await composer.press("Enter");
    assertEquals((await bob.next("entry")).entry.text, "one two three four five");
    await eventually("the composer is empty", async () => await composer.inputValue() === "");
  },
);
