import { setImmediate } from "node:timers";
import { MemoryStore } from "../../server/store/memory.ts";
import type { KeyStore } from "../../server/store/key_store.ts";
import type {
  Appended,
  Draft,
  Extent,
  PeopleStore,
  Query,
  Range,
  Store,
  Stored,
} from "../../server/store/store.ts";

/** Keeps what it is told like a memory, but takes its time for everything, as a store on a disk does. */
export class SlowStore implements Store {
  readonly #store: MemoryStore;
  readonly #random: () => number;
  /** One batch is in flight, as in a store with transactions. */
  #last: Promise<readonly Appended[]> = Promise.resolve([]);

  constructor(random: () => number, options: { readonly keep?: number } = {}) {
    this.#random = random;
    this.#store = new MemoryStore(options);
  }

  get incarnation(): string {
    return this.#store.incarnation;
  }

  append(drafts: readonly Draft[]): Promise<readonly Appended[]> {
    const append = async () => {
      await this.#while();
      const appended = await this.#store.append(drafts);
      await this.#while();
      return appended;
    };
    return this.#last = this.#last.then(append);
  }

  async extent(conversation: string): Promise<Extent> {
    await this.#while();
    return await this.#store.extent(conversation);
  }

  async read(conversation: string, range: Range): Promise<readonly Stored[]> {
    await this.#while();
    return await this.#store.read(conversation, range);
  }

  get keys(): KeyStore {
    return this.#store.keys;
  }

  get people(): PeopleStore {
    return this.#store.people;
  }

  async find(sender: string, id: string): Promise<Stored | undefined> {
    await this.#while();
    return await this.#store.find(sender, id);
  }

  async search(query: Query): Promise<readonly Stored[]> {
    await this.#while();
    return await this.#store.search(query);
  }

  async rooms(): Promise<readonly string[]> {
    await this.#while();
    return await this.#store.rooms();
  }

  async expire(before: (room: string) => number | undefined): Promise<void> {
    await this.#store.expire(before);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#store[Symbol.asyncDispose]();
  }

  /** Up to three turns of the event loop. */
  async #while(): Promise<void> {
    for (let turns = Math.floor(this.#random() * 4); turns > 0; turns--) {
      await new Promise<void>((resolve) => void setImmediate(resolve));
    }
  }
}
