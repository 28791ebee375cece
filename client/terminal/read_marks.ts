import type { Chat } from "./front.ts";

/** After a key was pressed, what is shown counts as read for so long. */
const ATTENTIVE_MS = 30_000;
/** Marks are told together: a busy room is not one request for each message. */
const TOGETHER_MS = 300;

/** Tells the library what has been shown, and what the person has read: was there at the keys when it was shown, or since. */
export class ReadMarks implements Disposable {
  readonly #chat: Pick<Chat, "shown" | "read">;
  /** On its way to the screen: the last seq of each conversation. */
  readonly #fresh = new Map<string, number>();
  /** Shown, and not told as read yet. */
  readonly #unread = new Map<string, number>();
  #pressedAt = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(chat: Pick<Chat, "shown" | "read">) {
    this.#chat = chat;
  }

  /** Was given to the screen, with all before it of that conversation. */
  shown(to: string, seq: number): void {
    if (this.#fresh.size === 0) queueMicrotask(() => this.#drawn()); // behind the screen's own
    this.#fresh.set(to, Math.max(seq, this.#fresh.get(to) ?? 0));
  }

  /** Somebody is at the keys. */
  pressed(): void {
    this.#pressedAt = performance.now();
    if (this.#unread.size > 0) this.#soon();
  }

  /** Another of the person's devices was there first. */
  readElsewhere(to: string, seq: number): void {
    if ((this.#unread.get(to) ?? Infinity) <= seq) this.#unread.delete(to);
  }

  /** Tells now that all of it was read. */
  flush(): void {
    this[Symbol.dispose]();
    if (this.#fresh.size > 0) return queueMicrotask(() => this.flush());
    for (const [to, seq] of this.#unread) this.#chat.read(to, seq);
    this.#unread.clear();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #drawn(): void {
    for (const [to, seq] of this.#fresh) {
      this.#chat.shown(to, seq);
      this.#unread.set(to, Math.max(seq, this.#unread.get(to) ?? 0));
    }
    this.#fresh.clear();
    if (performance.now() - this.#pressedAt < ATTENTIVE_MS) this.#soon();
  }

  #soon(): void {
    this.#timer ??= setTimeout(() => this.flush(), TOGETHER_MS);
  }
}
