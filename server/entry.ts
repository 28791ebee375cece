import type { Offer } from "../protocol/schema.ts";
import type { Stored } from "./store/store.ts";

const encoder = new TextEncoder();

let lastAt = -1;
let lastText = "";

/** A stored entry as members receive it. */
export function entryJson({ conversation, seq, at, from, id, text, also }: Stored): string {
  const place = `"seq":${seq},"at":"${timestamp(at)}"`;
  const words = text === "" ? "" : `,"text":${JSON.stringify(text)}`;
  const said = `"id":"${id}"${words}${also === undefined ? "" : `,${also}`}`;
  const sender = JSON.stringify(from);
  if (conversation.startsWith("#")) {
    const room = JSON.stringify(conversation.slice(1));
    return `{"type":"message","room":${room},${place},"from":${sender},${said}}`;
  }
  const to = JSON.stringify(otherOf(conversation, from));
  return `{"type":"whisper","from":${sender},"to":${to},${place},${said}}`;
}

/** What a request has beside its text, as an entry keeps it. */
export function besideText(
  { sealed, file }: { readonly sealed?: string | undefined; readonly file?: Offer | undefined },
): { also?: string } {
  if (sealed !== undefined) return { also: `"sealed":"${sealed}"` };
  if (file === undefined) return {};
  const { file: id, name, size, key } = file;
  return { also: `"file":${JSON.stringify({ file: id, name, size, key })}` };
}

/** Bytes that a text, and what is beside it, take in a mailbox. */
export function bytesOf({ text, also = "" }: { readonly text: string; readonly also?: string }): number {
  return encoder.encode(text).length + encoder.encode(also).length;
}

/** Who else is in the conversation of a pair. */
export function otherOf(conversation: string, name: string): string {
  const [one, other] = conversation.slice(1).split(" ");
  return one === name ? other! : one!;
}

/** A conversation as the wire names it to `name`: the room, or `@` and the other one. */
export function placeFor(conversation: string, name: string): string {
  return conversation.startsWith("#") ? conversation.slice(1) : `@${otherOf(conversation, name)}`;
}

/** RFC 3339 in UTC with milliseconds. */
function timestamp(at: number): string {
  if (at !== lastAt) {
    lastAt = at;
    lastText = new Date(at).toISOString();
  }
  return lastText;
}
