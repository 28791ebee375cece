interface Waiter {
  readonly reached: () => boolean;
  readonly done: PromiseWithResolvers<void>;
}

/** Those who wait until something has come about. */
export class Waiters {
  #waiting: Waiter[] = [];
  /** Why nothing will come about any more. */
  #over: Error | undefined;

  /** Resolves when `reached` says so; rejects if it never will. */
  async until(reached: () => boolean): Promise<void> {
    if (reached()) return;
    if (this.#over) throw this.#over;
    const done = Promise.withResolvers<void>();
    this.#waiting.push({ reached, done });
    await done.promise;
  }

  /** Something has changed. */
  tell(): void {
    this.#waiting = this.#waiting.filter(({ reached, done }) => {
      if (reached()) done.resolve();
      return !reached();
    });
  }

  /** Nothing will change any more. */
  end(why: Error): void {
    this.#over = why;
    for (const { done } of this.#waiting.splice(0)) done.reject(why);
  }
}
