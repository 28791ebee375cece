import type { ChatClient } from "../chat_client.ts";
import { Refused } from "../refused.ts";
import type { Board } from "./board.ts";

/** Entries that are asked for at once. */
const PAGE = 50;

/** Earlier entries: one page at a time of each conversation, however many windows ask. */
export class Pages {
  readonly #client: ChatClient;
  readonly #board: Board;
  readonly #loading = new Map<
    string,
    { readonly before: number | undefined; readonly done: Promise<void> }
  >();
  /** Counts the logs of the server: what was asked of an earlier one has other numbers. */
  #log = 0;

  constructor(client: ChatClient, board: Board) {
    this.#client = client;
    this.#board = board;
  }

  /** The server has started afresh. */
  anew(): void {
    this.#log++;
    this.#loading.clear();
  }

  /** Tells the last page of a conversation, if no page of it is known yet. Never rejects. */
  async open(to: string): Promise<void> {
    if (this.#board.state.conversations[to]?.opened) return;
    try {
      await this.load(to, undefined);
    } catch (error) {
      if (!(error instanceof Refused)) throw error; // whoever scrolls up asks again
    }
  }

  /** Tells the page before `before`, or the last one. Rejects with `Refused`. */
  async load(to: string, before: number | undefined): Promise<void> {
    if (this.#has(to, before)) return;
    const other = this.#loading.get(to);
    if (other !== undefined) {
      if (other.before === before) return await other.done;
      await other.done.catch(() => {}); // told to those who asked for it
      return await this.load(to, before);
    }
    const done = this.#load(to, before);
    this.#loading.set(to, { before, done });
    try {
      await done;
    } finally {
      if (this.#loading.get(to)?.done === done) this.#loading.delete(to);
    }
  }

  /** Another window was quicker. */
  #has(to: string, before: number | undefined): boolean {
    const found = this.#board.state.conversations[to];
    return before !== undefined && found?.opened === true && (found.entries[0]?.seq ?? Infinity) < before;
  }

  async #load(to: string, before: number | undefined): Promise<void> {
    const log = this.#log;
    const { entries, more, expired } = await this.#client.historyPage(to, { before, limit: PAGE });
    if (log !== this.#log) return;
    this.#board.tell({
      kind: "page",
      to,
      before: before ?? null,
      entries,
      more,
      expired: expired ?? null,
    });
  }
}
