import { assert, assertEquals } from "@std/assert";
import { NO_LIMITS } from "../server/limits.ts";
import { serve } from "../server/serve.ts";
import { Pocket } from "./support/pocket.ts";
import { randomFrom } from "./support/random.ts";
import { signedIn } from "./support/watched.ts";

const LOBBY = "#lobby";
const CLIENT = new URL("./support/mortal_client.ts", import.meta.url).pathname;
/** Said by somebody else, so that there is something to receive. */
const CHATTER_MS = 3;
/** When to die, and how often that moment comes at the most before. */
const MOMENTS = { queued: 100, sent: 6, received: 100, displayed: 60, marked: 60 } as const;

async function live(...args: readonly string[]): Promise<Deno.CommandStatus & { readonly said: string }> {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", "--no-check", CLIENT, ...args],
  });
  const { success, code, signal, stderr } = await command.output();
  return { success, code, signal, said: new TextDecoder().decode(stderr) };
}

for (const seed of [1, 2]) {
  Deno.test(`[F11] a client killed when a line is typed, sent, received or shown: nothing lost, nothing twice (seed ${seed})`, async () => {
    const random = randomFrom(seed);
    await using pocket = await Pocket.make();
    await using server = await serve({ limits: { ...NO_LIMITS, holdSeconds: 0.2, graceSeconds: 0.05 } });
    await using witness = await signedIn(server.port, "witness");
    const keys = Object.keys(MOMENTS) as (keyof typeof MOMENTS)[];
    let chat = 0;
    const chatter = setInterval(() => witness.client.say(LOBBY, `chat-${++chat}`), CHATTER_MS);
    const path = `${pocket.folder}/log`;
    try {
      for (const [run, moment] of [...keys, ...keys].entries()) {
        const count = `${1 + Math.floor(random() * MOMENTS[moment])}`;
        const { signal, said } = await live(`${server.port}`, pocket.folder, path, `${run}`, moment, count);
        assertEquals(signal, "SIGKILL", said);
      }
    } finally {
      clearInterval(chatter);
    }
    witness.client.say(LOBBY, "the end");
    await witness.client.settled();
    const { success, said } = await live(`${server.port}`, pocket.folder, path, "last", "never", "1");
    assert(success, said);
    judge((await Deno.readTextFile(path)).split("\n").map((line) => line.split(" ")), witness.shown(LOBBY));
  });
}

Deno.test({
  name: "[F12] on a disk that is full everything is said all the same, and that it is not kept is told",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using pocket = await Pocket.make();
    await using server = await serve({ limits: NO_LIMITS });
    await using witness = await signedIn(server.port, "witness");
    const lines = Array.from({ length: 40 }, (_, n) => `${n} ${"x".repeat(100)}`);
    const main = new URL("../main.ts", import.meta.url).pathname;
    const chat = [
      Deno.execPath(),
      "run",
      "--quiet",
      "-A",
      "--no-check",
      main,
      "connect",
      `127.0.0.1:${server.port}`,
    ];
    const process = new Deno.Command("sh", {
      // No file may grow beyond 2 blocks: the same as a disk with no more room, for this process alone.
      args: ["-c", `trap "" XFSZ; ulimit -f 2; exec "$@"`, "sh", ...chat, "--name", "alice"],
      env: { XDG_STATE_HOME: pocket.folder },
      stdin: "piped",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const writer = process.stdin.getWriter();
    await writer.write(new TextEncoder().encode(lines.map((line) => `${line}\n`).join("")));
    await writer.close();
    const { code, stderr } = await process.output();
    const said = new TextDecoder().decode(stderr);
    assertEquals(code, 0, said);
    assertEquals(said.match(/Cannot keep messages in/g)?.length, 1, said);
    await witness.until(() => witness.count("entry") === lines.length);
    assertEquals(witness.shown(LOBBY), lines.map((line) => `alice: ${line}`));
  },
});

/** Compares what the client was told with what somebody saw who was there all the time. */
function judge(log: readonly (readonly string[])[], seen: readonly string[]): void {
  const own = seen.flatMap((line) => line.startsWith("mortal: ") ? [line.slice("mortal: ".length)] : []);
  assertEquals(new Set(own).size, own.length, "something was said twice");
  const queued = new Set(log.flatMap(([what, text = ""]) => what === "queued" ? [text] : []));
  assertEquals([...queued].filter((text) => !own.includes(text)), [], "something queued was lost");
  assert(queued.size >= 50, `only ${queued.size} lines were queued: this proved nothing`);
  const perRun = Map.groupBy(own, (text) => text.split("-")[0]);
  for (const texts of perRun.values()) {
    const numbers = texts.map((text) => Number(text.split("-")[1]));
    assertEquals(numbers, numbers.toSorted((one, other) => one - other), "the order was not kept");
  }
  let marked = 0;
  let last = 0;
  for (const [what, seq = ""] of log) {
    assert(what !== "gap", "something could not be had");
    if (what === "marked") marked = Number(seq);
    if (what !== "show") continue;
    assert(Number(seq) > marked, `${seq} was shown again although it had been marked`);
    assert(last === 0 || Number(seq) <= last + 1, `${Number(seq) - 1} was never shown`);
    last = Number(seq);
  }
  assert(last > 100, `only ${last} entries were shown: this proved nothing`);
}
