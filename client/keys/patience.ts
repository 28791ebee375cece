import { Refused } from "../refused.ts";

/** How long until what could not be put on disk is tried again. */
const AGAIN_MS = 1_000;

/** For what has to be on disk before anything comes of it: it is tried until it is there, and people are told meanwhile. */
export class Patience implements Disposable {
  readonly #tell: (trouble: unknown) => void;
  readonly #over = new AbortController();
  /** How much waits for the disk, and what resolves when something begins to. */
  #waiting = 0;
  #trouble = Promise.withResolvers<void>();

  /** `tell` is called when something has to wait, and not again before nothing does. */
  constructor(tell: (trouble: unknown) => void) {
    this.#tell = tell;
  }

  /** Does `work` until it does not reject. Rejects with `Refused`, `ended`, when there is no more time for that. */
  async until<T>(work: () => Promise<T>): Promise<T> {
    const { signal } = this.#over;
    let waits = false;
    try {
      while (true) {
        try {
          return await work();
        } catch (error) {
          if (!waits && !signal.aborted && this.#waiting++ === 0) this.#begin(error);
          waits ||= !signal.aborted;
        }
        if (signal.aborted || !await pause(signal)) throw new Refused("ended", "The client has ended");
      }
    } finally {
      if (waits && --this.#waiting === 0) this.#trouble = Promise.withResolvers();
    }
  }

  /** Resolves with `work`, or when that has to wait for the disk. */
  async orTrouble(work: Promise<unknown>): Promise<void> {
    await Promise.race([work, this.#trouble.promise]);
  }

  [Symbol.dispose](): void {
    this.#over.abort();
  }

  #begin(error: unknown): void {
    this.#trouble.resolve();
    this.#tell(error);
  }
}

/** Says whether the pause came to its end. */
async function pause(signal: AbortSignal): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(resolve, AGAIN_MS, true);
  const stop = () => resolve(false);
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}
