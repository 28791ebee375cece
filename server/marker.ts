import type { LiveMarks } from "./person.ts";
import type { Marks, PeopleStore } from "./store/store.ts";

/** Writes marks down every now and then: losing the last of them costs that something is sent again, nothing more. */
export class Marker {
  readonly #people: PeopleStore;
  readonly #raised = new Map<string, { account: number; conversation: string; marks: LiveMarks }>();

  constructor(people: PeopleStore) {
    this.#people = people;
  }

  /** The marks of an account have changed in a conversation. */
  raised(account: number, conversation: string, marks: LiveMarks): void {
    this.#raised.set(`${account} ${conversation}`, { account, conversation, marks });
  }

  /** Writes what has changed; what there is no room for is written next time. */
  async write(): Promise<void> {
    const raised = [...this.#raised.values()];
    this.#raised.clear();
    await Promise.all(raised.map(async ({ account, conversation, marks }) => {
      const { delivered, read, told }: Marks = marks;
      try {
        await this.#people.mark(account, conversation, { delivered, read, told });
      } catch {
        this.raised(account, conversation, marks);
      }
    }));
  }
}
