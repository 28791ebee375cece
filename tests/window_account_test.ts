import { windowTest } from "./support/chromium.ts";
import { openServer } from "./support/chat_pane.ts";
import { ChatWindow } from "./support/window.ts";
import { signedIn } from "./support/watched.ts";

const SECRET = "correct horse battery";

windowTest(
  "window: a name becomes an account in the settings, and its password is asked for elsewhere",
  async () => {
    await using server = await openServer();
    await using bob = await signedIn(server.port, "bob");
    {
      await using alice = await ChatWindow.online(server.port, "alice");
      await alice.page.getByRole("button", { name: "Settings" }).click();
      await alice.settings.getByLabel("New password").fill(SECRET);
      await alice.settings.getByLabel("The same again").fill(SECRET);
      await alice.settings.getByRole("button", { name: "Make this name an account" }).click();
      await alice.settings.getByText("Change the password").first().waitFor();
    }
    await using elsewhere = await ChatWindow.open(server.port, { name: "alice" });
    const { page } = elsewhere;
    await page.getByRole("heading", { name: "Password for alice" }).waitFor();
    await page.getByRole("textbox", { name: "Password", exact: true }).fill("wrong horse battery");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText(/wrong|not right|not the password/i).first().waitFor();
    await page.getByRole("textbox", { name: "Password", exact: true }).fill(SECRET);
    await page.getByRole("button", { name: "Sign in" }).click();
    await elsewhere.composer("#lobby").waitFor();
    await page.getByRole("button", { name: "Settings" }).click();
    await elsewhere.settings.getByText("Devices", { exact: true }).click();
    await elsewhere.settings.getByRole("list", { name: "Devices" }).getByRole("listitem").nth(1).waitFor();
    await page.keyboard.press("Escape");
    await elsewhere.settings.waitFor({ state: "hidden" });
    await elsewhere.say("here I am");
    await bob.next("entry", ({ entry }) => entry.from === "alice" && entry.text === "here I am");
  },
);

windowTest(
  "window: where everybody needs an account one is made in the page, and another name may be taken",
  async () => {
    await using server = await openServer({ required: true });
    await using alice = await ChatWindow.open(server.port, { name: "admin" });
    const { page } = alice;
    await page.getByRole("heading", { name: "Who are you?" }).waitFor(); // nobody may be called that
    await page.getByRole("textbox", { name: "Name", exact: true }).fill("carol");
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByRole("heading", { name: "Choose a password" }).waitFor();
    await page.getByRole("button", { name: "Another name" }).click();
    await page.getByRole("heading", { name: "Who are you?" }).waitFor();
    await page.getByRole("textbox", { name: "Name", exact: true }).fill("alice");
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByRole("textbox", { name: "New password" }).fill(SECRET);
    await page.getByRole("textbox", { name: "The same again" }).fill(SECRET);
    await page.getByRole("button", { name: "Register" }).click();
    await alice.composer("#lobby").waitFor();
  },
);

windowTest("window: without the secret it is not connected, and says what to do", async () => {
  await using server = await openServer();
  const expected = /WebSocket|40[0-9]/;
  await using alice = await ChatWindow.online(server.port, "alice", { expected });
  const stranger = await alice.context.browser()!.newContext();
  const page = await stranger.newPage();
  for (const address of [`${alice.origin}/`, `${alice.origin}/#${"A".repeat(43)}`]) {
    await page.goto(address);
    await page.reload();
    await page.getByRole("heading", { name: "This window is not connected" }).waitFor();
  }
  await stranger.close();
  await alice.say("still here");
  await alice.message("still here").waitFor();
});
