import type { TargetedEvent } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Conversation, Level } from "../chat_state.ts";
import { AccountSettings } from "./account_settings.tsx";
import { ask } from "./link.ts";
import { titleOf } from "./names.tsx";
import { about, chat, settingsOpen } from "./store.ts";

const LEVELS: readonly (readonly [Level, string])[] = [
  ["all", "Everything"],
  ["mentions", "Mentions"],
  ["none", "Nothing"],
];

/** What can be set: notifications of the conversation on view, and the account. */
export function Settings({ conversation }: { readonly conversation: Conversation | undefined }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const open = settingsOpen.value;
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  return (
    <dialog
      ref={dialog}
      class="settings"
      aria-labelledby="settings"
      onClose={() => settingsOpen.value = false}
    >
      {open ? <Inside conversation={conversation} /> : null}
    </dialog>
  );
}

function Inside({ conversation }: { readonly conversation: Conversation | undefined }) {
  return (
    <>
      <header>
        <h2 id="settings">Settings</h2>
        <button type="button" onClick={() => settingsOpen.value = false}>Close</button>
      </header>
      <section>
        <h3>Notifications</h3>
        {conversation === undefined ? null : <LevelOf conversation={conversation} />}
        <Permission />
      </section>
      <AccountSettings account={chat.value.account} name={chat.value.name} />
      <section>
        <h3>This program</h3>
        <p>
          chat {about.value.version}, on <bdi>{about.value.server}</bdi>
        </p>
        <button type="button" class="danger" onClick={quit}>Quit</button>
      </section>
    </>
  );
}

function quit(): void {
  ask({ kind: "quit" }).catch(() => {}); // it may be gone before it answers
}

function LevelOf({ conversation: { to, level } }: { readonly conversation: Conversation }) {
  const choose = (event: TargetedEvent<HTMLSelectElement>) =>
    void ask({ kind: "level", to, level: event.currentTarget.value as Level }).catch(() => {}); // the field tells
  return (
    <p class="field">
      <label for="level">Notify me of {titleOf(to)}</label>
      <select id="level" value={level} onChange={choose}>
        {LEVELS.map(([value, text]) => <option key={value} value={value}>{text}</option>)}
      </select>
    </p>
  );
}

function Permission() {
  const [permission, setPermission] = useState(Notification.permission);
  if (permission === "granted") return <p>This window may notify you.</p>;
  if (permission === "denied") return <p>The browser does not let this window notify you.</p>;
  const allow = () => void Notification.requestPermission().then(setPermission);
  return <button type="button" onClick={allow}>Allow notifications</button>;
}
