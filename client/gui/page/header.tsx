import type { Conversation } from "../chat_state.ts";
import { titleOf } from "./names.tsx";
import { chat, drawer, openSettings, search } from "./store.ts";

/** Where one is, and the ways to everything else. */
export function Header({ conversation: { to, users, member } }: { readonly conversation: Conversation }) {
  const room = to.startsWith("#");
  return (
    <header class="header">
      <button type="button" class="narrow" aria-label="Conversations" onClick={() => toggle("conversations")}>
        ☰
      </button>
      <div class="where">
        <h1>
          <bdi>{titleOf(to)}</bdi>
        </h1>
        <p>
          {room ? (member ? `${users.length} here` : "you are not in this room") : "whispers between you two"}
          {", you are "}
          <bdi>{chat.value.name}</bdi>
        </p>
      </div>
      <button type="button" class="icon" onClick={() => search.value = search.value === null ? "" : null}>
        Search
      </button>
      {room
        ? <button type="button" class="narrow" aria-label="People" onClick={() => toggle("people")}>☺</button>
        : null}
      <button type="button" class="icon" onClick={openSettings}>Settings</button>
    </header>
  );
}

function toggle(which: "conversations" | "people"): void {
  drawer.value = drawer.value === which ? null : which;
}
