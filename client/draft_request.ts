import type { Request } from "../protocol/schema.ts";
import { checked } from "./checked.ts";
import type { Draft } from "./client_event.ts";
import { onWire } from "./conversation.ts";
import { Refused } from "./refused.ts";

/** What a whisper is sealed into, and for the keys of which statements. */
export interface Sealed {
  readonly sealed: string;
  readonly keys: readonly [theirs: number, own: number];
}

/** A draft as it is sent; an error that is about it carries its id back. */
export function asRequest({ id, to, text, file: offer }: Draft, seal?: Sealed): Request {
  const file = offer && { file: offer };
  if (!to.startsWith("@")) {
    return { type: "message", room: onWire(to), id, text, ...file, ref: id };
  }
  const whisper = { type: "whisper", to: to.slice(1), id, ref: id } as const;
  if (seal === undefined) return { ...whisper, text, ...file };
  const { sealed, keys: [theirs, own] } = seal;
  return { ...whisper, sealed, keys: [theirs, own] };
}

/** What the server would answer to it, where that is known without asking; `full`: too much waits to be sent already. */
export function refusalOf(
  draft: Draft,
  { over, full }: { readonly over: boolean; readonly full: boolean },
): Refused | undefined {
  if (over) return new Refused("ended", "The connection is closed");
  if (full) return new Refused("outbox_full", "Too many messages wait to be sent already");
  try {
    checked(asRequest(draft));
    return undefined;
  } catch (error) {
    if (error instanceof Refused) return error;
    throw error;
  }
}
