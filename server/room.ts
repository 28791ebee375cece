import { frame } from "../protocol/frames.ts";
import { Bucket } from "./bucket.ts";
import { ByteLog } from "./byte_log.ts";
import type { Person } from "./person.ts";
import type { Flushable, Turn } from "./turn.ts";

const encoder = new TextEncoder();

/** One room: its log, who is in it, and what the members believe about that. */
export class Room implements Flushable {
  readonly name: string;
  readonly log = new ByteLog();
  readonly rate: Bucket;
  readonly #turn: Turn;
  readonly #members = new Set<Person>();
  /** Names that the members believe to be here: a later guest of the same name is no news. */
  readonly #shown = new Set<string>();
  /** Who came or went and could not be told of yet, by name. */
  readonly #unsettled = new Map<string, Person>();
  readonly #presence: number;
  /** The seq told last. */
  head: number;

  constructor(
    name: string,
    turn: Turn,
    { head, rate, presence }: { head: number; rate: number; presence: number },
  ) {
    this.name = name;
    this.#turn = turn;
    this.head = head;
    this.rate = new Bucket(rate, rate);
    this.#presence = presence;
  }

  get size(): number {
    return this.#members.size;
  }

  has(person: Person): boolean {
    return this.#members.has(person);
  }

  /** Names of the members, at most as many as a list may have. */
  users(): string[] {
    const names: string[] = [];
    for (const { name } of this.#members) {
      if (names.length === this.#presence) break;
      names.push(name);
    }
    return names;
  }

  /** Names of all members. */
  *members(): Generator<string> {
    for (const { name } of this.#members) yield name;
  }

  enter(person: Person, now: number): void {
    this.#members.add(person);
    this.#announce(person, now);
  }

  leave(person: Person, now: number, reason?: string): void {
    if (this.#members.delete(person)) this.#announce(person, now, { reason });
  }

  /** Tells what was held back because somebody came and went too often. */
  settle(now: number): void {
    // A copy: who must wait longer is put back.
    for (const person of [...this.#unsettled.values()]) this.#announce(person, now, { late: true });
  }

  /** Sends one frame to every member, at the end of this turn. */
  append(json: string): void {
    this.log.append(json);
    this.#turn.touch(this);
  }

  flush(): void {
    for (const { seats } of this.#members) for (const { peer } of seats) peer?.outbox.flush();
  }

  /** Tells the members that `person` is here or not, when that is news; later, when it was told too often just now. */
  #announce(
    person: Person,
    now: number,
    { reason, late = false }: { readonly reason?: string | undefined; readonly late?: boolean } = {},
  ): void {
    const { name } = person;
    this.#unsettled.delete(name);
    const here = this.#members.has(person);
    if (here === this.#shown.has(name)) return;
    if (person.notices.wait(now) > 0) {
      this.#unsettled.set(name, person);
      return;
    }
    person.notices.take();
    if (here) this.#shown.add(name);
    else this.#shown.delete(name);
    if (this.#members.size > this.#presence) return;
    const why = reason === undefined ? {} : { reason };
    const news = JSON.stringify({
      type: here ? "joined" : "left",
      room: this.name,
      user: name,
      ...why,
    });
    if (late && here) this.#tellOthers(person, news);
    else this.append(news);
  }

  /** For news of somebody who follows the log by now, and is not to be told of itself. */
  #tellOthers(person: Person, news: string): void {
    const bytes = frame(encoder.encode(news));
    for (const member of this.#members) {
      if (member === person) continue;
      for (const peer of member.reachable()) peer.outbox.push(bytes);
    }
  }
}
