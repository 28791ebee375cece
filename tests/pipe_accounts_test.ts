import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import config from "../deno.json" with { type: "json" };
import { NO_LIMITS } from "../server/limits.ts";
import { serve, type ServeOptions, type Server } from "../server/serve.ts";
import { Program, run, type Surroundings } from "./support/program.ts";
import { filesUnder } from "./support/state_files.ts";
import { signedIn } from "./support/watched.ts";

const SECRET = "correct horse battery";

interface House {
  readonly server: Server;
  readonly dir: string;
  /** A file with the password, for its owner only. */
  readonly file: string;
  /** Runs `chat connect` as somebody, to its end. */
  readonly chat: (
    args: readonly string[],
    input?: string,
    surroundings?: Surroundings,
  ) => ReturnType<typeof run>;
}

/** A server, and a folder with the password in a file. */
async function inHouse(test: (house: House) => Promise<void>, options: ServeOptions = {}): Promise<void> {
  await using server = await serve({ ...options, limits: NO_LIMITS });
  const dir = await Deno.makeTempDir();
  const file = `${dir}/password`;
  await Deno.writeTextFile(file, `${SECRET}\n`, { mode: 0o600 });
  try {
    await test({
      server,
      dir,
      file,
      chat: (args, input = "", surroundings = {}) =>
        run(["connect", `127.0.0.1:${server.port}`, "--name", ...args], input, surroundings),
    });
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

Deno.test("--register makes the account, then its password is needed, once on each device", () =>
  inHouse(async ({ dir, file, chat }) => {
    const state = `${dir}/state`;
    const made = await chat(["bot", "--register", "--password-file", file], "hello\n", { state });
    assertEquals([made.code, made.err, made.out.slice(21)], [0, "", "#lobby <bot> hello\n"]);
    const again = await chat(["bot", "--register", "--password-file", file], "again\n", { state });
    assertEquals([again.code, again.err], [0, ""]);
    const known = await chat(["bot"], "by the device\n", { state });
    assertEquals([known.code, known.err], [0, ""]);
    const stranger = await chat(["bot"], "never sent\n");
    assertEquals([stranger.code, stranger.out], [4, ""]);
    assertStringIncludes(stranger.err, "bot belongs to an account and needs its password");
    const command = await chat(["bot"], "by command\n", { env: { CHAT_PASSWORD_COMMAND: `cat '${file}'` } });
    assertEquals([command.code, command.err, command.out.slice(21)], [0, "", "#lobby <bot> by command\n"]);
    const wrong = await chat(["bot"], "never sent\n", {
      env: { CHAT_PASSWORD_COMMAND: "echo wrong horse battery" },
    });
    assertEquals([wrong.code, wrong.out], [4, ""]);
    assertEquals(wrong.err, "chat: that is not the password of bot\n");
    for (const { path, text, mode } of await filesUnder(state)) {
      assertEquals([path, mode & 0o077, text.includes(SECRET)], [path, 0, false]);
    }
  }));

Deno.test("where accounts are required, --register is the way in for scripts", () =>
  inHouse(async ({ file, chat }) => {
    const guest = await chat(["bot", "--password-file", file], "never sent\n");
    assertEquals([guest.code, guest.out], [4, ""]);
    assertStringIncludes(guest.err, "--register makes one");
    const made = await chat(["bot", "--register", "--password-file", file], "hello\n");
    assertEquals([made.code, made.err, made.out.slice(21)], [0, "", "#lobby <bot> hello\n"]);
  }, { required: true }));

Deno.test("[C07] whispers to an account that is away are printed at its next sign-in, and told as kept, then delivered", () =>
  inHouse(async ({ server, dir, file, chat }) => {
    const state = `${dir}/state`;
    await chat(["bot", "--register", "--password-file", file], "", { state });
    await using ada = await signedIn(server.port, "ada");
    const texts = Array.from({ length: 300 }, (_, at) => `${at} ${"x".repeat(400)}`);
    for (const text of texts) ada.client.say("@bot", text);
    assertEquals((await ada.next("receipt", ({ seq }) => seq === 300)).status, "kept");
    const { code, out, err } = await chat(["bot", "--json"], "", { state });
    assertEquals([code, err], [0, ""]);
    const lines = out.trimEnd().split("\n").map((line) => JSON.parse(line));
    const told = lines.map(({ type, text, mine }) => `${type} ${text.split(" ")[0]} ${mine}`);
    assertEquals(told, texts.map((_, at) => `whisper ${at} false`));
    assertEquals((await ada.next("receipt", ({ seq }) => seq === 300)).status, "delivered");
    assertEquals((await chat(["bot"], "", { state })).out, "", "once");
  }));

Deno.test("a pipe prints what was said in the room before it came only with --follow", () =>
  inHouse(async ({ server, dir, file, chat }) => {
    const state = `${dir}/state`;
    await chat(["bot", "--register", "--password-file", file], "first\n", { state });
    await using ada = await signedIn(server.port, "ada");
    ada.client.say("#lobby", "meanwhile");
    await ada.client.settled();
    assertEquals(
      (await chat(["bot"], "hello\n", { state })).out.split("\n").map((line) => line.slice(21)),
      ["#lobby <bot> hello", ""],
    );
    ada.client.say("#lobby", "missed");
    await ada.client.settled();
    const follow = ["connect", `127.0.0.1:${server.port}`, "--name", "bot", "--follow"];
    await using log = new Program({ state }, ...follow);
    assertEquals((await log.line()).slice(21), "#lobby <ada> missed");
    ada.client.say("#lobby", "now");
    assertEquals((await log.line()).slice(21), "#lobby <ada> now");
  }));

Deno.test("--no-state leaves nothing behind", () =>
  inHouse(async ({ dir, file, chat }) => {
    const state = `${dir}/state`;
    await Deno.mkdir(state);
    const { code } = await chat(["bot", "--register", "--no-state", "--password-file", file], "hi\n", {
      state,
    });
    assertEquals([code, await filesUnder(state)], [0, []]);
    assertEquals((await chat(["bot", "--no-state"], "", { state })).code, 4);
  }));

Deno.test("--search --json prints what an account may read, whispers among it", () =>
  inHouse(async ({ server, dir, file, chat }) => {
    const state = `${dir}/state`;
    await chat(["bot", "--register", "--password-file", file], "the disk is fine\n", { state });
    await using ada = await signedIn(server.port, "ada");
    ada.client.say("@bot", "your disk is full");
    ada.client.say("@ada", "my disk");
    await ada.client.settled();
    const { code, out, err } = await chat(["bot", "--json", "--search", "disk"], "", { state });
    assertEquals([code, err], [0, ""]);
    assertEquals(
      out.trimEnd().split("\n").map((line) => JSON.parse(line)).map(({ to, text }) => [to, text]),
      [
        ["#lobby", "the disk is fine"],
        ["@ada", "your disk is full"],
      ],
    );
  }));

Deno.test("deno task connect may do all that a password needs", () =>
  inHouse(async ({ server, dir, file }) => {
    const [, ...flags] = config.tasks.connect.split(" ");
    assertEquals(flags.slice(-2), ["main.ts", "connect"]);
    const args = [...flags, `127.0.0.1:${server.port}`, "--name", "bot", "--register"];
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args,
      cwd: new URL("../", import.meta.url),
      env: { XDG_STATE_HOME: `${dir}/state`, CHAT_PASSWORD_COMMAND: `cat '${file}'` },
      stdin: "null",
    }).output();
    assertEquals([code, new TextDecoder().decode(stderr)], [0, ""]);
    assert((await filesUnder(`${dir}/state`)).some(({ path }) => path.endsWith("/bot/device.json")));
  }));
