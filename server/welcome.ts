import { encode } from "../protocol/codec.ts";
import { frame } from "../protocol/frames.ts";
import type { Hello } from "../protocol/schema.ts";
import { catchUp } from "./catch_up.ts";
import { entryJson } from "./entry.ts";
import type { Outbox } from "./outbox.ts";
import type { Room } from "./room.ts";
import type { Store } from "./store/store.ts";

/** Rooms that one hello may name to come back to, whatever the limits. */
const MOST_RESUMED = 64;

const encoder = new TextEncoder();

/** Names of the rooms that a guest enters: those of before, or the lobby, and what `resume` names while there is room. */
export function roomsToEnter(before: Iterable<string>, { resume = {} }: Hello, limit: number): Set<string> {
  const names = new Set(before);
  for (const key of Object.keys(resume)) {
    if (names.size >= Math.min(limit, MOST_RESUMED)) break;
    if (!key.startsWith("@")) names.add(key);
  }
  return names;
}

/**
 * Sends what came into `room` after the seq that the client says it has, and then what comes: it follows the log from
 * this very turn on. Resolves when it has caught up.
 */
export async function resumeRoom(store: Store, outbox: Outbox, room: Room, hello: Hello): Promise<void> {
  const { resume, log } = hello;
  const after = resume && Object.hasOwn(resume, room.name) ? resume[room.name]! : undefined;
  const head = room.head;
  const gap = (from: number, to: number, why: string) =>
    outbox.push(encode({ type: "gap", room: room.name, from, to, why }));
  if (after !== undefined && isOtherLog(store, log)) {
    if (head > 0) gap(1, head, "other_log");
    return outbox.follow(room.log);
  }
  if (after === undefined || after >= head) return outbox.follow(room.log);
  const goOn = outbox.followLater(room.log);
  await catchUp(store, outbox, {
    conversation: `#${room.name}`,
    after,
    through: () => head,
    send: (entry) => outbox.push(frame(encoder.encode(entryJson(entry)))),
    gap: (from, to) => gap(from, to, "expired"),
  });
  goOn();
}

/** Whether a client's cursors are of logs that are no more. */
export function isOtherLog(store: Store, log: string | undefined): boolean {
  return log !== undefined && log !== store.incarnation;
}
