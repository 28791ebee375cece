import { assertEquals } from "@std/assert";
import { OpaquePake } from "../client/pake/opaque_pake.ts";
import { windowTest } from "./support/chromium.ts";
import { openServer } from "./support/chat_pane.ts";
import { Served } from "./support/served.ts";
import { temporary } from "./support/temporary.ts";
import { ChatWindow } from "./support/window.ts";
import { signedIn } from "./support/watched.ts";

const CHAT = [
  Deno.execPath(),
  "run",
  "--quiet",
  "-A",
  "--no-check",
  new URL("../main.ts", import.meta.url).pathname,
];

windowTest("window: the server is killed and comes back; the window says so, and loses nothing", async () => {
  using after = new DisposableStack();
  const data = ["--data", temporary(after)];
  const first = await Served.start(CHAT, ...data);
  const { port } = first;
  await using alice = await ChatWindow.online(port, "alice");
  await using bob = await ChatWindow.online(port, "bob");
  await alice.say("before");
  await bob.message("before").waitFor();
  await first.stop("SIGKILL");
  await alice.page.getByRole("status").filter({ hasText: "The link is lost" }).waitFor();
  for (const text of ["while away 1", "while away 2"]) await alice.say(text);
  const waiting = alice.message("while away 2");
  await waiting.getByLabel("Sending").or(waiting.getByText("Sending")).waitFor();
  await using _second = await Served.start(CHAT, ...data, "--port", String(port));
  await bob.message("while away 2").waitFor();
  await alice.page.getByRole("status").filter({ hasText: "The link is lost" }).waitFor({ state: "hidden" });
  for (const window of [alice, bob]) {
    assertEquals(await window.texts(), ["before", "while away 1", "while away 2"]);
  }
});

windowTest("window: what is refused stays, and can be sent again or discarded", async () => {
  await using server = await openServer();
  await using alice = await ChatWindow.online(server.port, "alice");
  await alice.say("/whisper carol are you there?");
  await alice.show("carol");
  const item = alice.message("are you there?");
  await item.getByText(/Not sent: /).waitFor();
  await using carol = await signedIn(server.port, "carol");
  await item.getByRole("button", { name: "Send again" }).click();
  assertEquals((await carol.next("entry")).entry.text, "are you there?");
  await item.getByLabel("Delivered").or(item.getByText("Delivered")).waitFor();
  await alice.say("/whisper dora hello?");
  await alice.show("dora");
  await alice.message("hello?").getByRole("button", { name: "Discard" }).click();
  await alice.message("hello?").waitFor({ state: "detached" });
});

windowTest("window: a whisper to somebody who is away is kept, and says so", async () => {
  await using server = await openServer();
  {
    await using bob = await signedIn(server.port, "bob", { pake: new OpaquePake() });
    await bob.client.register("correct horse battery");
  }
  await using alice = await ChatWindow.online(server.port, "alice");
  await alice.say("/whisper bob for later");
  await alice.show("bob");
  const item = alice.message("for later");
  await item.getByLabel("Kept for bob").or(item.getByText("Kept for bob")).waitFor();
});

windowTest("window: the client ends with its last window if told so, and not otherwise", async () => {
  await using server = await openServer();
  await using leaving = await ChatWindow.online(server.port, "leaving", { args: ["--exit-with-window"] });
  await using staying = await ChatWindow.online(server.port, "staying", { terminal: true });
  const tab = await leaving.tab();
  await leaving.composer("#lobby", tab).waitFor();
  await tab.close();
  await leaving.page.reload();
  await leaving.say("a reload is no end");
  await staying.message("a reload is no end").waitFor();
  await leaving.page.close();
  await staying.page.close();
  assertEquals(await leaving.client.code, 0);
  const again = await staying.tab();
  await staying.message("a reload is no end", again).waitFor();
  // One more address of the client that goes on opens in another browser, too.
  await again.goto(await staying.client.another());
  await staying.message("a reload is no end", again).waitFor();
});

windowTest("window: Quit ends the client, and the window says so", async () => {
  await using server = await openServer();
  await using alice = await ChatWindow.online(server.port, "alice", { expected: /WebSocket|ERR_CONNECTION/ });
  await alice.page.getByRole("button", { name: "Settings" }).click();
  await alice.settings.getByRole("button", { name: "Quit" }).click();
  await alice.page.getByRole("heading", { name: "The chat has ended" }).waitFor();
  assertEquals(await alice.client.code, 0);
});
