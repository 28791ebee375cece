import { normalised } from "../../../protocol/normalise.ts";
import { ask } from "./link.ts";
import { complain, select, selected } from "./store.ts";

/** Joins `ops` or `#ops`, or opens the conversation with `@bob`, and shows it. */
export function goTo(where: string): void {
  const person = where.startsWith("@");
  const to = `${person ? "@" : "#"}${normalised(where.replace(/^[#@]/, ""))}`;
  const asked = person ? ask({ kind: "open", to }) : ask({ kind: "join", room: to.slice(1) });
  asked.then(
    () => select(to),
    (error: { readonly message: string }) => complain(selected.value, error.message),
  );
}
