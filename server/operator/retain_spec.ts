import { UsageError } from "../../cli/usage_error.ts";
import { readRoom } from "../../protocol/names.ts";
import type { Retention } from "../retention.ts";

const HOUR = 3_600_000;
const UNITS: Readonly<Record<string, number>> = { h: HOUR, d: 24 * HOUR, w: 168 * HOUR, y: 8_760 * HOUR };
const LONGEST = 1_000 * UNITS["y"]!;
const HINT = "For example: --retain 365d, or --retain '365d,#ops=30d,#log=forever'";

/** What `--retain` says: an age for all rooms, ages for some, or both. Without it everything is kept. */
export function readRetain(spec: string | undefined): Retention {
  const rooms = new Map<string, number | undefined>();
  let all: { readonly age: number | undefined } | undefined;
  for (const part of spec?.split(",").map((each) => each.trim()) ?? []) {
    const [, room, age] = part.match(/^(#[^=]*)=(.*)$/) ?? [];
    if (room !== undefined) {
      const name = roomOf(room);
      if (rooms.has(name)) throw wrong(`#${name} is there twice`);
      rooms.set(name, ageOf(age!.trim()));
    } else if (all) throw wrong(`${JSON.stringify(part)} is a second age for all rooms`);
    else all = { age: ageOf(part) };
  }
  return { all: all?.age, rooms };
}

function ageOf(text: string): number | undefined {
  if (text === "forever") return undefined;
  const [, count, unit] = text.match(/^(\d{1,9})([hdwy])$/) ?? [];
  if (count === undefined) {
    throw wrong(`${JSON.stringify(text)} is no age: a number and h, d, w or y, or the word forever`);
  }
  const age = Number(count) * UNITS[unit!]!;
  if (age === 0) throw wrong(`an age of ${text} would keep nothing`);
  if (age > LONGEST) throw wrong(`${text} is more than a thousand years: write forever`);
  return age;
}

function roomOf(text: string): string {
  const { name, problem } = readRoom(text.slice(1).trim());
  if (problem) throw wrong(`${JSON.stringify(text)} is no room: ${problem.message}`);
  return name;
}

function wrong(why: string): UsageError {
  return new UsageError(`--retain: ${why}`, HINT);
}
