import type { Conversation } from "../chat_state.ts";
import { goTo } from "./go_to.ts";
import { Name, titleOf } from "./names.tsx";
import { chat } from "./store.ts";

/** Names that are listed at the most. */
const MOST = 500;
const BY_NAME = new Intl.Collator(undefined, { sensitivity: "base", numeric: true });

/** Who is in the room. */
export function People({ conversation: { to, users } }: { readonly conversation: Conversation }) {
  const sorted = users.toSorted(BY_NAME.compare);
  return (
    <aside class="people" aria-label={`People in ${titleOf(to)}`}>
      <h2>{users.length} {users.length === 1 ? "person" : "people"}</h2>
      <ul>
        {sorted.slice(0, MOST).map((name) => (
          <li key={name}>
            {name === chat.value.name
              ? (
                <span class="person">
                  <Name name={name} /> <small>you</small>
                </span>
              )
              : (
                <button type="button" class="person" onClick={() => goTo(`@${name}`)}>
                  <span class="hidden">Whisper to</span>
                  <Name name={name} />
                </button>
              )}
          </li>
        ))}
      </ul>
      {users.length > MOST ? <p class="more">and {users.length - MOST} more</p> : null}
    </aside>
  );
}
