import { normalised } from "../protocol/normalise.ts";

/** A conversation as front ends name it, `"#room"` or `"@name"`, from the name it has on the wire. */
export function conversation(room: string): string {
  return room.startsWith("@") ? room : `#${room}`;
}

/** The same from what a person types: a room with `#`, or somebody's name. */
export function conversationTyped(typed: string): string {
  return typed.startsWith("#") ? `#${normalised(typed.slice(1))}` : `@${normalised(typed)}`;
}

/** As it has to be on the wire. */
export function onWire(to: string): string {
  return to.startsWith("#") ? to.slice(1) : to;
}
