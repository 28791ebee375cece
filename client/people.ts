import type { RoomView } from "./client_event.ts";

/** Speakers remembered for completion. */
const MOST_SPEAKERS = 200;

/** Who is in the rooms that this client is in, and who spoke. */
export class People {
  readonly #rooms = new Map<string, Set<string>>();
  readonly #speakers = new Set<string>();

  get rooms(): ReadonlyMap<string, ReadonlySet<string>> {
    return this.#rooms;
  }

  /** The latest first. */
  get speakers(): string[] {
    return [...this.#speakers].reverse();
  }

  /** What the server says at sign-in; returns the rooms that are missing from it. */
  reset(views: readonly RoomView[]): string[] {
    const before = [...this.#rooms.keys()];
    this.#rooms.clear();
    for (const { room, users } of views) this.#rooms.set(room, new Set(users));
    return before.filter((room) => !this.#rooms.has(room));
  }

  /** This client entered a room. */
  enter(room: string, users: readonly string[]): void {
    this.#rooms.set(room, new Set(users));
  }

  /** This client is in the room no more; says whether it was. */
  exit(room: string): boolean {
    return this.#rooms.delete(room);
  }

  /** Somebody came; says whether that is news. */
  joined(room: string, user: string): boolean {
    const users = this.#rooms.get(room);
    if (users === undefined || users.has(user)) return false;
    users.add(user);
    return true;
  }

  /** Somebody went; says whether that is news. */
  left(room: string, user: string): boolean {
    return this.#rooms.get(room)?.delete(user) ?? false;
  }

  spoke(user: string): void {
    this.#speakers.delete(user);
    this.#speakers.add(user);
    if (this.#speakers.size <= MOST_SPEAKERS) return;
    for (const oldest of this.#speakers) {
      this.#speakers.delete(oldest);
      return;
    }
  }
}
