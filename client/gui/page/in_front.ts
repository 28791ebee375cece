import { signal } from "@preact/signals";

/** Whether somebody looks at this window, as far as a window can know. */
export const inFront = signal(look());

for (const each of ["focus", "blur", "visibilitychange", "pageshow"]) {
  addEventListener(each, () => inFront.value = look(), true);
}

function look(): boolean {
  return document.visibilityState === "visible" && document.hasFocus();
}
