import { writeAll } from "../../protocol/write_all.ts";
import { decodeRequest, encode } from "../../protocol/codec.ts";
import { FrameReader } from "../../protocol/frames.ts";
import type { Event, MessageEntry, Request } from "../../protocol/schema.ts";

type Of<T extends Request["type"]> = Extract<Request, { type: T }>;

type Welcome = Extract<Event, { type: "welcome" }>;

/** The server's end of one connection, in the hands of a test. */
export class FakePeer {
  readonly #socket: Deno.TcpConn;
  readonly #requests: Request[] = [];
  #look = Promise.withResolvers<void>();
  #over = false;
  readonly done: Promise<void>;

  /** `first` was read from the socket already. */
  constructor(socket: Deno.TcpConn, first: Uint8Array) {
    this.#socket = socket;
    this.done = this.#read(first);
  }

  /** The next request of a type; what comes before it is dropped. Rejects when the client is gone first. */
  async next<T extends Request["type"]>(type: T): Promise<Of<T>> {
    while (true) {
      for (let request; (request = this.#requests.shift());) {
        if (request.type === type) return request as Of<T>;
      }
      if (this.#over) throw new Error(`The client went before a ${type} came`);
      await this.#look.promise;
    }
  }

  /** The next request, whatever it is; nothing when the client is gone. */
  async any(): Promise<Request | undefined> {
    while (true) {
      const request = this.#requests.shift();
      if (request !== undefined || this.#over) return request;
      await this.#look.promise;
    }
  }

  /** Everything that came and was not taken. */
  get waiting(): readonly Request[] {
    return this.#requests;
  }

  async send(...events: Event[]): Promise<void> {
    for (const event of events) await this.raw(encode(event));
  }

  async raw(bytes: Uint8Array): Promise<void> {
    await writeAll(this.#socket, bytes);
  }

  /** Takes the hello and welcomes to the lobby at `seq`; `more` goes into the welcome. */
  async welcome(
    { seq = 0, log = "log-of-the-fake-0", users = [], ...more }: Partial<Welcome> & {
      readonly seq?: number;
      readonly log?: string;
      readonly users?: readonly string[];
    } = {},
  ): Promise<Of<"hello">> {
    const hello = await this.next("hello");
    await this.send({
      type: "welcome",
      protocol: 1,
      name: hello.name,
      session: "session-of-the-fake",
      resumed: hello.session !== undefined,
      server: { version: "fake", log },
      limits: {},
      rooms: [{ room: "lobby", seq, users: [hello.name, ...users] }],
      ...more,
    });
    return hello;
  }

  /** Takes a request of a type and refuses it. */
  async refuse(
    type: Request["type"],
    code: string,
    more: { readonly retry_ms?: number } = {},
  ): Promise<void> {
    const { ref } = await this.next(type);
    await this.send({ type: "error", code, message: `No: ${code}`, ref, ...more });
  }

  /** Resolves with what came and was not taken, once everything the client has said so far is there. */
  async fence(): Promise<readonly Request[]> {
    const ref = crypto.randomUUID();
    const before: Request[] = [];
    await this.send({ type: "ping", ref });
    while (true) {
      for (let request; (request = this.#requests.shift());) {
        if (request.type === "pong" && request.ref === ref) return before;
        before.push(request);
      }
      if (this.#over) throw new Error("The client went before it answered");
      await this.#look.promise;
    }
  }

  close(): void {
    if (!this.#over) this.#socket.close();
    this.#over = true;
  }

  async #read(first: Uint8Array): Promise<void> {
    const frames = new FrameReader({ welcomed: true });
    const buffer = new Uint8Array(64 * 1024);
    buffer.set(first);
    try {
      for (let count: number | null = first.length; count !== null; count = await this.#socket.read(buffer)) {
        for (const { payload } of frames.push(buffer.slice(0, count))) {
          this.#requests.push(decodeRequest(payload));
        }
        if (this.#requests.at(-1)?.type === "bye") break;
        this.#wake();
      }
    } catch { /* the client is gone */ }
    this.close();
    this.#wake();
  }

  #wake(): void {
    this.#look.resolve();
    this.#look = Promise.withResolvers();
  }
}

/** The first byte of a client that speaks TLS. */
const TLS_HELLO = 0x16;

/** What a server without TLS says to that. */
const NO_TLS = { type: "error", code: "frame_size", message: "This is no frame", fatal: true } as const;

/** A server that does what a test wants it to, right or wrong: one script per connection, in order. It has no TLS. */
export class FakeServer implements AsyncDisposable {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #peers: FakePeer[] = [];
  readonly #running: Promise<void>;
  /** Somebody who has come and said nothing yet. */
  #fresh: Deno.TcpConn | undefined;
  /** What went wrong in a script. */
  #failed: unknown;

  constructor(...scripts: ((peer: FakePeer) => Promise<void>)[]) {
    this.#running = this.#serve(scripts);
  }

  get port(): number {
    return this.#listener.addr.port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#listener.close();
    } catch { /* all scripts have run */ }
    for (const peer of this.#peers) peer.close();
    try {
      this.#fresh?.close();
    } catch { /* it went by itself */ }
    await this.#running;
    if (this.#failed) throw this.#failed;
  }

  /** The next one who comes and speaks plainly. */
  async #meet(): Promise<FakePeer> {
    const buffer = new Uint8Array(64 * 1024);
    while (true) {
      const socket = this.#fresh = await this.#listener.accept();
      const count = await socket.read(buffer).catch(() => null);
      this.#fresh = undefined;
      if (count !== null && buffer[0] !== TLS_HELLO) return new FakePeer(socket, buffer.slice(0, count));
      if (count !== null) await socket.write(encode(NO_TLS)).catch(() => {}); // it may be gone by now
      socket.close();
    }
  }

  async #serve(scripts: readonly ((peer: FakePeer) => Promise<void>)[]): Promise<void> {
    const playing: Promise<void>[] = [];
    try {
      for (const script of scripts) {
        const peer = await this.#meet();
        this.#peers.push(peer);
        playing.push(script(peer).catch((error) => void (this.#failed ??= error)), peer.done);
      }
    } catch { /* closed before every script was needed */ }
    await Promise.all(playing);
  }
}

/** A message of the lobby, as a server would tell it. */
export function said(seq: number, from: string, text: string, id = `id-${seq}`): MessageEntry {
  return { type: "message", room: "lobby", seq, at: "2026-01-02T03:04:05.678Z", from, id, text };
}
