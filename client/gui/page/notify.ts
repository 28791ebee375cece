import { sanitise, sanitiseName } from "../../sanitise.ts";
import type { Fresh } from "./fresh.ts";
import { inFront } from "./in_front.ts";
import { titleOf } from "./names.tsx";
import { onFresh } from "./on_fresh.ts";
import { select } from "./store.ts";

/** Of a notification, in UTF-16 code units. */
const MAX_BODY = 200;

/** Notifies of what comes while nobody looks, as far as is wanted of each conversation. */
export function notifyOfNews(): void {
  onFresh((fresh) => {
    if (inFront.peek() || Notification.permission !== "granted") return;
    const last = fresh.findLast(wanted);
    if (last !== undefined) notify(last);
  });
}

function wanted({ conversation: { level }, personal }: Fresh): boolean {
  return level === "all" || (level === "mentions" && personal);
}

function notify({ conversation: { to }, entry }: Fresh): void {
  const from = sanitiseName(entry.from);
  const title = to.startsWith("#") ? `${from} in ${titleOf(to)}` : from;
  const body = sanitise(entry.text, { lines: "keep" }).slice(0, MAX_BODY).toWellFormed();
  const notification = new Notification(title, { body, tag: to, icon: "/icon.svg" }); // one a conversation
  notification.onclick = () => {
    globalThis.focus();
    select(to);
    notification.close();
  };
}
