/**
 * `deno task bench:tls`: the same talk over TLS and without, in turns, on one server that speaks both on one port: some
 * people in a room, a few of whom send as fast as their window allows. README.md beside this file says how to read it.
 */
import { decodeEvent } from "../../protocol/codec.ts";
import { FrameReader } from "../../protocol/frames.ts";
import { writeAll } from "../../protocol/write_all.ts";
import { NAME } from "../../server/tls/self_signed.ts";
import { Served } from "../support/served.ts";
import { framed } from "../support/wire.ts";

const MAIN = new URL("../../main.ts", import.meta.url).pathname;
const CHAT = [Deno.execPath(), "run", "--quiet", "-A", "--no-check", MAIN];
const CLIENTS = 40;
/** How many of them send how many messages each, and how many of these may be on their way. */
const SHAPES = [
  { senders: 10, messages: 3_000, window: 100 },
  { senders: 4, messages: 3_000, window: 50 },
] as const;
type Shape = typeof SHAPES[number];
const ROUNDS = 3;
const TEXT = "x".repeat(100);

function say(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(text + "\n"));
}

async function dial(port: number, cert: string | undefined): Promise<Deno.Conn> {
  const socket = await Deno.connect({ hostname: "127.0.0.1", port });
  socket.setNoDelay(true);
  return cert === undefined ? socket : await Deno.startTls(socket, { hostname: NAME, caCerts: [cert] });
}

/** Someone in the room, who says `count` messages, `window` at a time, and hears all that are said. */
class Member implements Disposable {
  readonly #socket: Deno.Conn;
  readonly #name: string;
  readonly #count: number;
  readonly #window: number;
  readonly #frames = new FrameReader({ welcomed: true });
  readonly #buffer = new Uint8Array(256 * 1024);
  #said = 0;
  #own = 0;

  constructor(
    socket: Deno.Conn,
    name: string,
    { count, window }: { readonly count: number; readonly window: number },
  ) {
    this.#socket = socket;
    this.#name = name;
    this.#count = count;
    this.#window = window;
  }

  async enter(): Promise<void> {
    await writeAll(this.#socket, framed({ type: "hello", protocol: 1, name: this.#name }));
    for (let welcome = false; !welcome;) {
      welcome = (await this.#read()).some((payload) => decodeEvent(payload).type === "welcome");
    }
  }

  /** Resolves when `all` messages have been heard. Nothing else comes: nobody enters or leaves meanwhile. */
  async talk(all: number): Promise<void> {
    await this.#fill();
    for (let heard = 0; heard < all;) {
      const payloads = await this.#read();
      heard += payloads.length;
      if (this.#count === 0) continue; // who only listens counts, and looks no closer: it shall not be what is measured
      for (const payload of payloads) {
        const event = decodeEvent(payload);
        if (event.type === "message" && event.from === this.#name) this.#own++;
      }
      await this.#fill();
    }
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }

  async #fill(): Promise<void> {
    const due = Math.min(this.#count, this.#own + this.#window) - this.#said;
    if (due === 0) return;
    const message = () => ({ type: "message", room: "lobby", id: `${this.#said++}`, text: TEXT });
    const frames = Array.from({ length: due }, () => framed(message()));
    await writeAll(this.#socket, new Uint8Array(await new Blob(frames).arrayBuffer()));
  }

  async #read(): Promise<Uint8Array[]> {
    const count = await this.#socket.read(this.#buffer);
    if (count === null) throw new Error(`${this.#name} was hung up on`);
    return Array.from(this.#frames.push(this.#buffer.subarray(0, count)), ({ payload }) => payload);
  }
}

/** Copies a second. */
async function talk(port: number, cert: string | undefined, shape: Shape): Promise<number> {
  const { senders, messages, window } = shape;
  using members = new DisposableStack();
  const all: Member[] = [];
  const tag = crypto.randomUUID().slice(0, 8);
  for (let n = 0; n < CLIENTS; n++) {
    const name = `${tag}-${n}`;
    const member = members.use(
      new Member(await dial(port, cert), name, { count: n < senders ? messages : 0, window }),
    );
    await member.enter();
    all.push(member);
  }
  const began = performance.now();
  await Promise.all(all.map((member) => member.talk(senders * messages)));
  return senders * messages * CLIENTS / (performance.now() - began) * 1000;
}

const folder = await Deno.makeTempDir({ prefix: "chat-bench-" });
{
  await using server = await Served.start(
    CHAT,
    "--data",
    folder,
    "--no-limits",
    "--workers",
    "2",
    "--presence",
    "2",
    "--lag-bytes", // all members share one process here, which reads TLS 16 KiB at a time: being behind is no fault of theirs
    "16777216",
  );
  const cert = await Deno.readTextFile(`${folder}/tls/cert.pem`);
  for (const shape of SHAPES) {
    const ratios: number[] = [];
    for (let n = 0; n < ROUNDS; n++) {
      const plain = await talk(server.port, undefined, shape);
      const secure = await talk(server.port, cert, shape);
      ratios.push(secure / plain);
      say(`without TLS ${plain.toFixed(0)} copies/s, over TLS ${secure.toFixed(0)}`);
    }
    const median = ratios.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)]!;
    say(`${shape.senders} senders with a window of ${shape.window}: over TLS ${median.toFixed(2)} ×`);
  }
}
await Deno.remove(folder, { recursive: true });
