import type { Limits } from "./limits.ts";
import { RoomMaking } from "./room_making.ts";
import { Room } from "./room.ts";
import type { Store } from "./store/store.ts";
import type { Turn } from "./turn.ts";

/** The rooms there are, found by name. */
export class Rooms {
  readonly #store: Store;
  readonly #turn: Turn;
  readonly #limits: Limits;
  readonly #rooms = new Map<string, Room>();

  readonly #making: RoomMaking;

  constructor(store: Store, turn: Turn, { limits, clock }: { limits: Limits; clock: () => number }) {
    this.#store = store;
    this.#turn = turn;
    this.#limits = limits;
    this.#making = new RoomMaking(limits.roomsPerHour, clock);
  }

  get(name: string): Room | undefined {
    return this.#rooms.get(name);
  }

  [Symbol.iterator](): Iterator<Room> {
    return this.#rooms.values();
  }

  /** How long whoever is at `address` has to wait before it may open this room: 0 where there is one. */
  async wait(name: string, address: string): Promise<number> {
    if (this.#rooms.has(name)) return 0;
    const { head } = await this.#store.extent(`#${name}`);
    return head > 0 ? 0 : this.#making.make(address);
  }

  /** Forgets who has made rooms, where it does not matter any more. */
  sweep(now: number): void {
    this.#making.sweep(now);
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
