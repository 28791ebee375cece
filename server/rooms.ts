import type { Limits } from "./limits.ts";
import { Room } from "./room.ts";
import type { Store } from "./store/store.ts";
import type { Turn } from "./turn.ts";

/** The rooms there are, found by name. */
export class Rooms {
  readonly #store: Store;
  readonly #turn: Turn;
  readonly #limits: Limits;
  readonly #rooms = new Map<string, Room>();

  constructor(store: Store, turn: Turn, limits: Limits) {
    this.#store = store;
    this.#turn = turn;
    this.#limits = limits;
  }

  get(name: string): Room | undefined {
    return this.#rooms.get(name);
  }

  [Symbol.iterator](): Iterator<Room> {
    return this.#rooms.values();
  }

  /** The room of that name, made when there is none. */
  async open(name: string): Promise<Room> {
    const known = this.#rooms.get(name);
    if (known) return known;
    const { head } = await this.#store.extent(`#${name}`);
    const { roomRate: rate, presence } = this.#limits;
    return this.#rooms.getOrInsertComputed(name, () => new Room(name, this.#turn, { head, rate, presence }));
  }

  /** Forgets `room` when nobody is in it and nothing was ever said. */
  drop(room: Room): void {
    if (room.size === 0 && room.head === 0) this.#rooms.delete(room.name);
  }
}
