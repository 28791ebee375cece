import type { Reply } from "./link.ts";
import type { SessionHost } from "./session_host.ts";

/** The main thread's handle on one sandboxed session. */
export class Gate implements Disposable {
  readonly #host: SessionHost;
  readonly #channel: number;
  #reading: PromiseWithResolvers<Reply> | undefined;
  /** Called when the Worker breaks while nobody waits for its answer. */
  onbroken: (() => void) | undefined;

  constructor(host: SessionHost, channel: number) {
    this.#host = host;
    this.#channel = channel;
  }

  /** Whether the Worker behind it is no more. */
  get broken(): boolean {
    return this.#host.broken;
  }

  /** Hands over `chunk`; resolves with what the session made of it, rejects when the Worker is no more. One at a time. */
  read(chunk: Uint8Array<ArrayBuffer>): Promise<Reply> {
    if (this.#host.broken) return Promise.reject(new Error("Cannot read: the session Worker is gone"));
    this.#reading = Promise.withResolvers();
    this.#host.send({ type: "chunk", channel: this.#channel, chunk });
    return this.#reading.promise;
  }

  /** The Worker has answered; `false` when nobody had asked. */
  answer(reply: Reply): boolean {
    const reading = this.#reading;
    this.#reading = undefined;
    reading?.resolve(reply);
    return reading !== undefined;
  }

  /** The Worker is no more. */
  fail(error: Error): void {
    if (!this.#reading) this.onbroken?.();
    this.#reading?.reject(error);
    this.#reading = undefined;
  }

  /** Gives the Worker up as lost: it has not answered in time. */
  giveUp(): void {
    this.#host.break(new Error("Cannot run the session: its Worker does not answer"));
  }

  /** Ends the session; whoever waits for its answer is told that there will be none. */
  [Symbol.dispose](): void {
    this.onbroken = undefined;
    this.fail(new Error("Cannot read: the session is closed"));
    this.#host.close(this.#channel);
  }
}
