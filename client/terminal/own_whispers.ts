import type { ClientEvent } from "../chat_client.ts";
import type { Item } from "./item.ts";
import { clock } from "./line_format.ts";

/** How long a whisper of one's own waits for its receipt, so as to be printed once, with the right sign. */
const RECEIPT_MS = 200;
/** Whispers to one person that nothing is known of; older ones are forgotten. */
const MOST = 100;

type Whisper = Item & { kind: "whisper" };

/** Whispers of one's own, until it is known what became of them: stored, kept for somebody who is away, or delivered. */
export class OwnWhispers implements Disposable {
  readonly #print: (item: Item) => void;
  readonly #shown: (to: string, seq: number) => void;
  /** Who has got whispers, and up to when they were said, where that is known. */
  readonly #arrived = new Map<string, Date | undefined>();
  #telling: ReturnType<typeof setTimeout> | undefined;
  readonly #waiting = new Map<string, { readonly seq: number; readonly at: Date }[]>();
  #held:
    | { readonly item: Whisper; readonly seq: number; readonly timer: ReturnType<typeof setTimeout> }
    | undefined;

  /** `shown` is told of each whisper behind `print`. */
  constructor(print: (item: Item) => void, shown: (to: string, seq: number) => void) {
    this.#print = print;
    this.#shown = shown;
  }

  /** It is stored: it is printed when more is known, or in a moment. */
  said(item: Whisper, seq: number): void {
    this.flush();
    this.#held = { item, seq, timer: setTimeout(() => this.flush(), RECEIPT_MS) };
  }

  /** Prints the whisper that waits for its receipt. */
  flush(): void {
    const held = this.#held;
    if (held === undefined) return;
    clearTimeout(held.timer);
    this.#held = undefined;
    const { item, seq } = held;
    this.#print(item);
    this.#shown(`@${item.peer}`, seq);
    if (item.state === "delivered") return;
    const waiting = this.#waiting.get(item.peer) ?? [];
    this.#waiting.set(item.peer, [...waiting, { seq, at: item.at }].slice(-MOST));
  }

  /** What became of all whispers to somebody, up to one. */
  receipt({ with: peer, seq, status }: ClientEvent & { kind: "receipt" }): void {
    const held = this.#held;
    const passed = status === "delivered" ? this.#pass(peer, seq) : [];
    if (held?.item.peer === peer && held.seq <= seq) {
      this.#held = { ...held, item: { ...held.item, state: status } };
      return this.flush();
    }
    if (status === "kept") return this.#tell(`kept for ${peer} until they come back`);
    this.#arrived.set(peer, passed.at(-1)?.at ?? this.#arrived.get(peer));
    this.#telling ??= setTimeout(() => this.#tellArrived(), RECEIPT_MS); // several are one line
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#held?.timer);
    clearTimeout(this.#telling);
  }

  #tellArrived(): void {
    this.#telling = undefined;
    for (const [peer, at] of this.#arrived) {
      // What was said before this program ran has no time here.
      this.#tell(at ? `${peer} has your whispers up to ${when(at)}` : `${peer} has your whispers`);
    }
    this.#arrived.clear();
  }

  #pass(peer: string, seq: number): { readonly at: Date }[] {
    const waiting = this.#waiting.get(peer) ?? [];
    const left = waiting.filter((each) => each.seq > seq);
    if (left.length > 0) this.#waiting.set(peer, left);
    else this.#waiting.delete(peer);
    return waiting.filter((each) => each.seq <= seq);
  }

  #tell(text: string): void {
    this.#print({ kind: "system", text });
  }
}

const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long" });

function when(at: Date): string {
  return at.toDateString() === new Date().toDateString() ? clock(at) : `${clock(at)} on ${DAY.format(at)}`;
}
