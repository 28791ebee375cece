import type { ClientEvent } from "../client_event.ts";
import type { News } from "./news.ts";

/** An event of the client in a form that JSON can carry. */
export function newsOf(event: ClientEvent): News {
  if (event.kind !== "online") return event;
  return { ...event, account: event.account ?? null, read: [...event.read] };
}
