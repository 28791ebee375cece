import { Gate } from "./gate.ts";
import type { ToSession } from "./link.ts";
import { isReply } from "./link_check.ts";

/** One session Worker and the sessions that live in it: one of a member's own, or those that share it. */
export class SessionHost {
  readonly #worker: Worker;
  readonly #gates = new Map<number, Gate>();
  readonly #ready = Promise.withResolvers<void>();
  readonly #report: (error: Error) => void;
  #channels = 0;
  #broken = false;
  #outgoing: ToSession[] = [];
  /** Chunks are with the Worker, whose answer is awaited. */
  #busy = false;

  /** Starts a Worker on `entry`. `report` hears why it broke, if it ever does. */
  constructor(entry: URL, report: (error: Error) => void) {
    this.#report = report;
    this.#worker = new Worker(entry, { type: "module", deno: { permissions: "none" } });
    this.#ready.promise.catch(() => {}); // a Worker that never starts is told to whoever waits for it
    this.#worker.onmessage = ({ data }: MessageEvent<unknown>) => this.#hear(data);
    this.#worker.onmessageerror = () => this.break(new Error("Cannot read what the session Worker said"));
    this.#worker.onerror = (event) => {
      event.preventDefault(); // one broken session must not take the server down
      this.break(new Error(`Cannot run the session: ${event.message}`));
    };
  }

  /** Resolves when the Worker can read; rejects when it broke before. */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }
  get broken(): boolean {
    return this.#broken;
  }
  /** Sessions that live here. */
  get load(): number {
    return this.#gates.size;
  }

  open({ welcomed }: { readonly welcomed: boolean }): Gate {
    const channel = ++this.#channels;
    const gate = new Gate(this, channel);
    this.#gates.set(channel, gate);
    this.send({ type: "open", channel, welcomed });
    return gate;
  }

  close(channel: number): void {
    if (this.#gates.delete(channel)) this.send({ type: "close", channel });
  }

  /** Sends what gathers while the Worker is busy together: waking a thread costs more than a message. */
  send(message: ToSession): void {
    if (this.#broken) return;
    if (this.#outgoing.push(message) === 1 && !this.#busy) queueMicrotask(this.#post);
  }

  readonly #post = () => {
    if (this.#broken || this.#busy || this.#outgoing.length === 0) return;
    this.#busy = this.#outgoing.some(({ type }) => type === "chunk"); // only a chunk is answered
    this.#worker.postMessage(this.#outgoing);
    this.#outgoing = [];
  };

  /** Ends the Worker; every session in it fails with `error`. */
  break(error: Error): void {
    if (this.#broken) return;
    this.#report(error);
    this.end(error);
  }

  end(error = new Error("Cannot run the session: its Worker has ended")): void {
    if (this.#broken) return;
    this.#broken = true;
    this.#worker.terminate();
    this.#ready.reject(error);
    for (const gate of this.#gates.values()) gate.fail(error);
    this.#gates.clear();
  }

  /** A Worker speaks when asked, and once: anything else is the end of it. */
  #hear(data: unknown): void {
    if (data === "ready") return this.#ready.resolve();
    if (!Array.isArray(data)) {
      return this.break(new Error("Cannot trust the session Worker: not a list of replies"));
    }
    this.#busy = false;
    for (const reply of data) {
      if (!isReply(reply)) return this.break(new Error("Cannot trust the session Worker: not a reply"));
      const gate = this.#gates.get(reply.channel);
      if (gate === undefined) continue; // answered after its connection had gone
      if (!gate.answer(reply)) {
        return this.break(new Error("Cannot trust the session Worker: it spoke unasked"));
      }
    }
    this.#post();
  }
}
