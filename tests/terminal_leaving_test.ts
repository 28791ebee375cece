import { assert, assertEquals, assertMatch } from "@std/assert";
import { chatCommand, openChat, openServer } from "./support/chat_pane.ts";
import { FaultProxy } from "./support/proxy.ts";
import { Pane, terminalTest } from "./support/tmux.ts";
import { signedIn } from "./support/watched.ts";

/** A shell that chats when told to `go`. */
async function openShell(port: number): Promise<Pane> {
  const shell = await Pane.open(["bash", "--norc", "--noprofile", "-i"], {
    env: { PS1: "$ ", LC_ALL: "C.UTF-8", NO_COLOR: "1" },
  });
  await shell.until(/\$$/);
  const command = chatCommand(port, "ada").map((each) => `'${each}'`).join(" ");
  await Deno.writeTextFile(
    `${shell.dir}/go.sh`,
    `bind 'set enable-bracketed-paste off'; go() { ${command}; }\n`,
  );
  await shell.enter(`. ${shell.dir}/go.sh; clear`);
  return shell;
}

/** The terminal's modes, as the shell sees them. */
async function modes(shell: Pane, name: string): Promise<string> {
  await shell.enter(`stty -g > ${shell.dir}/${name}; echo modes of ${name}`);
  await shell.until(new RegExp(`^modes of ${name}$`, "m"));
  return await Deno.readTextFile(`${shell.dir}/${name}`);
}

/** What the program switched on in the terminal, it switched off. */
function assertPutBack(log: string): void {
  const last = (mode: string) => log[log.lastIndexOf(`\x1b[?${mode}`) + mode.length + 3];
  assertEquals([last("2004"), last("25"), last("7")], ["l", "h", "h"]);
}

terminalTest(
  "terminal: Ctrl-D leaves with 0, Ctrl-C twice with 130, and nothing is left behind",
  async () => {
    await using server = await openServer();
    await using shell = await openShell(server.port);
    const before = await modes(shell, "before");
    for (const [keys, code] of [[["C-d"], 0], [["C-c", "C-c"], 130]] as const) {
      await shell.enter("go; echo code=$?");
      await shell.until("Tab completes", /#lobby>$/);
      if (code === 130) {
        await shell.type("half a line");
        await shell.press("C-c");
        await shell.until(/#lobby>$/);
        await shell.press("C-c");
        await shell.until("Ctrl-C again leaves the chat");
        await shell.press("a", "BSpace");
        await shell.until(/#lobby>$/, (screen) => !screen.includes("Ctrl-C again"));
      }
      for (const key of keys) await shell.press(key);
      await shell.until(`code=${code}`);
      assertPutBack(await shell.log());
      assertEquals(await modes(shell, `after${code}`), before);
      await shell.enter("clear");
    }
  },
);

terminalTest("terminal: /quit waits for what was said, and says what did not get out", async () => {
  await using server = await openServer();
  await using proxy = new FaultProxy(server.port);
  await using bob = await signedIn(server.port, "bob");
  await using ada = await openChat(proxy.port, "ada");
  proxy.stall();
  await ada.enter("last words");
  await ada.until("◌ #lobby: last words");
  await ada.enter("/quit");
  await ada.until("1 on the way");
  proxy.pass();
  assertEquals(await ada.exit(), 0);
  await bob.until(() => bob.shown("#lobby").length === 1);
});

for (const [signal, code] of [["SIGTERM", 143], ["SIGHUP", 129], ["SIGINT", 130]] as const) {
  terminalTest(`terminal: ${signal} ends it with ${code} and gives the terminal back`, async () => {
    await using server = await openServer();
    await using bob = await signedIn(server.port, "bob");
    await using ada = await openChat(server.port, "ada");
    await bob.next("joined");
    Deno.kill(await ada.pid(), signal);
    assertEquals(await ada.exit(), code);
    assertPutBack(await ada.log());
    await bob.next("left"); // at once: it said goodbye
  });
}

terminalTest("terminal: a crash gives the terminal back, too", async () => {
  const crashing = new URL("./support/crashing_chat.ts", import.meta.url).pathname;
  await using pane = await Pane.open([Deno.execPath(), "run", "--quiet", "-A", "--no-check", crashing]);
  await pane.until("#lobby>");
  await pane.enter("boom");
  assertEquals(await pane.exit(), 1);
  assertPutBack(await pane.log());
  assertMatch(await pane.screen({ all: true }), /boom, as asked/);
});

terminalTest("terminal: Ctrl-Z gives the terminal to the shell, fg brings all of it back", async () => {
  await using server = await openServer();
  await using bob = await signedIn(server.port, "bob");
  await using shell = await openShell(server.port);
  await shell.enter("go; echo code=$?");
  await shell.until("Tab completes");
  await shell.type("half a line");
  await shell.press("C-z");
  await shell.until("Stopped");
  await shell.enter("echo the shell is here");
  await shell.until(/^the shell is here$/m);
  bob.client.say("#lobby", "said meanwhile");
  await shell.enter("fg");
  await shell.until("bob │ said meanwhile", /#lobby> half a line$/);
  await shell.enter(" done");
  await shell.until("ada │ half a line done");
});

terminalTest("terminal: without a server it says so and exits with 3", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  await using pane = await Pane.open(chatCommand(port, "ada"));
  assertEquals(await pane.exit(), 3);
  assert((await pane.screen()).includes("!!"));
});
