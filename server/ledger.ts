import type { Appended, Draft, Store } from "./store/store.ts";

/** Stored, then told: one batch is in flight, what comes meanwhile is the next. */
export class Ledger {
  readonly #store: Store;
  readonly #tell: (appended: Appended, draft: Draft) => void;
  #waiting: Draft[] = [];
  #committing: Promise<void> | undefined;

  /** `tell` is called for each draft, in order, once it is as durable as the store promises. */
  constructor(store: Store, tell: (appended: Appended, draft: Draft) => void) {
    this.#store = store;
    this.#tell = tell;
  }

  append(draft: Draft): void {
    this.#waiting.push(draft);
    this.#committing ??= this.#commit();
  }

  /** Resolves when everything appended so far has been told; rejects when the store failed. */
  async settled(): Promise<void> {
    await this.#committing;
  }

  async #commit(): Promise<void> {
    await Promise.resolve(); // one turn's drafts gather into one batch
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      const appended = await this.#store.append(batch);
      appended.forEach((one, i) => this.#tell(one, batch[i]!));
    }
    this.#committing = undefined;
  }
}
