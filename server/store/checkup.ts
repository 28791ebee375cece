import type { FromCheck, ToCheck } from "./check_link.ts";
import type { Counts } from "./database_check.ts";
import { revived, StoreFailed } from "./failures.ts";

/** Reads all entries of a database in the background, in a Worker of its own, while the database is used. */
export class Checkup implements Disposable {
  /** How much there was when it began. */
  readonly counts: Promise<Counts>;
  /** Resolves when all of it was read and is whole; rejects with `Damaged` where it is not. */
  readonly done: Promise<void>;
  readonly #worker: Worker;

  constructor(folder: string, file: string) {
    const counts = Promise.withResolvers<Counts>();
    const done = Promise.withResolvers<void>();
    this.counts = counts.promise;
    this.done = done.promise;
    this.done.catch(() => {}); // told to whoever asks
    this.#worker = new Worker(new URL("./check_worker.ts", import.meta.url), {
      type: "module",
      deno: { permissions: { read: [folder], write: [folder] } },
    });
    const fail = (error: Error) => {
      counts.reject(error);
      done.reject(error);
      this[Symbol.dispose]();
    };
    this.#worker.onerror = (event) => {
      event.preventDefault();
      fail(new StoreFailed(`Cannot check ${file}: ${event.message}`));
    };
    this.#worker.onmessage = ({ data }: MessageEvent<FromCheck>) => {
      switch (data.type) {
        case "counts":
          return counts.resolve(data.counts);
        case "whole":
          done.resolve();
          return this[Symbol.dispose]();
        case "failed":
          return fail(revived(data.error));
        default:
          return data satisfies never;
      }
    };
    this.#worker.postMessage({ folder, file } satisfies ToCheck);
  }

  [Symbol.dispose](): void {
    this.#worker.terminate();
  }
}
