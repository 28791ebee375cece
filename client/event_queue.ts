/** Items a consumer may be behind before {@linkcode EventQueue.roomy} asks the producer to wait. */
const HIGH = 1_024;

/** Hands items from one producer to one consumer, in order. One that is still being made keeps those behind it waiting. */
export class EventQueue<T> implements AsyncIterable<T> {
  #items: (T | Promise<T>)[] = [];
  #wake: (() => void) | undefined;
  #room: PromiseWithResolvers<void> | undefined;
  #state: "open" | "ended" | "abandoned" = "open";

  /** A promise must not reject. */
  push(item: T | Promise<T>): void {
    if (this.#state !== "open") return;
    this.#items.push(item);
    this.#wake?.();
  }

  /** Nothing more will come; what waits is still handed out. */
  end(): void {
    if (this.#state === "open") this.#state = "ended";
    this.#wake?.();
    this.#room?.resolve();
  }

  /** The consumer is so far behind that the producer should wait for {@linkcode roomy}. */
  get full(): boolean {
    return this.#items.length >= HIGH && this.#state === "open";
  }

  /** Resolves when the consumer has caught up, or nobody consumes or produces any more. */
  async roomy(): Promise<void> {
    if (!this.full) return;
    this.#room ??= Promise.withResolvers();
    await this.#room.promise;
  }

  /** The producer must go on, for the consumer may be waiting for what it brings. */
  release(): void {
    this.#room?.resolve();
    this.#room = undefined;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    try {
      while (true) {
        const batch = this.#items;
        this.#items = [];
        for (const item of batch) yield item instanceof Promise ? await item : item;
        if (this.#items.length > 0) continue;
        this.release();
        if (this.#state !== "open") return;
        const { promise, resolve } = Promise.withResolvers<void>();
        this.#wake = resolve;
        await promise;
        this.#wake = undefined;
      }
    } finally {
      this.#state = "abandoned";
      this.#items = [];
      this.#room?.resolve();
    }
  }
}
