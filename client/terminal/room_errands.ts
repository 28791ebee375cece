import { normalised } from "../../protocol/normalise.ts";
import type { ClientEvent } from "../chat_client.ts";
import { whoIsHere } from "../who_is_here.ts";
import type { Arrivals } from "./arrivals.ts";
import type { ErrandLine } from "./errand_line.ts";
import type { Chat, Talk } from "./front.ts";
import type { Narrator } from "./narrator.ts";

interface Staff {
  readonly chat: Chat;
  readonly talk: Talk;
  readonly narrator: Narrator;
  readonly arrivals: Arrivals;
  readonly line: ErrandLine;
}

/** Coming and going: `/join`, `/leave`, and what the person's other devices do. */
export class RoomErrands {
  readonly #staff: Staff;
  /** Entering and leaving that was asked for here, and of which no event has told yet. */
  readonly #asked = new Set<string>();

  constructor(staff: Staff) {
    this.#staff = staff;
  }

  /** Enters a room. What is typed from now on is meant for it, so the target changes at once. */
  join(room: string): void {
    const { chat, talk, narrator, arrivals, line } = this.#staff;
    const { target, room: before } = talk;
    const name = normalised(room);
    const entered = `#${name}`;
    const news = !chat.rooms.has(name);
    talk.target = talk.room = entered;
    if (news) this.#expect(name);
    const joined = chat.join(room); // asked before anything typed behind it is said
    joined.catch(() => {}); // told below
    line.add(async () => {
      try {
        const users = await joined;
        if (news) await arrivals.enter(entered);
        narrator.tell(whoIsHere(`you are in ${entered}`, users));
      } catch (error) {
        this.#asked.delete(`joined ${name}`);
        if (talk.target === entered) talk.target = target;
        if (talk.room === entered) talk.room = before;
        throw error;
      } finally {
        arrivals.entered(entered);
      }
    });
  }

  leave(room: string | undefined): void {
    const { chat, talk, narrator, line } = this.#staff;
    const name = room === undefined ? talk.target : `#${normalised(room)}`;
    if (!name.startsWith("#")) {
      return narrator.complain("/query alone ends a conversation with one person");
    }
    line.add(async () => {
      const asked = `left ${name.slice(1)}`;
      if (chat.rooms.has(name.slice(1))) this.#asked.add(asked);
      try {
        await chat.leave(name.slice(1));
      } catch (error) {
        this.#asked.delete(asked);
        throw error;
      }
      narrator.tell(`you left ${name}; ${this.#goElsewhere(name)}`);
    });
  }

  /** This person came to a room, or went: if nobody asked for it here, another device did. */
  moved({ kind, room, user }: ClientEvent & { kind: "joined" | "left" }): void {
    const { chat, talk, narrator, arrivals, line } = this.#staff;
    if (user !== chat.name) return;
    if (this.#asked.delete(`${kind} ${room}`) || talk.account === undefined) return;
    const name = `#${room}`;
    if (kind === "left") {
      return narrator.tell(`another of your devices left ${name}; ${this.#goElsewhere(name)}`);
    }
    arrivals.expect(name);
    line.add(async () => {
      await arrivals.enter(name);
      narrator.tell(`another of your devices joined ${name}`);
      arrivals.entered(name);
    });
  }

  #expect(room: string): void {
    this.#asked.add(`joined ${room}`);
    this.#staff.arrivals.expect(`#${room}`);
  }

  /** Where plain lines go once one is no longer in a room; says so. */
  #goElsewhere(name: string): string {
    const { chat, talk } = this.#staff;
    const left = [...chat.rooms.keys()].filter((each) => `#${each}` !== name);
    const next = `#${left.at(-1) ?? "lobby"}`;
    if (talk.target === name) talk.target = next;
    if (talk.room === name) talk.room = next;
    return left.length === 0 ? "you are in no room now: /join one" : `what you type goes to ${talk.target}`;
  }
}
