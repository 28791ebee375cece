import { assert, assertEquals } from "@std/assert";
import type { Event } from "../../protocol/schema.ts";
import { Guest, type HubRig } from "./hub_rig.ts";

/** What was said, once and for all: every listener's account of a place must be the same. */
export class Truth {
  readonly #places = new Map<string, string>();
  readonly #ids = new Map<string, string>();

  /** Somebody has seen this at that place. */
  seen(place: string, who: string, id: string, text: string): void {
    const what = `${who} ${id} ${text}`;
    assertEquals(this.#places.get(place) ?? what, what, `${place} is two things`);
    assertEquals(this.#ids.get(id) ?? place, place, `${id} was stored twice`);
    this.#places.set(place, what);
    this.#ids.set(id, place);
  }

  get size(): number {
    return this.#places.size;
  }
}

/** Something said, to be said again. */
interface Said {
  readonly to: string;
  readonly id: string;
  readonly text: string;
}

/** One name in a simulation: whoever has it now, what that one has seen, and whether it was right to be shown that. */
export class Person {
  readonly name: string;
  readonly rooms = new Map<string, number>();
  readonly #with = new Map<string, number>();
  readonly #truth: Truth;
  readonly said: Said[] = [];
  guest: Guest | undefined;
  session: string | undefined;
  /** Which guest of this name it is; whispers carry it, so that those of another one stand out. */
  life = 0;
  #resume: Readonly<Record<string, number>> | undefined;

  constructor(name: string, truth: Truth) {
    this.name = name;
    this.#truth = truth;
  }

  /** Connects, as a new guest or with the session of before; with cursors or without. Claims the name at once. */
  async enter(rig: HubRig, { again, cursors }: { again: boolean; cursors: boolean }): Promise<void> {
    const session = again ? this.session : undefined;
    const known = Object.fromEntries([
      ...this.rooms,
      ...Array.from(this.#with, ([who, seq]) => [`@${who}`, seq]),
    ]);
    this.#resume = session !== undefined && cursors ? known : undefined;
    const hello = {
      ...session === undefined ? {} : { session },
      ...this.#resume === undefined ? {} : { resume: this.#resume },
    };
    const guest = new Guest(this.name, rig.turn, { clock: () => rig.now });
    rig.claim(guest, hello);
    if (!guest.seat) return; // the name is held for the one before
    if (guest.seat.welcomes === 0 && session === undefined) this.#begin();
    // Whoever comes after the hold and does not say what it has goes on from now.
    if (guest.seat.welcomes === 0 && !this.#resume) this.#with.clear();
    this.guest = guest;
    await rig.welcome(guest, hello);
    this.session = guest.session;
    this.read();
  }

  /** Another guest of this name, who has seen nothing yet. */
  #begin(): void {
    this.life++;
    this.said.length = 0;
    this.#with.clear();
  }

  /** Reads what has come, and judges it. */
  read(): void {
    for (const event of this.guest?.take() ?? []) this.#judge(event);
  }

  gone(): void {
    this.guest = undefined;
  }

  #judge(event: Event): void {
    switch (event.type) {
      case "welcome":
        return this.#welcomed(event);
      case "message":
        this.#truth.seen(`#${event.room} ${event.seq}`, event.from, event.id, event.text);
        return this.#next(this.rooms, event.room, event);
      case "whisper": {
        assert(event.from === this.name || event.to === this.name, `${this.name} hears of others`);
        const pair = [event.from, event.to].sort().join(" ");
        this.#truth.seen(`@${pair} ${event.seq}`, event.from, event.id, event.text ?? "");
        const [mine, its] = (event.text ?? "").split(" ").slice(0, 2).map(Number);
        assertEquals(
          event.from === this.name ? mine : its,
          this.life,
          `${this.name} hears what was for another one`,
        );
        const other = event.from === this.name ? event.to : event.from;
        if (!this.#with.has(other)) this.#with.set(other, event.seq - 1); // the first of its time
        return this.#next(this.#with, other, event);
      }
      case "gap": {
        const { room, from, to } = event;
        const [cursors, key] = room.startsWith("@")
          ? [this.#with, room.slice(1)] as const
          : [this.rooms, room] as const;
        assertEquals(from, cursors.get(key)! + 1, `${this.name}: a gap in ${room} that begins elsewhere`);
        cursors.set(key, to);
        return;
      }
      case "joined":
        if (event.users) this.rooms.set(event.room, event.seq!);
        else assert(event.user !== this.name, "told of itself");
        return;
      case "left":
        if (event.user === this.name) this.rooms.delete(event.room);
        return;
    }
  }

  #welcomed({ resumed, rooms }: Extract<Event, { type: "welcome" }>): void {
    assertEquals(resumed, this.guest!.seat!.welcomes > 1);
    this.rooms.clear();
    for (const { room, seq, users } of rooms) {
      assert(users.includes(this.name));
      this.rooms.set(room, this.#resume && Object.hasOwn(this.#resume, room) ? this.#resume[room]! : seq);
    }
  }

  /** Seqs rise by 1; below them come only answers to ids of one's own. */
  #next(cursors: Map<string, number>, key: string, event: { seq: number; from: string; id: string }): void {
    const cursor = cursors.get(key);
    assert(cursor !== undefined, `${this.name} hears what is said in ${key} without being there`);
    if (event.seq <= cursor) {
      return assert(event.from === this.name, `${this.name} hears ${key} ${event.seq} twice`);
    }
    assertEquals(event.seq, cursor + 1, `${this.name} has missed something of ${key}`);
    cursors.set(key, event.seq);
  }
}
