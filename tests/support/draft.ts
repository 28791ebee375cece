import type { Draft } from "../../server/store/store.ts";

/** A draft of the lobby, unless `more` says otherwise. */
export function draft(id: string, more: Partial<Draft> = {}): Draft {
  return {
    conversation: "#lobby",
    from: "ann",
    sender: "ann",
    id,
    text: `text of ${id}`,
    at: 1_000,
    ...more,
  };
}
