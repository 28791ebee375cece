import { PRIVACY } from "../../privacy.ts";
import type { Conversation } from "../chat_state.ts";
import { backToComposer, goInto } from "./focus.ts";
import { titleOf } from "./names.tsx";
import { perform } from "./perform.ts";
import { chat, drawer, openSettings, search } from "./store.ts";

/** Where one is, and the ways to everything else. */
export function Header(
  { conversation: { to, users, member, privacy } }: { readonly conversation: Conversation },
) {
  const room = to.startsWith("#");
  return (
    <header class="header">
      <Opener pane="conversations" name="Conversations">☰</Opener>
      <div class="where">
        <h1>
          <bdi>{titleOf(to)}</bdi>
        </h1>
        <p>
          <span class="privacy" data-privacy={privacy}>{PRIVACY[privacy]}</span>
          {", "}
          {room ? (member ? `${users.length} here` : "you are not in this room") : "whispers between you two"}
          {", you are "}
          <bdi>{chat.value.name}</bdi>
        </p>
      </div>
      {privacy === "plain" ? null : (
        <button
          type="button"
          class="icon"
          onClick={() => perform({ name: "verify", user: to.slice(1), step: "show" }, to)}
        >
          Verify
        </button>
      )}
      <button type="button" class="icon" onClick={() => search.value = search.value === null ? "" : null}>
        Search
      </button>
      {room ? <Opener pane="people" name="People">☺</Opener> : null}
      <button type="button" class="icon" onClick={openSettings}>Settings</button>
    </header>
  );
}

interface OpenerOf {
  readonly pane: "conversations" | "people";
  readonly name: string;
  readonly children: string;
}

/** Opens and closes a pane where there is no room for it beside the messages. */
function Opener({ pane, name, children }: OpenerOf) {
  const open = drawer.value === pane;
  const toggle = () => {
    if (!open) return goInto(pane, pane === "people" ? ".people button" : ".sidebar button");
    drawer.value = null;
    backToComposer();
  };
  return (
    <button type="button" class="narrow" aria-label={name} aria-expanded={open} onClick={toggle}>
      {children}
    </button>
  );
}
