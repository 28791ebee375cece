import type { Outcome } from "./receiver.ts";

/** What is told in place of a text. */
export const UNREADABLE: Readonly<Record<Extract<Outcome, { unreadable: string }>["unreadable"], string>> = {
  version: "it was encrypted by a newer program",
  malformed: "it is damaged",
  no_session: "it was not meant for this device",
  decrypt: "it was changed on its way, or came twice",
  replay: "it was said before, and is shown there",
  forged: "it is not from who it says",
};
