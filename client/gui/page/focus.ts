import { drawer } from "./store.ts";

/** As a `ref`: what appears takes the keyboard. `autofocus` does that for the first element of a page only. */
export function focused(element: HTMLElement | null): void {
  element?.focus();
}

/** Goes to what a selector finds in a pane, which is brought into view where it has no room of its own. */
export function goInto(pane: "conversations" | "people", selector: string): void {
  const find = () => document.querySelector<HTMLElement>(selector);
  if (find()?.checkVisibility()) return find()?.focus();
  drawer.value = pane;
  requestAnimationFrame(() => find()?.focus()); // it is drawn by then
}

/** Goes back to the message that is being written, where there is one. */
export function backToComposer(): void {
  document.getElementById("composer")?.focus();
}
