import { writeAll } from "../../../protocol/write_all.ts";
import { Pair } from "../proxy.ts";
import { Carried } from "./carried.ts";
import type { Way } from "./plan.ts";

/** From which byte of a file a connection went on, and how many the server had said before that it has for good. */
export interface Begun {
  readonly have: number;
  readonly stored: number;
}

/** One connection, and how far of it may pass. */
interface Passage {
  readonly pair: Pair;
  readonly carried: Carried;
  target: number | undefined;
}

/**
 * A TCP proxy before a server that lets everything pass, until so much of a file has: then everything of this client is
 * held, so that whoever is killed now is killed while the file is under way.
 */
export class Toll implements AsyncDisposable {
  readonly #way: Way;
  readonly #target: number;
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #passages = new Set<Passage>();
  readonly #accepting: Promise<void>;
  #held = false;
  #open = Promise.withResolvers<void>();
  #trap: { readonly share: number; readonly caught: () => void } | undefined;
  #begun: Begun[] = [];
  #stored = 0;

  constructor(way: Way, target: number) {
    this.#way = way;
    this.#target = target;
    this.#accepting = this.#accept();
  }

  get port(): number {
    return this.#listener.addr.port;
  }

  /** Each connection that has carried a file since this was asked last. */
  begun(): readonly Begun[] {
    const begun = this.#begun;
    this.#begun = [];
    this.#stored = 0;
    return begun;
  }

  /** Resolves once this share of what is left of a file has passed, with everything held from then on. */
  trap(share: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#trap = { share, caught: resolve };
    for (const passage of this.#passages) this.#aim(passage);
    return promise;
  }

  /** There will be nothing more to catch. */
  disarm(): void {
    this.#trap = undefined;
  }

  /** Everything passes again; with `cut`, what is connected is closed first and what was held is lost. */
  release({ cut }: { readonly cut: boolean }): void {
    if (cut) { for (const { pair } of this.#passages) pair.close(); }
    this.#held = false;
    this.#open.resolve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    this.release({ cut: true });
    await this.#accepting;
    await Promise.all(Array.from(this.#passages, ({ pair }) => pair.done));
  }

  async #accept(): Promise<void> {
    for await (const client of this.#listener) {
      let server: Deno.TcpConn;
      try {
        server = await Deno.connect({ hostname: "127.0.0.1", port: this.#target });
      } catch {
        client.close();
        continue;
      }
      client.setNoDelay(true);
      server.setNoDelay(true);
      const passage: Passage = {
        pair: new Pair(client, server),
        carried: new Carried(this.#way),
        target: undefined,
      };
      this.#passages.add(passage);
      const pumps = Promise.all([this.#pump(passage, "up"), this.#pump(passage, "down")]);
      passage.pair.done = pumps.then(() => void this.#passages.delete(passage));
    }
  }

  /** Never rejects. */
  async #pump(passage: Passage, way: Way): Promise<void> {
    const { pair: { client, server }, carried } = passage;
    const [from, to] = way === "up" ? [client, server] : [server, client];
    const buffer = new Uint8Array(64 * 1024);
    try {
      for (let count; (count = await from.read(buffer)) !== null;) {
        this.#hear(passage, way, buffer.subarray(0, count));
        for (let at = 0; at < count;) {
          while (this.#held) await this.#open.promise;
          const most = way === this.#way && passage.target !== undefined
            ? carried.until(passage.target)
            : Infinity;
          const step = Math.min(count - at, most);
          await writeAll(to, buffer.subarray(at, at + step));
          carried.pass(way, step);
          at += step;
          this.#check(passage);
        }
      }
    } catch { /* one side is gone: so is the other */ }
    passage.pair.close();
  }

  #hear(passage: Passage, way: Way, bytes: Uint8Array): void {
    const { carried } = passage;
    const before = carried.about;
    carried.hear(way, bytes);
    if (carried.about !== undefined && carried.about !== before) {
      this.#begun.push({ have: carried.about.have, stored: this.#stored });
      this.#aim(passage);
    }
    this.#stored = Math.max(this.#stored, carried.stored ?? 0);
  }

  /** How far a file may pass; nothing where none is carried, or all of it has passed. */
  #aim(passage: Passage): void {
    const { pair, carried } = passage;
    if (this.#trap === undefined || carried.about === undefined || !pair.isOpen) return;
    const left = carried.total - carried.passed;
    if (left === 0 && carried.passed > 0) return;
    passage.target = carried.passed + Math.floor(this.#trap.share * left);
    this.#check(passage);
  }

  #check(passage: Passage): void {
    if (this.#trap === undefined || passage.target === undefined) return;
    if (passage.carried.passed < passage.target) return;
    for (const each of this.#passages) each.target = undefined;
    this.#held = true;
    this.#open = Promise.withResolvers();
    this.#trap.caught();
    this.#trap = undefined;
  }
}
