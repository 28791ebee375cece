import type { Request } from "../protocol/schema.ts";
import type { Draft } from "./client_event.ts";
import { onWire } from "./conversation.ts";

/** A draft as it is sent; an error that is about it carries its id back. */
export function asRequest({ id, to, text }: Draft): Request {
  if (to.startsWith("@")) return { type: "whisper", to: to.slice(1), id, text, ref: id };
  return { type: "message", room: onWire(to), id, text, ref: id };
}
