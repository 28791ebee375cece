import { writeAll } from "../../protocol/write_all.ts";
import { SlowLine, type Slowness } from "./slow_line.ts";

/** What happens to one connection on its way through a {@linkcode FaultProxy}. */
export interface Fault extends Slowness {
  /** Close both sides after so many bytes have gone up (to the server) or down. */
  readonly cutAfterUp?: number;
  readonly cutAfterDown?: number;
  /** Write in slices of so many bytes, each by itself. */
  readonly slice?: number;
}

type Way = "up" | "down";

/** A TCP proxy that misbehaves as told: PROXY of the fault catalogue. */
export class FaultProxy implements AsyncDisposable {
  readonly #listener: Deno.TcpListener;
  readonly #target: number;
  readonly #fault: (connection: number) => Fault;
  readonly #pairs = new Set<Pair>();
  readonly #accepting: Promise<void>;
  /** `stall`: bytes wait; `swallow`: bytes vanish; `refuse`: also, new connections are closed at once. */
  #mode: "pass" | "stall" | "swallow" | "refuse" = "pass";
  #passing = Promise.withResolvers<void>();
  /** How many connections have been accepted. */
  connections = 0;

  constructor(target: number, fault: (connection: number) => Fault = () => ({})) {
    this.#target = target;
    this.#fault = fault;
    this.#passing.resolve();
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    this.#accepting = this.#accept();
  }

  get port(): number {
    return this.#listener.addr.port;
  }

  /** Closes every connection there is. */
  cut(): void {
    for (const pair of this.#pairs) pair.close();
  }

  /** From now on bytes wait in both directions, and nobody is told: a half-open link. */
  stall(): void {
    this.#mode = "stall";
    this.#passing = Promise.withResolvers();
  }

  /** From now on bytes vanish in both directions. */
  swallow(): void {
    this.#mode = "swallow";
  }

  /** Cuts what there is; new connections are closed at once. */
  refuse(): void {
    this.#mode = "refuse";
    this.cut();
  }

  /** Everything passes again. */
  pass(): void {
    this.#mode = "pass";
    this.#passing.resolve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.pass();
    this.#listener.close();
    this.cut();
    await this.#accepting;
    await Promise.all(Array.from(this.#pairs, (pair) => pair.done));
  }

  async #accept(): Promise<void> {
    for await (const client of this.#listener) {
      const number = this.connections++;
      if (this.#mode === "refuse") {
        client.close();
        continue;
      }
      let server: Deno.TcpConn;
      try {
        server = await Deno.connect({ hostname: "127.0.0.1", port: this.#target });
      } catch {
        client.close();
        continue;
      }
      const pair = new Pair(client, server);
      this.#pairs.add(pair);
      pair.done = this.#serve(pair, this.#fault(number)).finally(() => this.#pairs.delete(pair));
    }
  }

  async #serve(pair: Pair, fault: Fault): Promise<void> {
    const { client, server } = pair;
    client.setNoDelay(true);
    server.setNoDelay(true);
    await Promise.all([
      this.#pump(pair, client, server, "up", fault),
      this.#pump(pair, server, client, "down", fault),
    ]);
  }

  async #pump(pair: Pair, from: Deno.TcpConn, to: Deno.TcpConn, way: Way, fault: Fault): Promise<void> {
    const limit = (way === "up" ? fault.cutAfterUp : fault.cutAfterDown) ?? Infinity;
    const buffer = new Uint8Array(fault.bytesPerSecond ? 1_024 : 64 * 1024);
    const line = new SlowLine(fault, (bytes) => writeAll(to, bytes));
    let passed = 0;
    try {
      for (let count; (count = await from.read(buffer)) !== null;) {
        await this.#passing.promise;
        if (this.#mode === "swallow") continue;
        const allowed = Math.min(count, limit - passed);
        const slice = fault.slice ?? allowed;
        for (let at = 0; at < allowed; at += slice) {
          await line.send(buffer.subarray(at, Math.min(at + slice, allowed)));
        }
        passed += allowed;
        if (passed >= limit) break;
      }
      await line.arrived();
    } catch { /* one side is gone: so is the other */ }
    pair.close();
  }
}

/** The two sockets of one connection. */
export class Pair {
  done: Promise<void> = Promise.resolve();
  #open = true;

  constructor(readonly client: Deno.TcpConn, readonly server: Deno.TcpConn) {}

  get isOpen(): boolean {
    return this.#open;
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.client.close();
    this.server.close();
  }
}
