import type { Event } from "../protocol/schema.ts";
import type { Ask } from "./link.ts";
import type { Room } from "./room.ts";
import type { Rooms } from "./rooms.ts";
import type { Store } from "./store/store.ts";

/** What a list may take of a frame, in bytes of its names; the rest of the frame is small. */
const LIST_BYTES = 48 * 1024;
/** Rooms of one page. */
const ROOMS = 300;

/** What a name costs in a list at the most: its UTF-8, two quotes and a comma. */
function cost(name: string): number {
  return name.length * 3 + 3;
}

/** As many of `names` as fit into `bytes`. */
function fitting(names: readonly string[], bytes: number): string[] {
  let left = bytes;
  const end = names.findIndex((name) => (left -= cost(name)) < 0);
  return end < 0 ? [...names] : names.slice(0, end);
}

/** Rooms as `welcome` and `joined` show them; a list of users that had to be cut says how many there are. */
export function viewOf(
  rooms: readonly Room[],
): { room: string; seq: number; users: string[]; total?: number }[] {
  return rooms.map((room) => {
    const users = fitting(room.users(), LIST_BYTES / rooms.length);
    const total = users.length < room.size ? { total: room.size } : {};
    return { room: room.name, seq: room.head, users, ...total };
  });
}

/** The answer to `users`: names in order after `after`; `next` where there are more. */
export function namesPage(names: Iterable<string>, asked: Extract<Ask, { type: "users" }>): Event {
  const { room, after = "", ref } = asked;
  const all = [...names];
  const wanted = all.filter((name) => name > after).sort();
  const users = fitting(wanted, LIST_BYTES);
  return {
    type: "users",
    ...room === undefined ? {} : { room },
    users,
    ...users.length < all.length ? { total: all.length } : {},
    ...users.length < wanted.length ? { next: users.at(-1)! } : {},
    ...ref === undefined ? {} : { ref },
  };
}

/** The answer to `rooms`, likewise: those that somebody is in, and those in which something was ever said. */
export async function roomsPage(
  rooms: Rooms,
  store: Store,
  { after = "", ref }: Extract<Ask, { type: "rooms" }>,
): Promise<Event> {
  const names = new Set([...Array.from(rooms, ({ name }) => name), ...await store.rooms()]);
  const wanted = [...names].filter((name) => name > after).sort();
  const page = wanted.slice(0, ROOMS);
  return {
    type: "rooms",
    rooms: await Promise.all(page.map(async (name) => {
      const room = rooms.get(name);
      return { room: name, users: room?.size ?? 0, seq: room?.head ?? (await store.extent(`#${name}`)).head };
    })),
    ...page.length < wanted.length ? { next: page.at(-1)! } : {},
    ...ref === undefined ? {} : { ref },
  };
}
