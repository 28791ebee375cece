import { Refused } from "../refused.ts";
import { readPageText } from "./page_text.ts";
import type { Told } from "./told.ts";
import { Asked, type Wish } from "./wish.ts";

/** Of what a window sends at once. */
const MAX_FRAME_BYTES = 65_536;
/** A window that has not taken so much by the time there is more is not waited for. */
const MOST_BUFFERED_BYTES = 8 * 1024 * 1024;
/** Wishes of one window without an answer. */
const MOST_WISHES = 256;

const encoder = new TextEncoder();

/** Whom a window's link tells of what happens. */
export interface WindowLinkOptions {
  readonly opened: (link: WindowLink) => void;
  /** Resolves with the answer; rejects with `Refused` where it cannot be had. */
  readonly asked: (wish: Wish) => Promise<unknown>;
  /** What was told before has to be on its way before the answer is. */
  readonly answering: () => void;
  readonly closed: (link: WindowLink) => void;
}

/** One window: what it asks for is read with care, for it may not be ours that talks. */
export class WindowLink {
  readonly #socket: WebSocket;
  readonly #options: WindowLinkOptions;
  readonly #closed = Promise.withResolvers<void>();
  #waiting = 0;
  /** The state may be large, and is on its way while the first news come. */
  #allowance = MOST_BUFFERED_BYTES;

  constructor(socket: WebSocket, options: WindowLinkOptions) {
    this.#socket = socket;
    this.#options = options;
    socket.onopen = () => options.opened(this);
    socket.onmessage = ({ data }) => this.#heard(data);
    socket.onerror = () => this.#over();
    socket.onclose = () => this.#over();
  }

  /** Sends the first that there is to tell. */
  begin(told: Told & { kind: "state" }): void {
    const text = JSON.stringify(told);
    this.#allowance += 3 * text.length; // in UTF-8 it is longer by no more
    this.tell(text);
  }

  /** Sends a text, which has been made of what is told. A window that does not read is given up. */
  tell(text: string): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    if (this.#socket.bufferedAmount > this.#allowance) this.#end(1008, "reads too slowly");
    else this.#socket.send(text);
  }

  /** Closes it, and resolves when the other side has agreed. */
  async close(): Promise<void> {
    this.#end(1000, "the chat has ended");
    await this.#closed.promise;
  }

  #heard(data: unknown): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    if (typeof data !== "string") return this.#end(1003, "text only");
    if (data.length > MAX_FRAME_BYTES || encoder.encode(data).length > MAX_FRAME_BYTES) {
      return this.#end(1009, "too long");
    }
    const asked = readPageText(Asked, data);
    if (asked.kind === "broken") return this.#end(asked.code, "not understood");
    if (this.#waiting >= MOST_WISHES) return this.#end(1008, "too many at once");
    void this.#grant(asked.value);
  }

  /** Never rejects. */
  async #grant({ id, wish }: Asked): Promise<void> {
    this.#waiting++;
    const told = await this.#options.asked(wish).then(
      (value): Told => ({ kind: "answer", id, value: value ?? null }),
      (error: unknown): Told => ({ kind: "problem", id, ...problem(error) }),
    );
    this.#waiting--;
    this.#options.answering();
    this.tell(JSON.stringify(told));
  }

  #end(code: number, reason: string): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.close(code, reason);
    this.#options.closed(this);
  }

  #over(): void {
    this.#closed.resolve();
    this.#options.closed(this);
  }
}

function problem(error: unknown): { readonly code: string; readonly message: string } {
  if (error instanceof Refused) return { code: error.code, message: error.message };
  return { code: "failed", message: error instanceof Error ? error.message : String(error) };
}
