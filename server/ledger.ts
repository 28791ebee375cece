import { type Appended, type Draft, type Store, StoreFull } from "./store/store.ts";

/** What becomes of drafts that a {@linkcode Ledger} took, each with what its owner knows of it. */
export interface LedgerOptions<T> {
  /** A draft is as durable as the store promises. Called in the order of the drafts. */
  readonly tell: (appended: Appended, draft: Draft, about: T) => void;
  /** There was no room for it. */
  readonly full: (draft: Draft, about: T) => void;
}

/** Drafts that are stored in one go, and what waits for their outcome. */
interface Batch<T> {
  readonly items: { readonly draft: Draft; readonly about: T }[];
  readonly done: PromiseWithResolvers<void>;
}

/** Stored, then told: one batch is in flight, what comes meanwhile is the next. */
export class Ledger<T> {
  readonly #store: Store;
  readonly #options: LedgerOptions<T>;
  #waiting: Batch<T> | undefined;
  #flying: Batch<T> | undefined;
  readonly #failed = Promise.withResolvers<never>();

  constructor(store: Store, options: LedgerOptions<T>) {
    this.#store = store;
    this.#options = options;
    this.#failed.promise.catch(() => {}); // told to whoever asks
  }

  append(draft: Draft, about: T): void {
    if (!this.#waiting) {
      this.#waiting = { items: [], done: Promise.withResolvers() };
      this.#waiting.done.promise.catch(() => {}); // told to whoever waits, and by `failed`
      if (!this.#flying) queueMicrotask(() => this.#commit()); // one turn's drafts gather into one batch
    }
    this.#waiting.items.push({ draft, about });
  }

  /** Resolves when everything appended so far has been told or refused; rejects when the store failed. */
  async settled(): Promise<void> {
    await (this.#waiting ?? this.#flying)?.done.promise;
  }

  /** Never resolves; rejects when the store failed: from then on nothing is told any more. */
  get failed(): Promise<never> {
    return this.#failed.promise;
  }

  async #commit(): Promise<void> {
    for (let batch; (batch = this.#waiting);) {
      this.#waiting = undefined;
      this.#flying = batch;
      try {
        await this.#keep(batch);
      } catch (error) {
        this.#failed.reject(error);
        return batch.done.reject(error);
      }
      this.#flying = undefined;
      batch.done.resolve();
    }
  }

  async #keep({ items }: Batch<T>): Promise<void> {
    const { tell, full } = this.#options;
    let appended;
    try {
      appended = await this.#store.append(items.map(({ draft }) => draft));
    } catch (error) {
      if (!(error instanceof StoreFull)) throw error;
      for (const { draft, about } of items) full(draft, about);
      return;
    }
    appended.forEach((one, i) => tell(one, items[i]!.draft, items[i]!.about));
  }
}
