import type { Request } from "./schema.ts";

/** A room's name, an id, and a text of printable ASCII that JSON writes as it is: nothing in it can need a second look. */
const PLAIN =
  /^\{"type":"message","room":"([a-z0-9]{1,32})","id":"([A-Za-z0-9_.-]{1,64})","text":"([ !#-[\]-~]{1,4000})"\}$/;

/**
 * The plainest kind of message, which is nearly all of them, read at a glance: exactly what the whole way by scan, parser
 * and schema would have made of it, for a twentieth of the work where code has not run often enough to be compiled.
 * `undefined` says nothing about the text but that it has to go the whole way.
 */
export function plainMessage(json: string): Extract<Request, { type: "message" }> | undefined {
  const [, room, id, text] = PLAIN.exec(json) ?? [];
  if (room === undefined || id === undefined || text === undefined) return undefined;
  return { type: "message", room, id, text };
}
