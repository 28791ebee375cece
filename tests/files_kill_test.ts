import { assert, assertEquals } from "@std/assert";
import { Program } from "./support/program.ts";
import { Served } from "./support/served.ts";
import { temporary } from "./support/temporary.ts";
import { type TransferLine, untilTransfer } from "./support/transfer_lines.ts";

const MAIN = new URL("../main.ts", import.meta.url).pathname;
const CHAT = [Deno.execPath(), "run", "--quiet", "-A", MAIN];
/** Large enough to be hit on its way. */
const SIZE = 60_000_000;

type Victim = "server" | "sender" | "receiver";
const VICTIMS: readonly Victim[] = ["server", "sender", "receiver"];
/** Kills of each. */
const ROUNDS = 3;

/** The three, of whom one is killed in the middle of its work and started again. */
class Scene implements AsyncDisposable {
  readonly #after = new AsyncDisposableStack();
  readonly folder = temporary(this.#after);
  readonly file = `${this.folder}/large.bin`;
  server!: Served;

  async write(): Promise<Uint8Array> {
    const bytes = new Uint8Array(SIZE);
    for (let at = 0; at < SIZE; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
    await Deno.writeFile(this.file, bytes);
    return bytes;
  }

  async serve(): Promise<void> {
    const again = this.server === undefined ? [] : ["--port", String(this.server.port)];
    const server = await Served.start(
      CHAT,
      "--data",
      `${this.folder}/data`,
      "--no-limits",
      "--hold-seconds",
      "30",
      ...again,
    );
    this.server = server;
    this.#after.use(server);
  }

  send(): Program {
    return this.#client("alice", "--send", this.file, "--to", "bob", "--timeout", "60");
  }

  receive(): Program {
    return this.#client("bob", "--receive", `${this.folder}/in`, "--follow");
  }

  #client(name: string, ...args: readonly string[]): Program {
    const state = { state: `${this.folder}/${name}` };
    const here = `127.0.0.1:${this.server.port}`;
    return this.#after.use(new Program(state, "connect", here, "--name", name, "--json", ...args));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#after.disposeAsync();
  }
}

/** Resolves with whether it was hit on its way. */
async function round(victim: Victim, part: number): Promise<boolean> {
  await using scene = new Scene();
  const bytes = await scene.write();
  await scene.serve();
  let bob = scene.receive();
  await bob.write("here I am\n");
  await bob.line();
  let alice = scene.send();
  await alice.end();
  const busy = victim === "receiver" ? bob : alice;
  const moving = ({ state }: TransferLine) => state === "sending" || state === "receiving";
  const over = ({ state }: TransferLine) => state === "sent" || state === "saved";
  const hit = await untilTransfer(
    busy,
    (line) => over(line) || moving(line) && (line.done ?? 0) >= part * SIZE,
  );
  if (over(hit)) return false; // it was too fast to be hit there
  if (victim === "server") {
    await scene.server.stop("SIGKILL");
    await scene.serve();
  } else if (victim === "sender") {
    alice.signal("SIGKILL");
    assert(await alice.code !== 0);
    alice = scene.send();
    await alice.end();
  } else {
    bob.signal("SIGKILL");
    await bob.code;
    bob = scene.receive();
  }
  assertEquals(await alice.code, 0, await alice.errors); // without it there is nothing to wait for
  const saved = await untilTransfer(bob, ({ state }) => state === "saved");
  assertEquals(await Deno.readFile(saved.path!), bytes);
  const there = Array.from(await Array.fromAsync(Deno.readDir(`${scene.folder}/in`)), ({ name }) => name);
  assertEquals(there, ["large.bin"], "nothing is left of the parts");
  return true;
}

for (const victim of VICTIMS) {
  Deno.test(`[H09] a file arrives as it is, whenever its ${victim} is killed`, async () => {
    let hit = 0;
    for (let n = 0; n < ROUNDS; n++) if (await round(victim, n / ROUNDS)) hit++;
    assert(hit > 0, "it was never hit on its way");
  });
}
