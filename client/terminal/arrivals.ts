import type { Entry } from "../entry.ts";
import type { ClientEvent } from "../chat_client.ts";
import type { Chat, Talk } from "./front.ts";
import type { Narrator } from "./narrator.ts";
import { within } from "../within.ts";

/** Messages of a room that are on the screen when one enters it. */
const PAGE = 50;
/** How long what happens meanwhile waits for them. */
const PATIENCE_MS = 3_000;

type Online = ClientEvent & { kind: "online" };

interface Page {
  readonly entries: readonly Entry[];
  readonly more: boolean;
}

/**
 * Coming in: the last messages of every room first, with a line above those not read yet, then who is there, then what
 * has happened meanwhile. What a page has shown is not told again when it comes as an event.
 */
export class Arrivals {
  readonly #chat: Pick<Chat, "name" | "historyPage">;
  readonly #talk: Talk;
  readonly #narrator: Narrator;
  readonly #opened = Promise.withResolvers<void>();
  /** Everything, while the chat opens. */
  #opening: ClientEvent[] | undefined;
  /** The entries of each room that is being entered. */
  readonly #entering = new Map<string, ClientEvent[]>();
  /** The last entry of each room that was told of. */
  readonly #told = new Map<string, number>();
  #read: ReadonlyMap<string, number> = new Map();

  constructor(chat: Pick<Chat, "name" | "historyPage">, talk: Talk, narrator: Narrator) {
    this.#chat = chat;
    this.#talk = talk;
    this.#narrator = narrator;
  }

  /** Tells of an event, now or when what belongs before it is on the screen. */
  event(event: ClientEvent): void {
    if (event.kind === "online" && event.first) return void this.#open(event);
    if (event.kind === "ended") this.#finish();
    const held = this.#opening ?? (event.kind === "entry" ? this.#entering.get(event.to) : undefined);
    if (held === undefined) this.#tell(event);
    else held.push(event);
  }

  /** From now on what is said in a room waits until {@linkcode enter} has shown what was said before, or has failed. */
  expect(to: string): void {
    if (!this.#entering.has(to)) this.#entering.set(to, []);
  }

  /** Shows the last messages of a room, without those that were on the screen before. Never rejects. */
  async enter(to: string): Promise<void> {
    this.expect(to);
    await this.#opened.promise;
    const page = await within(PATIENCE_MS, this.#page(to));
    if (page !== undefined) this.#show(to, page);
  }

  /** What waited for a room is told. */
  entered(to: string): void {
    const held = this.#entering.get(to) ?? [];
    this.#entering.delete(to);
    for (const event of held) this.event(event);
  }

  /** Never rejects. */
  async #open(online: Online): Promise<void> {
    this.#opening = [];
    this.#read = online.read;
    const rooms = online.rooms.map(({ room }) => `#${room}`);
    const order = [
      ...rooms.filter((to) => to !== this.#talk.room),
      ...rooms.filter((to) => to === this.#talk.room),
    ];
    const pages = await within(PATIENCE_MS, Promise.all(order.map((to) => this.#page(to))));
    if (this.#opening === undefined) return; // over before it began
    for (const [at, page] of pages?.entries() ?? []) if (page !== undefined) this.#show(order[at]!, page);
    this.#narrator.event(online);
    this.#finish();
  }

  #finish(): void {
    const held = this.#opening ?? [];
    this.#opening = undefined;
    for (const event of held) this.event(event);
    this.#opened.resolve();
  }

  async #page(to: string): Promise<Page | undefined> {
    try {
      return await this.#chat.historyPage(to, { limit: PAGE });
    } catch {
      return undefined; // it cannot be had: /history says why
    }
  }

  #show(to: string, { entries, more }: Page): void {
    const { name } = this.#chat;
    const told = this.#told.get(to) ?? 0;
    const read = this.#read.get(to);
    const fresh = entries.filter(({ seq }) => seq > told);
    const first = read === undefined || read <= told
      ? undefined
      : fresh.find(({ seq, from }) => seq > read && from !== name);
    for (const entry of fresh) {
      if (entry === first) this.#narrator.divide(more ? entry.seq - 1 - read! : 0);
      this.#narrator.entry(to, entry, { mine: entry.from === name, past: true });
    }
    const last = fresh.at(-1);
    if (last !== undefined) this.#told.set(to, last.seq);
  }

  #tell(event: ClientEvent): void {
    if (event.kind === "online" && event.log === "new") this.#told.clear();
    if (event.kind === "entry" && event.to.startsWith("#")) {
      if (event.entry.seq <= (this.#told.get(event.to) ?? 0)) return;
      this.#told.set(event.to, event.entry.seq);
    }
    this.#narrator.event(event);
  }
}
