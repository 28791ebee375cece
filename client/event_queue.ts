/** Items a consumer may be behind before {@linkcode EventQueue.roomy} asks the producer to wait. */
const HIGH = 1_024;

/** Hands items from one producer to one consumer, in order. One that is still being made keeps those behind it waiting. */
export class EventQueue<T> implements AsyncIterable<T> {
  #items: (T | Promise<T>)[] = [];
  #wake: (() => void) | undefined;
  #room: PromiseWithResolvers<void> | undefined;
  /** How many items came and how many the consumer has dealt with; who waits for so many. */
  #pushed = 0;
  #dealt = 0;
  #waiting: { readonly count: number; readonly done: () => void }[] = [];
  #state: "open" | "ended" | "abandoned" = "open";

  /** A promise must not reject. */
  push(item: T | Promise<T>): void {
    if (this.#state !== "open") return;
    this.#items.push(item);
    this.#pushed++;
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

  /** Resolves when the consumer has dealt with all that has come by now, or nobody consumes any more. */
  async dealtWith(): Promise<void> {
    const count = this.#pushed;
    if (this.#dealt >= count || this.#state === "abandoned") return;
    await new Promise<void>((done) => this.#waiting.push({ count, done }));
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
        for (const item of batch) {
          yield item instanceof Promise ? await item : item;
          this.#tell(++this.#dealt);
        }
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
      this.#tell(Infinity);
    }
  }

  #tell(dealt: number): void {
    if (this.#waiting.length === 0) return;
    for (const { count, done } of this.#waiting) if (count <= dealt) done();
    this.#waiting = this.#waiting.filter(({ count }) => count > dealt);
  }
}
