import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { ChatClient } from "../client/chat_client.ts";
import { runPipe } from "../client/pipe.ts";
import type { PipeEnds } from "../client/pipe_options.ts";
import { tcp } from "../client/transport.ts";
import type { Entry } from "../protocol/schema.ts";
import { NO_LIMITS } from "../server/limits.ts";
import { serve } from "../server/serve.ts";
import { type FakePeer, FakeServer, said } from "./support/fake_server.ts";
import { Program, run } from "./support/program.ts";
import { FaultProxy } from "./support/proxy.ts";
import { signedIn } from "./support/watched.ts";

const LOBBY = "#lobby";

Deno.test("lines in are messages out; the end of the input waits for every acknowledgement", async () => {
  await using server = await serve();
  await using alice = await signedIn(server.port, "alice");
  await alice.client.join("ci");
  const input = "one\n\n/two is no command\r\nthree: naïve 𝕥𝕖𝕩𝕥\n  kept \nlast, without a newline";
  const { code, out, err } = await run(
    ["connect", `127.0.0.1:${server.port}`, "-n", "ci", "--room", "ci"],
    input,
  );
  assertEquals([code, err], [0, ""]);
  await alice.next("left", ({ room }) => room === "ci");
  const texts = ["one", "/two is no command", "three: naïve 𝕥𝕖𝕩𝕥", "  kept ", "last, without a newline"];
  assertEquals(alice.shown("#ci"), texts.map((text) => `ci: ${text}`));
  const said = out.split("\n").map((line) => line.slice(21)); // without the time
  assertEquals(
    said,
    [...texts.map((text) => `#ci <ci> ${text}`), ""],
    "what is stored is on the output, too",
  );
});

Deno.test("[E01] the output has one plain line a message, harmless whatever it says; --follow goes on", async () => {
  await using server = await serve();
  await using alice = await signedIn(server.port, "alice");
  await using log = new Program("connect", `chat://127.0.0.1:${server.port}/`, "--name=log", "--follow");
  await log.end();
  await alice.next("joined", ({ user }) => user === "log");
  await alice.client.join("elsewhere");
  alice.client.say("#elsewhere", "not for this room");
  for (const text of ["plain", "two\nlines", "\u001b[31mred\u0007\u202etxt", "/me waves"]) {
    alice.client.say(LOBBY, text);
  }
  alice.client.say("@log", "psst");
  const lines = [await log.line(), await log.line(), await log.line(), await log.line(), await log.line()];
  for (const line of lines) assertMatch(line, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ /);
  assertEquals(lines.map((line) => line.slice(21)), [
    "#lobby <alice> plain",
    "#lobby <alice> two\\nlines",
    "#lobby <alice> ␛[31mred␇<U+202E>txt",
    "#lobby <alice> /me waves",
    "@alice <alice> psst",
  ]);
  log.signal("SIGINT");
  assertEquals([await log.code, await log.rest(), await log.errors], [130, "", ""]);
});

Deno.test("--json: one object a line with a version, exact, one's own messages and other events included", async () => {
  await using server = await serve();
  await using alice = await signedIn(server.port, "alice");
  await using bot = new Program("connect", `127.0.0.1:${server.port}`, "--name", "bot", "--json");
  await bot.write("hello\n");
  const own = JSON.parse(await bot.line());
  assertEquals(
    [own.v, own.type, own.to, own.seq, own.from, own.text, own.mine],
    [1, "message", "#lobby", 1, "bot", "hello", true],
  );
  const nasty = '\u001b]0;title\u0007\u009b31m\u202e\u{e0041} \u2028 "quoted" \\ 👩‍👩‍👧';
  alice.client.say(LOBBY, nasty);
  const line = await bot.line();
  const { at, id, ...rest } = JSON.parse(line);
  assertEquals(rest, {
    v: 1,
    type: "message",
    to: "#lobby",
    seq: 2,
    from: "alice",
    text: nasty,
    mine: false,
  });
  assertEquals([typeof at, typeof id], ["string", "string"]);
  assert(!/[\p{Cc}\p{Cf}\p{Zl}]/u.test(line), "nothing in it directs a terminal");
  alice.client.say("@bot", "psst");
  const whisper = JSON.parse(await bot.line());
  assertEquals([whisper.type, whisper.to, whisper.mine], ["whisper", "@alice", false]);
  await using _bob = await signedIn(server.port, "bob");
  assertEquals(await bot.line(), `{"v":1,"type":"joined","room":"lobby","user":"bob"}`);
  await bot.end("x".repeat(5_000));
  const refused = JSON.parse(await bot.line());
  assertEquals([refused.v, refused.type, refused.code, refused.text.length], [
    1,
    "refused",
    "too_long",
    5_000,
  ]);
  assertEquals(await bot.code, 5);
});

