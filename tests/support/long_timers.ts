interface Timer {
  readonly due: number;
  readonly fire: () => void;
}

/**
 * The long timers of this thread, in the hands of a test: whatever is to wait for `from` milliseconds or more waits until
 * the test says that so much time has passed. All others run as they are.
 */
export class LongTimers implements Disposable {
  readonly #set = globalThis.setTimeout;
  readonly #clear = globalThis.clearTimeout;
  readonly #waiting = new Map<number, Timer>();
  #now = 0;
  #last = -1; // real ones have numbers from 1 on

  constructor(from: number) {
    globalThis.setTimeout = ((fire: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) => {
      if (ms < from) return this.#set(fire, ms, ...args);
      this.#waiting.set(--this.#last, { due: this.#now + ms, fire: () => fire(...args) });
      return this.#last;
    }) as typeof setTimeout;
    globalThis.clearTimeout = (id) => {
      if (!this.#waiting.delete(id as number)) this.#clear(id);
    };
  }

  /** How many there have been. */
  get made(): number {
    return -1 - this.#last;
  }

  /** When the next one is due, in milliseconds from now. */
  get next(): number | undefined {
    const [first] = Array.from(this.#waiting.values(), ({ due }) => due).sort((a, b) => a - b);
    return first === undefined ? undefined : first - this.#now;
  }

  /** So much time passes. */
  pass(ms: number): void {
    this.#now += ms;
    for (const [id, { due, fire }] of [...this.#waiting]) {
      if (due <= this.#now && this.#waiting.delete(id)) fire();
    }
  }

  [Symbol.dispose](): void {
    globalThis.setTimeout = this.#set;
    globalThis.clearTimeout = this.#clear;
  }
}
