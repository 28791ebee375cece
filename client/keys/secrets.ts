import { Refused } from "../refused.ts";
import type { Bytes } from "./encoding.ts";
import type { KeyJournal } from "./key_journal.ts";
import type { Patience } from "./patience.ts";
import type { Call, Reply, Steps } from "./steps.ts";

interface Waiting {
  readonly step: keyof Steps;
  readonly done: PromiseWithResolvers<unknown>;
}

/** What only takes in what the server has can be done again: it is not held up by a disk that is full. */
const AGAIN: ReadonlySet<keyof Steps> = new Set(["open", "archived", "fromArchive"]);

/** The Worker that has the secrets, and may do nothing else. What it has noted is on disk before its answer is known. */
export class Secrets implements AsyncDisposable {
  readonly #worker: Worker;
  readonly #journal: KeyJournal | undefined;
  readonly #patience: Patience;
  readonly #waiting = new Map<number, Waiting>();
  /** The last record that is being put on disk. */
  #writing: Promise<void> = Promise.resolve();
  #shortening = false;
  #calls = 0;
  #over: Error | undefined;

  /** Without a journal nothing is kept. */
  constructor(journal: KeyJournal | undefined, patience: Patience) {
    this.#journal = journal;
    this.#patience = patience;
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
    this.#waiting.set(id, { step, done });
    this.#worker.postMessage({ id, step, given } satisfies Call);
    return await done.promise as ReturnType<Steps[S]>;
  }

  /** Resolves when nothing is written any more. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#end(new Refused("ended", "The client has ended"));
    await this.#writing.catch(() => {});
  }

  /** Never rejects. */
  async #hear(reply: Reply): Promise<void> {
    const { step, done } = this.#waiting.get(reply.id) ?? {};
    this.#waiting.delete(reply.id);
    if (step === undefined || done === undefined) return;
    if ("error" in reply) return done.reject(new Error(reply.error));
    try {
      if (step === "whole") this.#replace(reply.value as Bytes);
      if (reply.journal) {
        const kept = this.#add(reply.journal);
        await (AGAIN.has(step) ? this.#patience.orTrouble(kept) : kept);
      }
      done.resolve(reply.value);
    } catch (error) {
      done.reject(error);
    }
  }

  /** Resolves when it is on disk, and what came before it. */
  #add(record: Bytes): Promise<void> {
    const journal = this.#journal;
    if (journal === undefined) return Promise.resolve();
    const adding = this.#writing.then(async () => {
      await this.#patience.until(() => journal.add(record));
      if (journal.long) void this.#shorten();
    });
    this.#writing = adding;
    adding.catch(() => {}); // told to whoever waits for it
    return adding;
  }

  /** Has all that is known written anew. Never rejects. */
  async #shorten(): Promise<void> {
    if (this.#shortening) return;
    this.#shortening = true;
    try {
      await this.take("whole", {});
      await this.#writing;
    } catch { /* it is over */ }
    this.#shortening = false;
  }

  /** After what was noted before it, and before what was noted since. */
  #replace(whole: Bytes): void {
    this.#writing = this.#writing.then(() => this.#journal?.replace(whole));
    this.#writing.catch(() => {});
  }

  #end(why: Error): void {
    this.#over ??= why;
    this.#worker.terminate();
    for (const { done } of this.#waiting.values()) done.reject(this.#over);
    this.#waiting.clear();
  }
}
