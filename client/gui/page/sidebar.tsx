import type { TargetedEvent } from "preact";
import type { Conversation } from "../chat_state.ts";
import { goTo } from "./go_to.ts";
import { titleOf } from "./names.tsx";
import { chat, select, selected } from "./store.ts";
import { unreadOf } from "./unread.ts";

/** The conversations, with what is unread in them, and a way to new ones. */
export function Sidebar() {
  const all = Object.values(chat.value.conversations);
  const rooms = all.filter(({ to }) => to.startsWith("#"));
  const people = all.filter(({ to }) => to.startsWith("@"));
  return (
    <nav class="sidebar" aria-label="Conversations">
      <Group title="Rooms" of={rooms} />
      <Group title="Whispers" of={people} />
      <form class="go" onSubmit={go}>
        <label class="hidden" for="go">Join a room or whisper</label>
        <input id="go" name="where" autocomplete="off" placeholder="#room or @name" maxLength={64} />
        <button type="submit">Go</button>
      </form>
    </nav>
  );
}

function Group({ title, of }: { readonly title: string; readonly of: readonly Conversation[] }) {
  if (of.length === 0) return null;
  return (
    <section>
      <h2>{title}</h2>
      <ul>{of.map((each) => <Row key={each.to} conversation={each} />)}</ul>
    </section>
  );
}

function Row({ conversation }: { readonly conversation: Conversation }) {
  const { to, member, draft } = conversation;
  const { count, mentions } = unreadOf(conversation, chat.value.name);
  const room = to.startsWith("#");
  const title = titleOf(to);
  const parts = [title];
  if (count > 0) parts.push(`${count} unread`);
  if (room && mentions > 0) parts.push(`${mentions} ${mentions === 1 ? "mention" : "mentions"}`);
  const current = selected.value === to;
  return (
    <li>
      <button
        type="button"
        class={`row${count > 0 ? " unread" : ""}${member ? "" : " away"}`}
        aria-label={parts.join(", ")}
        aria-current={current ? "true" : undefined}
        onClick={() => select(to)}
      >
        <bdi class="title">{title}</bdi>
        {draft !== "" && !current ? <span class="draft" data-text="✎" /> : null}
        {room && mentions > 0 ? <span class="badge mention" data-text={`@${mentions}`} /> : null}
        {count > 0 ? <span class={room ? "badge" : "badge mention"} data-text={count} /> : null}
      </button>
    </li>
  );
}

function go(event: TargetedEvent<HTMLFormElement, SubmitEvent>): void {
  event.preventDefault();
  const field = event.currentTarget.elements.namedItem("where") as HTMLInputElement;
  const where = field.value.trim();
  if (where === "") return;
  field.value = "";
  goTo(where);
}
