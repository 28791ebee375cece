import { frame } from "../protocol/frames.ts";
import { entryJson } from "./entry.ts";
import type { Ask } from "./link.ts";
import type { Peer, Person, Seat } from "./person.ts";
import { type Denial, notIn } from "./denial.ts";
import type { Rooms } from "./rooms.ts";
import { pairKey, type Store } from "./store/store.ts";

/** Entries found at a time, unless asked for another number. */
const USUAL = 20;
/** What the entries of one answer may take of a frame. */
const PAGE_BYTES = 60 * 1024;

const encoder = new TextEncoder();

interface Search {
  readonly seat: Seat;
  readonly peer: Peer;
  readonly rooms: Rooms;
  readonly asked: Extract<Ask, { type: "search" }>;
}

/** Answers `search` with what `seat` may read, the newest first; or says why it may not look there. */
export async function search(
  store: Store,
  { seat, peer, rooms, asked }: Search,
): Promise<Denial | undefined> {
  const { text, from, room, since, limit = USUAL, ref } = asked;
  const readable = readableBy(seat.person);
  const within = room === undefined ? readable : only(readable, keyOf(room, seat.name));
  if (room !== undefined && !room.startsWith("@") && within.size === 0) return notIn(room, rooms.get(room));
  const found = within.size === 0 ? [] : await store.search({
    ...text === undefined ? {} : { text },
    ...from === undefined ? {} : { from },
    ...since === undefined ? {} : { since: Date.parse(since) },
    within,
    limit: limit + 1,
  });
  const texts: string[] = [];
  let size = 0;
  for (const entry of found.slice(0, limit)) {
    const json = entryJson(entry);
    size += encoder.encode(json).length + 1;
    if (size > PAGE_BYTES) break;
    texts.push(json);
  }
  const more = texts.length < found.length;
  const tail = ref === undefined ? "" : `,"ref":${JSON.stringify(ref)}`;
  peer.outbox.push(frame(encoder.encode(`{"type":"found","entries":[${texts}],"more":${more}${tail}}`)));
  return undefined;
}

/** Every conversation that somebody may read, and after which seq. */
function readableBy(person: Person): Map<string, number> {
  const within = new Map<string, number>();
  for (const room of person.rooms) within.set(`#${room}`, 0);
  for (const [key, { floor }] of person.marks) if (key.startsWith("@")) within.set(key, floor);
  return within;
}

function only(within: ReadonlyMap<string, number>, key: string): Map<string, number> {
  const floor = within.get(key);
  return new Map(floor === undefined ? [] : [[key, floor]]);
}

function keyOf(room: string, name: string): string {
  return room.startsWith("@") ? pairKey(name, room.slice(1)) : `#${room}`;
}
