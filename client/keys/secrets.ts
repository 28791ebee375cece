import type { Bytes } from "./encoding.ts";
import type { Call, Reply, Steps } from "./steps.ts";

/** The Worker that has the secrets, and may do nothing else. What it has noted is on disk before its answer is known. */
export class Secrets implements Disposable {
  readonly #worker: Worker;
  readonly #journal: (record: Bytes) => Promise<void>;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #calls = 0;
  #over: Error | undefined;

  /** `journal` puts a record on disk. */
  constructor(journal: (record: Bytes) => Promise<void>) {
    this.#journal = journal;
    const url = new URL("./keys_worker.ts", import.meta.url);
    this.#worker = new Worker(url, { type: "module", deno: { permissions: "none" } });
    this.#worker.onmessage = ({ data }: MessageEvent<Reply>) => void this.#hear(data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#end(new Error(`Cannot encrypt any more: ${event.message}`));
    };
  }

  /** Rejects where it cannot be done. */
  async take<S extends keyof Steps>(step: S, given: Parameters<Steps[S]>[0]): Promise<ReturnType<Steps[S]>> {
    if (this.#over) throw this.#over;
    const id = ++this.#calls;
    const done = Promise.withResolvers<unknown>();
    this.#waiting.set(id, done);
    this.#worker.postMessage({ id, step, given } satisfies Call);
    return await done.promise as ReturnType<Steps[S]>;
  }

  [Symbol.dispose](): void {
    this.#end(new Error("The client has ended"));
  }

  /** Never rejects. */
  async #hear(reply: Reply): Promise<void> {
    const done = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ("error" in reply) return done?.reject(new Error(reply.error));
    try {
      if (reply.journal) await this.#journal(reply.journal);
      done?.resolve(reply.value);
    } catch (error) {
      done?.reject(error);
    }
  }

  #end(why: Error): void {
    this.#over ??= why;
    this.#worker.terminate();
    for (const { reject } of this.#waiting.values()) reject(this.#over);
    this.#waiting.clear();
  }
}
