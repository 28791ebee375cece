import { useEffect, useState } from "preact/hooks";
import { sanitise, sanitiseName } from "../../sanitise.ts";
import { titleOf } from "./names.tsx";
import { onFresh } from "./on_fresh.ts";
import { selected } from "./store.ts";

/** More than so many at once are counted instead of read out. */
const READ_OUT = 3;

/** Reads out, to those who hear the page instead of seeing it, what is said here, and what concerns them elsewhere. */
export function Announcements() {
  const [said, setSaid] = useState("");
  useEffect(() =>
    onFresh((fresh) => {
      const here = selected.peek();
      const told = fresh.filter(({ conversation, personal }) => conversation.to === here || personal);
      if (told.length > READ_OUT) return setSaid(`${told.length} new messages`);
      const lines = told.map(({ conversation: { to }, entry }) => {
        const where = to === here ? "" : to.startsWith("#") ? ` in ${titleOf(to)}` : " whispers";
        return `${sanitiseName(entry.from)}${where}: ${sanitise(entry.text, { lines: "keep" })}`;
      });
      if (lines.length > 0) setSaid(lines.join("\n"));
    }), []);
  return <div role="status" class="hidden">{said}</div>;
}
