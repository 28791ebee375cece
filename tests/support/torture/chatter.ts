import { Refused } from "../../../client/chat_client.ts";
import { type Part, ROOMS } from "./cast.ts";
import { conversationOf } from "./client_log.ts";
import type { Talker } from "./talker.ts";

/** More than these on their way, and a client says nothing new. */
const MOST_PENDING = 8;
const LONGEST_PAUSE_MS = 60;
/** How often it is tried again whether everything has come. */
const AGAIN_MS = 20;

/** What one client does all day: says things here and there, comes and goes, until it is told to hush. */
export class Chatter {
  readonly #talker: Talker;
  readonly #part: Part;
  readonly #random: () => number;
  #talking = true;
  #running: Promise<void> | undefined;
  #said = 0;

  constructor(talker: Talker, part: Part, random: () => number) {
    this.#talker = talker;
    this.#part = part;
    this.#random = random;
  }

  talk(): void {
    this.#talking = true;
    this.#running ??= this.#run();
  }

  /** Says its last words in every room; resolves when everything said has its outcome. */
  async hush(): Promise<void> {
    this.#talking = false;
    await this.#running;
    this.#running = undefined;
    const { chat } = this.#talker;
    await this.#until(() => this.#talker.online);
    // From then on something has been shown in each room: what follows must come as well.
    for (const room of chat.rooms.keys()) this.#say(`#${room}`);
    await this.#until(() => this.#talker.online && chat.pending.length === 0);
  }

  /** Nobody says anything any more: resolves when all there is has been shown. */
  async caughtUp(): Promise<void> {
    const { chat, shown } = this.#talker;
    const rooms = Array.from(chat.rooms.keys(), (room) => `#${room}`);
    for (const to of [...rooms, ...this.#part.peers.map((peer) => `@${peer}`)]) {
      const last = (await chat.history(to, undefined, 1)).at(-1)?.seq ?? 0;
      await this.#until(() => (shown.get(conversationOf(this.#part.name, to)) ?? 0) >= last);
    }
  }

  /** Never rejects. */
  async #run(): Promise<void> {
    for (const room of ROOMS) if (!this.#talker.chat.rooms.has(room)) await this.#wander(room);
    while (this.#talking) {
      await delay(this.#random() * LONGEST_PAUSE_MS);
      const { chat } = this.#talker;
      if (!this.#talking || chat.pending.length >= MOST_PENDING) continue;
      const [, ...others] = ROOMS;
      if (this.#talker.online && this.#random() < 0.03) await this.#wander(this.#pick(others));
      else if (this.#random() < 0.4) this.#say(`@${this.#pick(this.#part.peers)}`);
      else this.#say(`#${this.#pick([...chat.rooms.keys(), "lobby"])}`);
    }
  }

  /** Enters a room, or leaves it. Never rejects. */
  async #wander(room: string): Promise<void> {
    const { chat } = this.#talker;
    try {
      await (chat.rooms.has(room) ? chat.leave(room) : chat.join(room));
    } catch (error) {
      if (!(error instanceof Refused)) throw error; // it is elsewhere by now
    }
  }

  #say(to: string): void {
    const dice = this.#random();
    const length = Math.floor(this.#random() * (dice < 0.9 ? 60 : dice < 0.99 ? 900 : 3_800));
    this.#talker.chat.say(to, `${this.#part.client} ${++this.#said} ${"lorem ipsum ".repeat(length / 12)}`);
  }

  async #until(reached: () => boolean): Promise<void> {
    while (!reached()) await delay(AGAIN_MS);
  }

  #pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.#random() * from.length)]!;
  }
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
