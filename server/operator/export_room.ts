import type { DatabaseSync } from "node:sqlite";
import { nearest } from "../../cli/nearest.ts";
import { entryJson } from "../entry.ts";
import { EXIT, Exit } from "../exit.ts";
import { Conversations } from "../store/conversations.ts";
import { Reading } from "../store/reading.ts";

/** Entries read at a time: between them nothing is held, however slowly the output is taken. */
const PAGE = 500;

/** All messages of a room up to now, as the wire has them: one JSON object a line, some lines at a time. */
export function* exportRoom(db: DatabaseSync, room: string): Iterable<string> {
  const reading = new Reading(db);
  const rooms = reading.rooms();
  if (!rooms.includes(room)) {
    const meant = nearest(room, rooms);
    const hint = meant === undefined ? "" : `. Did you mean #${meant}?`;
    throw new Exit(EXIT.failure, `nothing was ever said in #${room}${hint}`);
  }
  const conversation = `#${room}`;
  const { head } = new Conversations(db).extent(conversation);
  for (let after = 0; after < head;) {
    const entries = reading.read(conversation, { after, before: head + 1, limit: PAGE });
    if (entries.length === 0) return; // the rest has expired meanwhile
    yield entries.map((entry) => `${entryJson(entry)}\n`).join("");
    after = entries.at(-1)!.seq;
  }
}
