import type { Done, FileCalls, Job } from "./file_link.ts";
import { StoreFull } from "../store/store.ts";

/** The Worker that has the files, asked over messages. */
export class FileThread implements Disposable {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #asked = 0;
  #over: Error | undefined;

  /** A Worker that may read and write in `folder`, and nothing else. */
  constructor(folder: string) {
    this.#worker = new Worker(new URL("./file_worker.ts", import.meta.url), {
      type: "module",
      deno: { permissions: { read: [folder], write: [folder], sys: maySeeDisk() ? ["statfs"] : false } },
    });
    this.#worker.onmessage = ({ data }: MessageEvent<Done>) => this.#hear(data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#end(new Error(`Cannot keep files any more: ${event.message}`));
    };
  }

  /** Rejects with `StoreFull` where the disk is full, with another error where it fails. */
  async ask<C extends keyof FileCalls>(
    call: C,
    ...args: Parameters<FileCalls[C]>
  ): Promise<Awaited<ReturnType<FileCalls[C]>>> {
    if (this.#over) throw this.#over;
    const n = ++this.#asked;
    const done = Promise.withResolvers<unknown>();
    this.#waiting.set(n, done);
    const bytes = args.flatMap((arg) => arg instanceof Uint8Array ? [arg.buffer as ArrayBuffer] : []);
    this.#worker.postMessage({ n, call, args } satisfies Job, bytes);
    return await done.promise as Awaited<ReturnType<FileCalls[C]>>;
  }

  [Symbol.dispose](): void {
    this.#end(new Error("The server is stopping"));
  }

  #hear(done: Done): void {
    const waiting = this.#waiting.get(done.n);
    this.#waiting.delete(done.n);
    if ("value" in done) waiting?.resolve(done.value);
    else waiting?.reject(done.full ? new StoreFull(done.error) : new Error(done.error));
  }

  #end(why: Error): void {
    this.#over ??= why;
    this.#worker.terminate();
    for (const { reject } of this.#waiting.values()) reject(this.#over);
    this.#waiting.clear();
  }
}

/** Whether this program may ask how much room there is; where it may not, only the quotas hold. */
function maySeeDisk(): boolean {
  return Deno.permissions.querySync({ name: "sys", kind: "statfs" }).state === "granted";
}
