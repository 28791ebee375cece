import { assert, assertEquals, assertMatch } from "@std/assert";
import { chatCommand, openChat, openServer, register } from "./support/chat_pane.ts";
import { filesUnder } from "./support/state_files.ts";
import { Pane, terminalTest } from "./support/tmux.ts";

const SECRET = "correct horse battery";

/** Nothing of the secret is on the screen, above it, among all bytes written, on disk, or shown of the process. */
async function assertSecret(pane: Pane, secret = SECRET): Promise<void> {
  const pid = await pane.pid();
  const kept = await filesUnder(`${pane.dir}/chat`);
  for (const { text } of kept) assert(!text.includes(secret));
  for (const place of [`/proc/${pid}/cmdline`, `/proc/${pid}/environ`]) {
    assert(!(await Deno.readTextFile(place)).includes(secret), place);
  }
  // In full, and a part of it: half a password is one, too.
  for (const part of [secret, secret.slice(0, 7), secret.slice(-7)]) {
    assert(!(await pane.log()).includes(part));
    assert(!(await pane.screen({ all: true })).includes(part));
  }
}

terminalTest(
  "terminal [D10] /register, signing in and /passwd: the password is nowhere to be seen or found",
  async () => {
    await using server = await openServer();
    await using ada = await openChat(server.port, "ada");
    await register(ada, SECRET);
    await assertSecret(ada);
    await ada.press("Up"); // it was no line
    await ada.until(/#lobby>$/);
    await using other = await Pane.open(chatCommand(server.port, "ada"), { env: { LC_ALL: "C.UTF-8" } });
    await other.until("ada belongs to an account", /password:$/);
    await other.enter("wrong horse wrong");
    await other.until("!! that is not the password of ada", /password:$/);
    await other.enter(SECRET);
    await other.until("-- connected as ada (member)", /#lobby>$/);
    await assertSecret(other);
    await assertSecret(other, "wrong horse wrong");
    await other.enter("/passwd");
    await other.until("the password until now:");
    for (const typed of [SECRET, "zebra quilt 47", "zebra quilt 47"]) await other.enter(typed);
    await other.until("-- the password is changed");
    await assertSecret(other);
    await assertSecret(other, "zebra quilt 47");
    assertEquals(await ada.exit(), 1); // signed out, as all other devices
    for (const { path, mode } of await filesUnder(`${other.dir}/chat`)) {
      assertEquals([path, mode & 0o077], [path, 0], "for their owner only");
    }
  },
);

terminalTest("terminal [D10] a dumb terminal shows nothing of a password either", async () => {
  await using server = await openServer();
  await using ada = await openChat(server.port, "ada", { env: { TERM: "dumb" } });
  await register(ada, SECRET);
  await ada.enter("hello there");
  await ada.until("ada │ hello there");
  await assertSecret(ada);
  assertEquals((await ada.log()).split("hello there").length, 3); // echo is on again
});

terminalTest(
  "terminal [D10] passwords from a file or a command are in no argument and no variable",
  async () => {
    await using server = await openServer({ required: true });
    const dir = await Deno.makeTempDir();
    try {
      const file = `${dir}/password`;
      await Deno.writeTextFile(file, `${SECRET}\n`, { mode: 0o600 });
      await using ada = await openChat(server.port, "ada", { args: ["--register", "--password-file", file] });
      await ada.until("-- connected as ada (member)");
      await assertSecret(ada);
      await using other = await openChat(server.port, "ada", {
        env: { CHAT_PASSWORD_COMMAND: `cat '${file}'` },
      });
      await other.until("-- connected as ada (member)");
      await assertSecret(other);
    } finally {
      await Deno.remove(dir, { recursive: true });
    }
  },
);

terminalTest("terminal: where accounts are required, one is made at the door", async () => {
  await using server = await openServer({ required: true });
  await using pane = await Pane.open(chatCommand(server.port, "ada"), { env: { LC_ALL: "C.UTF-8" } });
  await pane.until("this server wants an account", /new password:$/);
  await pane.enter("short");
  await pane.until("at least 8 characters", /new password:$/);
  await pane.enter(SECRET);
  await pane.until(/the same again:$/);
  await pane.enter(SECRET);
  await pane.until("-- connected as ada (member)", /#lobby>$/);
  await assertSecret(pane);
});

terminalTest(
  "terminal: Ctrl-C at the password leaves with 4, Enter alone asks for another name",
  async () => {
    await using server = await openServer();
    await using ada = await openChat(server.port, "ada");
    await register(ada, SECRET);
    await using pane = await Pane.open(chatCommand(server.port, "ada"));
    await pane.until(/password:$/);
    await pane.press("Enter");
    await pane.until(/name>$/);
    await pane.enter("ada");
    await pane.until(/password:$/);
    await pane.press("C-c");
    assertEquals(await pane.exit(), 4);
  },
);

terminalTest("terminal: /devices lists them, and a revoked one ends and needs the password", async () => {
  await using server = await openServer();
  await using ada = await openChat(server.port, "ada");
  await register(ada, SECRET);
  await using other = await Pane.open(chatCommand(server.port, "ada"), { env: { LC_ALL: "C.UTF-8" } });
  await other.until(/password:$/);
  await other.enter(SECRET);
  await other.until("connected as ada");
  await ada.enter("/devices");
  const screen = await ada.until("/devices revoke N");
  assertMatch(screen, /-- # {2}device +first seen +last seen\n-- 1 .* this one\n-- 2 .* connected\n/);
  await ada.enter("/devices revoke 2");
  await ada.until("-- device 2 is signed out");
  assertEquals(await other.exit(), 1);
  const state = { LC_ALL: "C.UTF-8", XDG_STATE_HOME: other.dir };
  await using again = await Pane.open(chatCommand(server.port, "ada"), { env: state });
  await again.until(/password:$/);
});

terminalTest("terminal: /unregister gives up the account, and ends", async () => {
  await using server = await openServer();
  await using ada = await openChat(server.port, "ada");
  await register(ada, SECRET);
  await ada.enter("/unregister");
  await ada.until("nobody can take the name for 90 days", /password:$/);
  await assertSecret(ada);
  await ada.enter("wrong horse wrong");
  await ada.until("(auth)", /#lobby>$/);
  await ada.enter("/unregister");
  await ada.until(/password:$/);
  await ada.enter(SECRET);
  await ada.until("-- the account ada is gone");
  assertEquals(await ada.exit(), 0);
});

terminalTest("terminal: the owner's code makes the owner", async () => {
  await using server = await openServer();
  await using ada = await openChat(server.port, "ada");
  await register(ada, SECRET, server.ownerCode);
  await ada.until("-- ada is your account now, and the server's owner");
});