Deno.test("refused lines are named, the others go out, and the exit code is 5", async () => {
  await using server = await serve();
  await using alice = await signedIn(server.port, "alice");
  const input = ["first", "x".repeat(4_001), "y".repeat(300_000), "nul \0", "last"].join("\n");
  const { code, out, err } = await run(["connect", `127.0.0.1:${server.port}`, "--name", "ci"], input);
  assertEquals([code, untimed(out)], [5, ["#lobby <ci> first", "#lobby <ci> last"]]);
  const lines = err.trimEnd().split("\n").sort();
  assertEquals(
    lines.map((line) => line.slice(0, 25)),
    [2, 3, 4].map((n) => `chat: line ${n} was refused:`.slice(0, 25)),
  );
  assertStringIncludes(err, "too_long");
  await alice.next("left", ({ user }) => user === "ci");
  assertEquals(alice.shown(LOBBY), ["ci: first", "ci: last"]);
});

Deno.test("exit codes: 2 usage, 3 no server, 4 sign-in refused, 5 no such room", async () => {
  await using server = await serve();
  await using _alice = await signedIn(server.port, "alice");
  const here = `127.0.0.1:${server.port}`;
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const nowhere = `127.0.0.1:${listener.addr.port}`;
  listener.close();
  for (
    const [args, code, said] of [
      [[here], 2, "--name"],
      [["--name", "x"], 2, "HOST[:PORT] is missing"],
      [[here, "--name", "x", "--jsno"], 2, "Did you mean --json?"],
      [[`${here}9`, "--name", "x"], 2, "is not a port"],
      [[nowhere, "--name", "x"], 3, nowhere],
      [[here, "--name", "Alice"], 4, "name_taken"],
      [[here, "--name", "root"], 4, "name_reserved"],
      [[here, "--name", "x", "--room=-"], 5, "cannot join"],
    ] as const
  ) {
    const result = await run(["connect", ...args], "never sent\n");
    assertEquals([args, result.code, result.out], [args, code, ""]);
    assertStringIncludes(result.err, said);
  }
});

Deno.test("--timeout gives up on acknowledgements with 7, and says how many are missing", async () => {
  await using server = new FakeServer(async (peer) => {
    await peer.welcome();
    const { id, text } = await peer.next("message");
    await peer.send(said(1, "ci", text, id));
  });
  const args = ["connect", `127.0.0.1:${server.port}`, "--name", "ci", "--timeout", "0.3"];
  const { code, err } = await run(args, "one\ntwo\nthree\n");
  assertEquals([code, err], [7, "chat: 2 messages have not been delivered\n"]);
});

Deno.test("SIGTERM ends with 143, and what was not delivered is not kept secret", async () => {
  await using server = new FakeServer(async (peer) => {
    await peer.welcome();
    await peer.next("message");
    program.signal("SIGTERM");
  });
  await using program = new Program("connect", `127.0.0.1:${server.port}`, "--name", "ci");
  await program.write("one\n");
  assertEquals([await program.code, await program.errors], [143, "chat: 1 message has not been delivered\n"]);
});

