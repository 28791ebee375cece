import { within } from "../within.ts";
import { type ChatState, type Level, NOTHING } from "./chat_state.ts";
import type { News } from "./news.ts";
import { reduceChat } from "./reduce_chat.ts";
import type { Told } from "./told.ts";
import type { WindowLink } from "./window_link.ts";

/** How long the windows may take to agree that it is over. */
const CLOSE_MS = 500;

/** What every window is told as it comes, before any news. */
export interface BoardOptions {
  readonly version: string;
  /** As the person wrote it. */
  readonly server: string;
  /** The last window has gone, or one has come. */
  readonly attended: (windows: number) => void;
}

/** What is known, and the windows that show it: all of them the same. */
export class Board {
  readonly #options: BoardOptions;
  readonly #windows = new Set<WindowLink>();
  #state: ChatState = NOTHING;
  /** What was wanted of conversations before, also of those that are not there yet. */
  #levels: ReadonlyMap<string, Level> = new Map();
  /** Of this turn. */
  #news: News[] = [];
  #flushing: ReturnType<typeof setTimeout> | undefined;

  constructor(options: BoardOptions) {
    this.#options = options;
  }

  get state(): ChatState {
    return this.#state;
  }

  /** Tells all windows; what gathers in one turn goes out together. */
  tell(news: News): void {
    this.#take(news);
    for (const [to, level] of this.#levels) {
      const found = this.#state.conversations[to];
      if (found !== undefined && found.level !== level) this.#take({ kind: "level", to, level });
    }
    this.#flushing ??= setTimeout(() => this.flush(), 0);
  }

  /** From now on conversations have these levels, as soon as they are there. */
  recall(levels: ReadonlyMap<string, Level>): void {
    this.#levels = levels;
  }

  /** Sends what has gathered. */
  flush(): void {
    clearTimeout(this.#flushing);
    this.#flushing = undefined;
    if (this.#news.length === 0) return;
    const text = JSON.stringify({ kind: "news", news: this.#news } satisfies Told);
    this.#news = [];
    for (const window of this.#windows) window.tell(text);
  }

  add(window: WindowLink): void {
    const { version, server, attended } = this.#options;
    this.flush();
    this.#windows.add(window);
    window.begin({ kind: "state", state: this.#state, version, server });
    attended(this.#windows.size);
  }

  delete(window: WindowLink): void {
    if (this.#windows.delete(window)) this.#options.attended(this.#windows.size);
  }

  /** Sends the last news and says goodbye to all windows; those that do not answer are not waited for long. */
  async close(): Promise<void> {
    this.flush();
    await within(CLOSE_MS, Promise.all([...this.#windows].map((window) => window.close())));
  }

  #take(news: News): void {
    this.#state = reduceChat(this.#state, news);
    this.#news.push(news);
  }
}
