import { sanitise } from "../../sanitise.ts";
import { Message, Unsent } from "./message.tsx";
import { titleOf } from "./names.tsx";
import type { Row } from "./rows.ts";

const DAY = new Intl.DateTimeFormat(undefined, {
  weekday: "long",
  year: "numeric",
  month: "long",
  day: "numeric",
});

/** What stands in a row of the conversation `to`. */
export function RowContent({ to, row }: { readonly to: string; readonly row: Row }) {
  switch (row.kind) {
    case "top":
      return <p class="top">{topOf(row, to)}</p>;
    case "day": {
      const day = DAY.format(row.at);
      return (
        <div class="line day" role="separator" aria-label={day}>
          <span>{day}</span>
        </div>
      );
    }
    case "divider":
      return (
        <div class="line news" role="separator" aria-label="New messages">
          <span>New messages</span>
        </div>
      );
    case "gap": {
      const { from, until, why } = row.gap;
      const which = from === until ? `message ${from}` : `messages ${from} to ${until}`;
      const fate = why === "expired"
        ? "expired: no longer kept"
        : `can no longer be had (${sanitise(why, { lines: "escape" })})`;
      return <p class="local">{which} {fate}</p>;
    }
    case "entry":
      return <Message row={row} />;
    case "outgoing":
      return <Unsent to={to} outgoing={row.outgoing} />;
    case "local":
      return (
        <p
          class={row.line.kind === "complain" ? "local problem" : "local"}
          role={row.line.kind === "complain" ? "alert" : undefined}
        >
          {sanitise(row.line.text, { lines: "keep" })}
        </p>
      );
    default:
      return row satisfies never;
  }
}

function topOf({ expired }: Row & { readonly kind: "top" }, to: string): string {
  return expired ? "Earlier messages have expired" : `Beginning of ${titleOf(to)}`;
}
