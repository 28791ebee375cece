import type { Entry } from "../../protocol/schema.ts";
import type { ClientEvent } from "../chat_client.ts";
import type { Chat, Print, Talk } from "./front.ts";
import type { Item } from "./item.ts";
import { mentionOf } from "./mention.ts";

/** The bell rings no more often than this. */
const BELL_MS = 2_000;
/** How long a whisper of one's own waits for its receipt, so as to be printed once, with the right sign. */
const RECEIPT_MS = 200;

type Whisper = Item & { kind: "whisper" };

/** Tells what happens, event by event, as items of the transcript. */
export class Narrator {
  readonly #chat: Chat;
  readonly #talk: Talk;
  readonly #show: Print;
  readonly #ring: () => void;
  #rang = -Infinity;
  #day: string;
  #held:
    | { readonly item: Whisper; readonly seq: number; readonly timer: ReturnType<typeof setTimeout> }
    | undefined;
  readonly #lastWhisper = new Map<string, number>();

  constructor(chat: Chat, talk: Talk, { show, ring }: { readonly show: Print; readonly ring: () => void }) {
    this.#chat = chat;
    this.#talk = talk;
    this.#show = show;
    this.#ring = ring;
    this.#day = new Date().toDateString();
  }

  /** Puts an item into the transcript, after what waited, and a date before it when the day changed. */
  print(item: Item): void {
    this.flush();
    if ("at" in item && item.at.toDateString() !== this.#day && !Number.isNaN(item.at.getTime())) {
      this.#day = item.at.toDateString();
      this.#show({ kind: "date", at: item.at });
    }
    this.#show(item);
  }

  /** A line of our own. */
  tell(text: string): void {
    this.print({ kind: "system", text });
  }

  /** What went wrong, with the server's code where it gave one. */
  complain(text: string, code?: string): void {
    this.print(code === undefined ? { kind: "error", text } : { kind: "error", text, code });
  }

  /** Prints the whisper that waits for its receipt. */
  flush(): void {
    const held = this.#held;
    if (held === undefined) return;
    clearTimeout(held.timer);
    this.#held = undefined;
    this.print(held.item);
  }

  /** One entry of a conversation; `past` ones come from `/history` and ring nothing. */
  entry(
    to: string,
    entry: Entry,
    { mine, past = false }: { readonly mine: boolean; readonly past?: boolean },
  ): void {
    this.#talk.oldest.set(to, Math.min(entry.seq, this.#talk.oldest.get(to) ?? Infinity));
    const at = new Date(entry.at);
    const { from, text, seq } = entry;
    if (entry.type === "message") {
      const mention = !mine && mentionOf(this.#chat.name).test(text);
      if (mention && !past) this.#bell();
      const label = to === this.#talk.target ? undefined : to;
      this.print({ kind: "message", at, from, text, label, mine, mention });
      return;
    }
    const peer = to.slice(1);
    const item: Whisper = { kind: "whisper", at, peer, text, mine, delivered: false };
    if (past) return this.print(item);
    if (!mine) {
      this.#talk.peer = peer;
      this.#bell();
      return this.print(item);
    }
    this.flush();
    this.#lastWhisper.set(peer, seq);
    this.#held = { item, seq, timer: setTimeout(() => this.flush(), RECEIPT_MS) };
  }

  /** Tells of everything but refusals of a name or a message, and of the end: they concern the composer, too. */
  event(event: ClientEvent): void {
    switch (event.kind) {
      case "online":
        return this.#online(event);
      case "offline":
        return this.tell(`link lost: ${event.why}; trying again in ${seconds(event.retryMs)}`);
      case "entry":
        return this.entry(event.to, event.entry, event);
      case "joined":
      case "left":
        if (event.user === this.#chat.name) return; // the command that did it tells
        return this.tell(`${event.user} ${event.kind} #${event.room}`);
      case "receipt":
        return this.#receipt(event);
      case "gap":
        return this.tell(`${span(event)} of ${event.to} can no longer be had (${event.why})`);
      case "notice":
        return this.complain(event.message, event.code);
      case "queued":
      case "refused":
      case "nameRefused":
      case "ended":
        return;
      default:
        return event satisfies never;
    }
  }

  #online({ name, rooms, first, log }: ClientEvent & { kind: "online" }): void {
    if (!first) {
      this.tell("connected again");
      if (log === "new") {
        this.#talk.oldest.clear();
        this.tell("the server has started afresh: what was said before is gone there");
      }
      return;
    }
    this.tell(`connected as ${name}`);
    for (const { room, users } of rooms) this.tell(here(`#${room}`, users));
    this.tell("Tab completes, /help lists the commands");
  }

  #receipt({ with: peer, seq }: ClientEvent & { kind: "receipt" }): void {
    const held = this.#held;
    if (held?.seq === seq && held.item.peer === peer) {
      this.#held = { ...held, item: { ...held.item, delivered: true } };
      return this.flush();
    }
    if (this.#lastWhisper.get(peer) === seq) this.tell(`${peer} has your last whisper`);
  }

  #bell(): void {
    const now = performance.now();
    if (now - this.#rang < BELL_MS) return;
    this.#rang = now;
    this.#ring();
  }
}

/** Who is in a place, in a sentence. */
export function here(place: string, users: readonly string[]): string {
  const shown = users.slice(0, 100).join(", ") +
    (users.length > 100 ? `, and ${users.length - 100} more` : "");
  return users.length === 0 ? `${place}: nobody` : `${place}: ${shown} (${users.length})`;
}

function span({ from, until }: { readonly from: number; readonly until: number }): string {
  return from === until ? `message ${from}` : `messages ${from} to ${until}`;
}

function seconds(ms: number): string {
  return ms < 1_000 ? `${(ms / 1_000).toFixed(1)} s` : `${Math.round(ms / 1_000)} s`;
}