Deno.test("a closed output ends it quietly, once what was said is delivered", async () => {
  await using server = await serve();
  await using alice = await signedIn(server.port, "alice");
  await using log = new Program("connect", `127.0.0.1:${server.port}`, "--name", "log", "--follow");
  await log.write("hello\n");
  await alice.next("entry");
  await log.closeOutput();
  alice.client.say(LOBBY, "is anybody reading?");
  assertEquals([await log.code, await log.errors], [0, ""]);
  await alice.next("left", ({ user }) => user === "log");
});

Deno.test("links that are cut and a server that comes back do not stop the pipe, and lose and double nothing", async () => {
  const LINES = 1_000;
  await using server = await serve({ limits: { ...NO_LIMITS, holdSeconds: 30 } });
  await using proxy = new FaultProxy(server.port, (n) => n < 8 ? { cutAfterUp: 3_000 + 1_000 * n } : {});
  await using alice = await signedIn(server.port, "alice");
  const input = Array.from({ length: LINES }, (_, n) => `${n}\n`).join("");
  const { code, out, err } = await run(
    ["connect", `127.0.0.1:${proxy.port}`, "--name", "ci", "--plain"],
    input,
  );
  assertEquals([code, untimed(out)], [0, Array.from({ length: LINES }, (_, n) => `#lobby <ci> ${n}`)]);
  assertMatch(err, /^(chat: connection lost: .*; trying again in .* s\nchat: connected again\n){8}$/);
  await alice.until(() => alice.count("entry") === LINES);
  assertEquals(alice.shown(LOBBY), Array.from({ length: LINES }, (_, n) => `ci: ${n}`));
});

Deno.test("no more is read from the input than can be sent", async () => {
  const LINES = 2_000;
  let read = 0;
  await using server = new FakeServer(async (peer) => {
    await peer.welcome();
    const ids = [];
    for (let n = 0; n < 32; n++) ids.push((await peer.next("message")).id);
    await peer.send({ type: "ping" });
    await peer.next("pong");
    assert(read <= 257, `${read} lines were read with no acknowledgement`);
    for (let seq = 1; seq <= LINES; seq++) {
      await peer.send(said(seq, "ci", "x", ids.shift() ?? (await peer.next("message")).id));
    }
  });
  const client = new ChatClient({ dial: () => tcp("127.0.0.1", server.port), name: "ci", version: "test" });
  const ends: PipeEnds = {
    input: ReadableStream.from(async function* () {
      for (; read < LINES; read++) yield new TextEncoder().encode("x\n");
    }()),
    print: () => Promise.resolve(),
    tell: (notice) => assertEquals(notice, undefined),
    interrupted: new Promise(() => {}),
  };
  const options = { room: "lobby", json: false, follow: false, timeoutMs: undefined };
  assertEquals(await runPipe(client, options, ends), 0);
  assertEquals(read, LINES);
});

Deno.test("where a password is needed and none is given it exits with 4, and says how to give one", async () => {
  const script = async (peer: FakePeer) => {
    await peer.next("hello");
    await peer.send({ type: "error", code: "auth_required", message: "ada belongs to an account" });
  };
  await using server = new FakeServer(script);
  const { code, out, err } = await run(
    ["connect", `127.0.0.1:${server.port}`, "--name", "ada"],
    "never sent\n",
  );
  assertEquals([code, out], [4, ""]);
  assertStringIncludes(err, "ada belongs to an account and needs its password");
  assertStringIncludes(err, "--password-file");
  assertStringIncludes(err, "CHAT_PASSWORD_COMMAND");
});

Deno.test("an account that the server requires is made with --register only", async () => {
  const script = async (peer: FakePeer) => {
    await peer.next("hello");
    await peer.send({ type: "error", code: "account_required", message: "Only accounts may sign in here" });
  };
  await using server = new FakeServer(script, script);
  const args = ["connect", `127.0.0.1:${server.port}`, "--name", "ada"];
  const { code, err } = await run(args, "");
  assertEquals(code, 4);
  assertStringIncludes(err, "--register makes one");
  const again = await run([...args, "--register"], "");
  assertEquals(again.code, 4);
  assertStringIncludes(again.err, "to register ada a password is needed: give it with --password-file");
});

