import type { Entry } from "../entry.ts";
import type { ClientEvent } from "../chat_client.ts";
import type { Chat, Print, Talk } from "./front.ts";
import type { Item } from "./item.ts";
import { mentionOf } from "../mention.ts";
import { privacyLine } from "../privacy.ts";
import type { Transfer } from "../files/transfer.ts";
import { transferNews } from "../transfer_text.ts";
import { whoIsHere } from "../who_is_here.ts";
import { OwnWhispers } from "./own_whispers.ts";
import type { ReadMarks } from "./read_marks.ts";

/** The bell rings no more often than this. */
const BELL_MS = 2_000;
/** A whisper older than the connection by this was said while one was away. */
const AWAY_MS = 5_000;

interface Stage {
  readonly show: Print;
  readonly ring: () => void;
  readonly marks: ReadMarks;
}

/** Tells what happens, event by event, as items of the transcript. */
export class Narrator implements Disposable {
  readonly #chat: Chat;
  readonly #talk: Talk;
  readonly #stage: Stage;
  readonly #own: OwnWhispers;
  #rang = -Infinity;
  #day: string;
  /** Since when whispers come as they are said; `undefined` once it was told that some are older. */
  #since: number | undefined;

  constructor(chat: Chat, talk: Talk, stage: Stage) {
    this.#chat = chat;
    this.#talk = talk;
    this.#stage = stage;
    this.#own = new OwnWhispers((item) => this.#put(item), (to, seq) => stage.marks.shown(to, seq));
    this.#day = new Date().toDateString();
  }

  /** Puts an item into the transcript, after what waited, and a date before it when the day changed. */
  print(item: Item): void {
    this.flush();
    this.#put(item);
  }

  /** A line of our own. */
  tell(text: string): void {
    this.print({ kind: "system", text });
  }

  /** What went wrong, with the server's code where it gave one. */
  complain(text: string, code?: string): void {
    this.print(code === undefined ? { kind: "error", text } : { kind: "error", text, code });
  }

  /** From here on nothing was read yet; `before` so many more, which are not on the screen. */
  divide(before: number): void {
    this.print({ kind: "divider", text: before === 0 ? "new" : `new, and ${before} more before: /history` });
  }

  /** Prints the whisper that waits for its receipt. */
  flush(): void {
    this.#own.flush();
  }

  /** Nothing more will be told. */
  [Symbol.dispose](): void {
    this.#own[Symbol.dispose]();
  }

  /** One entry of a conversation; `past` ones come from its history and ring nothing. */
  entry(
    to: string,
    entry: Entry,
    { mine, past = false }: { readonly mine: boolean; readonly past?: boolean },
  ): void {
    this.#talk.oldest.set(to, Math.min(entry.seq, this.#talk.oldest.get(to) ?? Infinity));
    if (entry.type === "whisper" && mine && !past) {
      return this.#own.said(this.#whisperOf(to, entry, mine), entry.seq);
    }
    if (entry.type === "message") this.#message(to, entry, mine, past);
    else if (past) this.print(this.#whisperOf(to, entry, mine));
    else this.#whispered(this.#whisperOf(to, entry, mine));
    this.#stage.marks.shown(to, entry.seq);
  }

  /** Tells of everything but refusals of a name or a message, passwords, and the end: they concern the composer, too. */
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
        return this.#own.receipt(event);
      case "read":
        return this.#stage.marks.readElsewhere(event.to, event.seq);
      case "gap":
        this.tell(`${span(event)} of ${event.to} ${fate(event.why)}`);
        return this.#stage.marks.shown(event.to, event.until);
      case "notice":
        return this.complain(event.message, event.code);
      case "keys":
        return this.complain(event.message, event.code);
      case "transfer":
        return this.#transfer(event.transfer);
      case "privacy":
        if (`@${event.with}` === this.#talk.target) this.tell(privacyLine(event));
        return;
      case "notSaved":
        return this.complain(event.message);
      case "queued":
      case "refused":
      case "nameRefused":
      case "passwordWanted":
      case "ended":
        return;
      default:
        return event satisfies never;
    }
  }

  #transfer(transfer: Transfer): void {
    const news = transferNews(transfer);
    if (news === undefined) return; // its bar is enough
    if (transfer.state === "failed") this.complain(news);
    else this.tell(news);
  }

  #message(to: string, { at, from, text }: Entry, mine: boolean, past: boolean): void {
    const mention = !mine && mentionOf(this.#chat.name).test(text);
    if (mention && !past) this.#bell();
    const label = to === this.#talk.target ? undefined : to;
    this.print({ kind: "message", at: new Date(at), from, text, label, mine, mention });
  }

  #whispered(item: Item & { kind: "whisper" }): void {
    this.#talk.peer = item.peer;
    this.#bell();
    if (this.#since !== undefined && item.at.getTime() < this.#since - AWAY_MS) {
      this.#since = undefined;
      this.tell("while you were away:");
    }
    this.print(item);
  }

  #online({ name, rooms, first, log, account }: ClientEvent & { kind: "online" }): void {
    this.#since = Date.now();
    if (!first) {
      this.tell("connected again");
      if (log === "new") {
        this.#talk.oldest.clear();
        this.tell("the server has started afresh: what was said before is gone there");
      }
      return;
    }
    this.tell(`connected as ${name}${account === undefined ? "" : ` (${account})`}`);
    for (const { room, users } of rooms) this.tell(whoIsHere(`#${room}`, users));
    this.tell(`Tab completes, /help lists the commands; ${this.#talk.target}: server can read`);
  }

  #whisperOf(to: string, { at, text, seal, unreadable }: Entry, mine: boolean): Item & { kind: "whisper" } {
    const open = this.#talk.account !== undefined && seal === undefined && unreadable === undefined;
    const whisper = {
      kind: "whisper",
      at: new Date(at),
      peer: to.slice(1),
      text,
      mine,
      state: "stored",
    } as const;
    return open ? { ...whisper, open } : whisper;
  }

  #put(item: Item): void {
    if ("at" in item && item.at.toDateString() !== this.#day && !Number.isNaN(item.at.getTime())) {
      this.#day = item.at.toDateString();
      this.#stage.show({ kind: "date", at: item.at });
    }
    this.#stage.show(item);
  }

  #bell(): void {
    const now = performance.now();
    if (now - this.#rang < BELL_MS) return;
    this.#rang = now;
    this.#stage.ring();
  }
}

function span({ from, until }: { readonly from: number; readonly until: number }): string {
  return from === until ? `message ${from}` : `messages ${from} to ${until}`;
}

function fate(why: string): string {
  return why === "expired" ? "expired: they are no longer kept" : `can no longer be had (${why})`;
}

function seconds(ms: number): string {
  return ms < 1_000 ? `${(ms / 1_000).toFixed(1)} s` : `${Math.round(ms / 1_000)} s`;
}
