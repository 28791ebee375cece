import { effect } from "@preact/signals";
import { titleOf } from "./names.tsx";
import { chat, selected } from "./store.ts";
import { unreadOfAll } from "./unread.ts";

/** Keeps what the browser shows of this window: its title, and the icon. */
export function keepTitle(): void {
  effect(() => {
    const { count, mentions } = unreadOfAll(chat.value);
    const where = selected.value === "" ? "" : `${titleOf(selected.value)} – `;
    document.title = `${count > 0 ? `(${count}) ` : ""}${where}chat`;
    const icon = mentions > 0 ? "/icon-mention.svg" : count > 0 ? "/icon-unread.svg" : "/icon.svg";
    const link = document.querySelector<HTMLLinkElement>("link[rel=icon]");
    if (link !== null && link.getAttribute("href") !== icon) link.href = icon;
  });
}
