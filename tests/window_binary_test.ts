import { assertEquals } from "@std/assert";
import { BINARY, unbuilt } from "./support/binary.ts";
import { windowTest } from "./support/chromium.ts";
import { Served } from "./support/served.ts";
import { temporary } from "./support/temporary.ts";
import { ChatWindow } from "./support/window.ts";

const chat = [BINARY];

windowTest("binary: the window of the compiled program chats, keeps, comes back and ends", async () => {
  using after = new DisposableStack();
  const data = ["--data", temporary(after)];
  const first = await Served.start(chat, ...data);
  const { port } = first;
  await using alice = await ChatWindow.online(port, "alice", { chat, expected: /WebSocket|ERR_CONNECTION/ });
  await using bob = await ChatWindow.online(port, "bob");
  await alice.say("from the binary");
  await bob.message("from the binary").waitFor();
  await bob.say("from the sources");
  await alice.message("from the sources").waitFor();
  await bob.say("/whisper alice psst");
  await alice.conversation(/^bob, 1 unread$/).waitFor();
  await alice.page.getByRole("button", { name: "Settings" }).click();
  await alice.settings.getByLabel("New password").fill("correct horse battery");
  await alice.settings.getByLabel("The same again").fill("correct horse battery");
  await alice.settings.getByRole("button", { name: "Make this name an account" }).click();
  await alice.settings.getByText("Change the password").first().waitFor();
  await alice.page.keyboard.press("Escape");
  await first.stop("SIGKILL");
  await alice.page.getByRole("status").filter({ hasText: "The link is lost" }).waitFor();
  await alice.say("said meanwhile");
  await using _second = await Served.start(chat, ...data, "--port", String(port));
  await bob.message("said meanwhile").waitFor();
  await alice.page.getByRole("button", { name: "Settings" }).click();
  await alice.settings.getByRole("button", { name: "Quit" }).click();
  await alice.page.getByRole("heading", { name: "The chat has ended" }).waitFor();
  assertEquals(await alice.client.code, 0);
}, unbuilt());
