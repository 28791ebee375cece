/**
 * `deno task bench:durable`: what keeping everything costs, with the real program on a folder of its own. README.md
 * beside this file says how to read it.
 */
import { pairKey } from "../../server/store/store.ts";
import { SqliteStore } from "../../server/store/store_client.ts";
import { framed, Wire } from "../support/wire.ts";

const MAIN = new URL("../../main.ts", import.meta.url).pathname;
const USERS = 50;
const SENT = 400;
const EVERY_MS = 50;
const MANY = 1_000_000;
const SEARCHES = ['"disk full"', "the", "nothing-of-that-kind"];

interface Started {
  readonly port: number;
  readonly startedMs: number;
  readonly process: Deno.ChildProcess;
}

function say(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(text + "\n"));
}

/** Starts the program on a folder; resolves when somebody was welcomed. */
async function start(folder: string, ...more: string[]): Promise<Started> {
  const began = performance.now();
  const args = [
    "run",
    "-A",
    MAIN,
    "serve",
    "--host",
    "127.0.0.1",
    "--port",
    "0",
    "--no-limits",
    "--data",
    folder,
  ];
  const process = new Deno.Command(Deno.execPath(), {
    args: [...args, ...more],
    stderr: "piped",
    stdin: "null",
  })
    .spawn();
  const reader = process.stderr.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  let port: number | undefined;
  while (port === undefined) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`The server ended: ${text}`);
    text += value;
    const found = text.match(/"port":(\d+)/);
    if (found) port = Number(found[1]);
  }
  (async () => {
    while (!(await reader.read()).done);
  })();
  using wire = await Wire.open(port);
  await wire.signIn("first");
  return { port, startedMs: performance.now() - began, process };
}

async function stop({ process }: Started): Promise<void> {
  process.kill("SIGTERM");
  await process.status;
}

async function memoryOf({ process: { pid } }: Started): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  return Number(status.match(/VmRSS:\s+(\d+)/)![1]) / 1024;
}

function quantile(sorted: readonly number[], q: number): string {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))]!.toFixed(2);
}

type Heard = (ids: RegExpStringIterator<RegExpExecArray>) => void;

/** Reads what comes without looking at it, but for the number at the end of each id. */
class Listener {
  readonly #socket: Deno.TcpConn;
  readonly #heard: Heard;
  readonly over: Promise<void>;

  constructor(socket: Deno.TcpConn, heard: Heard) {
    this.#socket = socket;
    this.#heard = heard;
    this.over = this.#listen();
  }

  static async open(port: number, name: string, heard: Heard): Promise<Listener> {
    const socket = await Deno.connect({ port });
    socket.setNoDelay();
    await socket.write(framed({ type: "hello", protocol: 1, name }));
    return new Listener(socket, heard);
  }

  async say(id: string): Promise<void> {
    const text = "x".repeat(100);
    await this.#socket.write(framed({ type: "message", room: "lobby", id, text }));
  }

  close(): void {
    this.#socket.close();
  }

  async #listen(): Promise<void> {
    const bytes = new Uint8Array(64 * 1024);
    const decoder = new TextDecoder();
    for (let count; (count = await this.#socket.read(bytes).catch(() => null)) !== null;) {
      this.#heard(decoder.decode(bytes.subarray(0, count)).matchAll(/"id":"m(\d+)"/g));
    }
  }
}

/** From sending to the sender's own copy, which comes after the commit. */
async function latency(folder: string): Promise<void> {
  const server = await start(folder);
  const sentAt: number[] = [];
  const took: number[] = [];
  const users: Listener[] = [];
  const done = Promise.withResolvers<void>();
  for (let n = 0; n < USERS; n++) {
    users.push(
      await Listener.open(server.port, `user${n}`, (ids) => {
        for (const [, id] of ids) {
          if (Number(id) % USERS === n) took.push(performance.now() - sentAt[Number(id)]!);
        }
        if (took.length === SENT) done.resolve();
      }),
    );
  }
  await new Promise((resolve) => setTimeout(resolve, 5_000)); // until all have a Worker
  for (let n = 0; n < SENT; n++) {
    sentAt[n] = performance.now();
    await users[n % USERS]!.say(`m${n}`);
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
  await done.promise;
  took.sort((a, b) => a - b);
  say(
    `${USERS} users, 20 messages/s: acknowledged p50 ${quantile(took, 0.5)} ms, p99 ${
      quantile(took, 0.99)
    } ms`,
  );
  for (const user of users) user.close();
  await Promise.all(users.map(({ over }) => over));
  await stop(server);
}

/** Fills a folder the way a server does, without the network. */
async function fill(folder: string, count: number): Promise<void> {
  await using store = await SqliteStore.open({ folder });
  const words = "the server is down again please look at this log tomorrow morning meeting why not".split(
    " ",
  );
  const began = performance.now();
  for (let n = 0; n < count; n += 1_000) {
    await store.append(Array.from({ length: 1_000 }, (_, i) => {
      const k = n + i;
      const text = Array.from({ length: 8 }, (_, w) => words[(k * 7 + w * w) % words.length]).join(" ");
      return {
        conversation: k % 10 === 0 ? pairKey("ann", `friend${k % 70}`) : `#room${k % 3}`,
        from: `user${k % 200}`,
        sender: `sender${k % 200}`,
        id: `fill-${k}`,
        text: k % 5_001 === 0 ? `${text} disk full` : text,
        at: 1_700_000_000_000 + k * 1_000,
      };
    }));
  }
  const stored = performance.now();
  const rate = Math.round(count / (stored - began) * 1000);
  await store.search({ within: new Map([["#room0", 0]]), limit: 1 });
  const indexed = ((performance.now() - stored) / 1000).toFixed(0);
  say(`${count} messages stored in batches of 1,000: ${rate}/s; made findable in ${indexed} s`);
}

/** What a long history costs at the start, in memory, and in a search. */
async function history(folder: string): Promise<void> {
  const empty = await start(folder);
  const before = await memoryOf(empty);
  await stop(empty);
  await fill(folder, MANY);
  const full = await start(folder);
  const after = await memoryOf(full);
  say(
    `${MANY} messages: started to the first welcome in ${Math.round(full.startedMs)} ms (empty: ${
      Math.round(empty.startedMs)
    } ms); memory ${after.toFixed(0)} MB (empty: ${before.toFixed(0)} MB)`,
  );
  using wire = await Wire.open(full.port);
  await wire.signIn("reader");
  for (const room of ["room0", "room1", "room2"]) await wire.send({ type: "join", room });
  await wire.send({ type: "search", text: "warm" });
  await wire.until("found");
  for (const text of SEARCHES) {
    for (const more of [{}, { from: "user7" }, { since: "2023-11-25T00:00:00.000Z" }]) {
      const began = performance.now();
      await wire.send({ type: "search", text, ...more });
      const { entries } = await wire.until("found");
      say(
        `search ${text} ${JSON.stringify(more)}: ${entries.length} in ${
          (performance.now() - began).toFixed(1)
        } ms`,
      );
    }
  }
  await stop(full);
}

if (import.meta.main) {
  const folder = await Deno.makeTempDir({ prefix: "chat-bench-" });
  try {
    await latency(`${folder}/latency`);
    await history(`${folder}/history`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
