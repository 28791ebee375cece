import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { HEADER_BYTES } from "../protocol/limits.ts";
import { VERSION } from "../cli/version.ts";
import { BINARY, BinaryProgram, binaryTest } from "./support/binary.ts";
import { Program } from "./support/program.ts";
import { Served } from "./support/served.ts";
import { Pane } from "./support/tmux.ts";
import { signedIn } from "./support/watched.ts";

/** What is told of a server that nobody knows yet, and nothing else. */
const FIRST_TIME =
  /^chat: first time at 127\.0\.0\.1:\d+: whoever runs it sees these words at its start: ([a-z]+ ){6}\(first_time\)\n$/;

/** Runs to the end without input; what may not be done would be asked for here. */
async function run(program: Program): Promise<{ code: number; out: string; err: string }> {
  await using running = program;
  const [out] = await Promise.all([running.rest(), running.end()]);
  return { code: await running.code, out, err: await running.errors };
}

binaryTest("binary: it explains itself, and its mistakes, as the sources do", async () => {
  assertEquals((await run(new BinaryProgram("--version"))).out, `chat ${VERSION}\n`);
  for (
    const args of [
      ["--help"],
      [],
      ["serve", "--help"],
      ["serve", "--prot", "1"],
      ["connect", "--help"],
      ["connect", "localhost:0", "--name", "ada"],
      ["completions", "bash"],
      ["completions", "zsh"],
      ["completions", "fish"],
    ]
  ) {
    assertEquals(await run(new BinaryProgram(...args)), await run(new Program(...args)));
  }
});

binaryTest(
  "binary: it serves, and a client of the binary and one of the sources chat through it",
  async () => {
    await using server = await Served.start([BINARY]);
    const here = `127.0.0.1:${server.port}`;
    await using watcher = await signedIn(server.port, "watcher");
    await using ada = new BinaryProgram("connect", here, "--name", "ada", "--json");
    await watcher.next("joined", ({ user }) => user === "ada");
    await using bob = new Program("connect", here, "--name", "bob");
    assertStringIncludes(await ada.line(), `"joined","room":"lobby","user":"bob"`);
    await bob.write("from the sources\n");
    assertMatch(await bob.line(), /^\S+Z #lobby <bob> from the sources$/);
    const { from, text, mine } = JSON.parse(await ada.line());
    assertEquals([from, text, mine], ["bob", "from the sources", false]);
    await ada.write("from the binary\n");
    assertMatch(await bob.line(), /^\S+Z #lobby <ada> from the binary$/);
    await bob.end();
    assertEquals([await bob.code, await bob.rest()], [0, ""]);
    assertMatch(await bob.errors, FIRST_TIME);
    await ada.end();
    assertEquals(await ada.code, 0);
    assertMatch(await ada.errors, FIRST_TIME);
  },
);

binaryTest("binary: a session Worker reads hostile bytes, and nobody else notices", async () => {
  await using server = await Served.start([BINARY], "--workers", "2");
  await using ada = await signedIn(server.port, "ada");
  using stranger = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
  await stranger.write(new Uint8Array([0x7f, 0xff, 0xff, 0xff, 0x7b]));
  const said = new Uint8Array(await new Response(stranger.readable).arrayBuffer());
  const { type, code, fatal } = JSON.parse(new TextDecoder().decode(said.subarray(HEADER_BYTES)));
  assertEquals([type, code, fatal], ["error", "frame_size", true]);
  ada.client.say("#lobby", "still here");
  assertEquals((await ada.next("entry")).entry.text, "still here");
});

binaryTest("binary: SIGTERM drains it, and its clients hear why", async () => {
  await using server = await Served.start([BINARY]);
  await using ada = await signedIn(server.port, "ada");
  const { code, log } = await server.stop();
  assertEquals(code, 0);
  assertEquals(log.trim().split("\n").map((line) => JSON.parse(line).event), [
    "certificate",
    "no_owner_yet",
    "stopping",
    "stopped",
  ]);
  assertStringIncludes((await ada.next("offline")).why, "stopping");
});

binaryTest("binary: it keeps data, copies them, puts them back, and prints them", async () => {
  const folder = await Deno.makeTempDir({ prefix: "chat-test-" });
  try {
    const data = ["--data", `${folder}/data`];
    {
      await using server = await Served.start([BINARY], ...data);
      await using ada = await signedIn(server.port, "ada");
      ada.client.say("#lobby", "to be kept");
      await ada.next("entry");
      const { out } = await run(new BinaryProgram("serve", ...data, "--backup", `${folder}/copy.db`));
      assertEquals(out, `${folder}/copy.db has 1 message in 1 conversation, 0 accounts\n`);
      await server.stop();
    }
    assertEquals((await run(new BinaryProgram("serve", ...data, "--restore", `${folder}/copy.db`))).code, 0);
    const { out, code } = await run(new BinaryProgram("serve", ...data, "--export", "#lobby"));
    assertEquals([code, JSON.parse(out).text], [0, "to be kept"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

binaryTest("binary: the terminal client edits, remembers, stops and comes back", async () => {
  await using server = await Served.start([BINARY]);
  await using bob = await signedIn(server.port, "bob");
  await using shell = await Pane.open(["bash", "--norc", "--noprofile", "-i"], {
    env: { PS1: "$ ", LC_ALL: "C.UTF-8", NO_COLOR: "1" },
  });
  await shell.until(/\$$/);
  await shell.enter(`'${BINARY}' connect 127.0.0.1:${server.port} --name ada`);
  await shell.until("Tab completes", /#lobby>$/);
  await shell.enter("hello");
  await shell.until("ada │ hello");
  await shell.type("/w b");
  await shell.press("Tab");
  await shell.enter("psst");
  await shell.until("[you → bob] psst");
  await shell.type("half a line");
  await shell.resize(60, 20);
  await shell.press("C-z");
  await shell.until("Stopped");
  bob.client.say("#lobby", "said meanwhile");
  await shell.enter("fg");
  await shell.until("bob │ said meanwhile", /#lobby> half a line$/);
  await shell.press("C-c", "C-d");
  await shell.until(/\$$/);
  await shell.enter("echo code=$?");
  await shell.until("code=0");
  assertEquals(await Deno.readTextFile(`${shell.dir}/chat/history`), "hello\n/w bob psst\n");
  assert(!(await shell.log()).includes("Deno requests"));
});
