import { useState } from "preact/hooks";
import { sanitise } from "../../sanitise.ts";
import { chat, link } from "./store.ts";

/** How the connection is, and what the server has to say that belongs to no conversation. */
export function Banner() {
  const [seen, setSeen] = useState(0);
  const { notices } = chat.value;
  const fresh = notices.filter(({ id }) => id > seen);
  const state = connection();
  return (
    <>
      <div role="status" class={state === "" ? "banner none" : "banner"}>{state}</div>
      <div aria-live="polite">
        {fresh.length === 0 ? null : (
          <div class="notices">
            <ul>{fresh.map(({ id, text }) => <li key={id}>{sanitise(text, { lines: "escape" })}</li>)}</ul>
            <button type="button" onClick={() => setSeen(fresh.at(-1)!.id)}>Dismiss</button>
          </div>
        )}
      </div>
    </>
  );
}

function connection(): string {
  if (link.value === "lost") return "The program behind this window is gone; looking for it…";
  const { phase, trouble } = chat.value;
  if (phase === "connecting" || link.value === "opening") return "Connecting…";
  if (phase === "offline") {
    return `The link is lost: ${sanitise(trouble ?? "", { lines: "escape" })}; trying again`;
  }
  return "";
}
