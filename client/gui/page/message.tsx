import type { Entry } from "../../entry.ts";
import { mentionOf } from "../../mention.ts";
import { sanitise, sanitiseName } from "../../sanitise.ts";
import type { Outgoing } from "../chat_state.ts";
import { ask } from "./link.ts";
import { Name } from "./names.tsx";
import type { Fate, Row } from "./rows.ts";
import { chat, complain } from "./store.ts";
import { Text, TextOf } from "./text.tsx";

const CLOCK = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const FULL = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium" });

/** A message that the server has. */
export function Message({ row: { entry, head, fate } }: { readonly row: Row & { readonly kind: "entry" } }) {
  const { from, text } = entry;
  const me = chat.value.name;
  const mention = entry.type === "message" && from !== me && text.search(mentionOf(me)) >= 0;
  const action = text.startsWith("/me ");
  return (
    <div class={`message${head ? " head" : ""}${mention ? " mention" : ""}${from === me ? " own" : ""}`}>
      <Time at={entry.at} />
      <div class="body">
        {action
          ? (
            <span class="action">
              *{" "}
              <span class="from">
                <Name name={from} />
              </span>
              {" "}
            </span>
          )
          : head
          ? (
            <span class="from">
              <Name name={from} />
            </span>
          )
          : <span class="from hidden">{sanitiseName(from)}:</span>}
        {mention
          ? (
            <span class="marker" title="mentions you">
              <span class="hidden">mentions you:</span>@
            </span>
          )
          : null}
        <TextOf entry={entry} />
        {isOpen(entry)
          ? <span class="open" title="This was not encrypted between you">server can read</span>
          : null}
        {fate === null ? null : <Sign fate={fate} entry={entry} />}
      </div>
    </div>
  );
}

/** Whether the server could read what is sealed between accounts. */
function isOpen({ type, seal, unreadable }: Entry): boolean {
  return type === "whisper" && chat.value.account !== null && seal === undefined && unreadable === undefined;
}

/** One of one's own that is on its way, or was refused. */
export function Unsent(
  { to, outgoing: { id, text, refused } }: { readonly to: string; readonly outgoing: Outgoing },
) {
  const again = async () => {
    await ask({ kind: "discard", id });
    await ask({ kind: "say", to, text });
  };
  const failed = ({ message }: { message: string }) => complain(to, message);
  return (
    <div class={`message own head ${refused === undefined ? "pending" : "refused"}`}>
      <span class="time" />
      <div class="body">
        <span class="from">
          <Name name={chat.value.name} />
        </span>
        <Text text={text} />
        {refused === undefined
          ? <span class="sign" role="img" aria-label="Sending">…</span>
          : (
            <p class="problem">
              Not sent: {sanitise(refused.message, { lines: "escape" })}{" "}
              <button type="button" onClick={() => void again().catch(failed)}>Send again</button>{" "}
              <button type="button" onClick={() => void ask({ kind: "discard", id }).catch(failed)}>
                Discard
              </button>
            </p>
          )}
      </div>
    </div>
  );
}

function Time({ at }: { readonly at: string }) {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return <span class="time" />;
  return <time class="time" dateTime={at} title={FULL.format(date)}>{CLOCK.format(date)}</time>;
}

function Sign({ fate, entry }: { readonly fate: Fate; readonly entry: Entry }) {
  const label = fate === "kept"
    ? `Kept for ${entry.type === "whisper" ? sanitiseName(entry.to) : ""}`
    : fate === "delivered"
    ? "Delivered"
    : "Stored";
  const sign = fate === "kept" ? "✓ kept" : fate === "delivered" ? "✓✓" : "✓";
  return <span class="sign" role="img" aria-label={label} title={label}>{sign}</span>;
}