Deno.test("a password that cannot be had ends with 2 for the file, and with 4 for the command", async () => {
  await using server = new FakeServer(async (peer) => {
    await peer.next("hello");
    await peer.send({ type: "error", code: "auth_required", message: "ada belongs to an account" });
  });
  const args = ["connect", `127.0.0.1:${server.port}`, "--name", "ada"];
  const missing = await run([...args, "--password-file", "/no/such/file"], "");
  assertEquals(missing.code, 2);
  assertStringIncludes(missing.err, "--password-file /no/such/file: there is no such file");
  const failed = await run(args, "", { env: { CHAT_PASSWORD_COMMAND: "echo hunter2 && exit 3" } });
  assertEquals(failed.code, 4);
  assertStringIncludes(failed.err, "CHAT_PASSWORD_COMMAND ended with status 3");
  assert(!failed.err.includes("hunter2\n"), failed.err);
});

Deno.test("--json tells what became of whispers; a full mailbox is a refusal", async () => {
  await using server = new FakeServer(async (peer) => {
    await peer.welcome();
    const { id } = await peer.next("message");
    await peer.send({ type: "receipt", with: "bob", seq: 3, status: "kept" });
    await peer.send({ type: "receipt", with: "bob", seq: 3, status: "delivered" });
    await peer.send({ type: "error", code: "mailbox_full", message: "No more fits", ref: id });
  });
  const args = ["connect", `127.0.0.1:${server.port}`, "--name", "ci", "--json"];
  const { code, out } = await run(args, "hello\n");
  assertEquals(code, 5);
  const lines = out.trimEnd().split("\n").map((line) => JSON.parse(line));
  assertEquals(lines.map(({ type, status, code }) => [type, status ?? code]), [
    ["receipt", "kept"],
    ["receipt", "delivered"],
    ["refused", "mailbox_full"],
  ]);
});

Deno.test("--search prints what was found, the newest last, and nothing else; no hit is no failure", async () => {
  const found = [said(9, "bob", "disk full"), said(4, "ci", "the disk")];
  const script = (entries: Entry[], more: boolean) => async (peer: FakePeer) => {
    await peer.welcome({ seq: 9 });
    await peer.send(said(10, "bob", "said meanwhile"));
    const { ref, type: _, ...what } = await peer.next("search");
    asked.push(what);
    await peer.send({ type: "found", entries, more, ref });
  };
  const asked: object[] = [];
  await using server = new FakeServer(script(found, true), script(found, false), script([], false));
  const args = ["connect", `127.0.0.1:${server.port}`, "--name", "ci", "--search"];
  const plain = await run([...args, 'from:bob in:@carol "disk full"'], "never read\n");
  assertEquals(asked, [{ text: '"disk full"', from: "bob", room: "@carol", limit: 200 }]);
  assertEquals([plain.code, plain.out.split("\n")], [0, [
    "2026-01-02T03:04:05Z #lobby <ci> the disk",
    "2026-01-02T03:04:05Z #lobby <bob> disk full",
    "",
  ]]);
  assertStringIncludes(plain.err, "narrow it with from:, in:, since:");
  const json = await run([...args, "disk", "--json"]);
  assertEquals(json.out.trimEnd().split("\n").map((line) => JSON.parse(line).seq), [4, 9]);
  assertEquals(await run([...args, "disk"]), { code: 0, out: "", err: "" });
  const wrong = await run([...args, "since:yesterday"]);
  assertEquals([wrong.code, wrong.out], [2, ""]);
  assertStringIncludes(wrong.err, "--search: since:yesterday is not understood");
});

/** The lines of an output without their times. */
function untimed(out: string): string[] {
  return out.split("\n").slice(0, -1).map((line) => line.slice(21));
}
