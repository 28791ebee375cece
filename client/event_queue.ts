/** Items a consumer may be behind before {@linkcode EventQueue.roomy} asks the producer to wait. */
const HIGH = 1_024;

/** Hands items from one producer to one consumer, in order. */
export class EventQueue<T> implements AsyncIterable<T> {
  #items: T[] = [];
  #wake: (() => void) | undefined;
  #room: PromiseWithResolvers<void> | undefined;
  #state: "open" | "ended" | "abandoned" = "open";

  push(item: T): void {
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

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    try {
      while (true) {
        const batch = this.#items;
        this.#items = [];
        for (const item of batch) yield item;
        if (this.#items.length > 0) continue;
        this.#room?.resolve();
        this.#room = undefined;
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
