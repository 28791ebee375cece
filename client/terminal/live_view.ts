import type { ComposerView } from "./composer.ts";
import { isUnderWay } from "../files/transfer.ts";
import { transferBar } from "../transfer_text.ts";
import { PRIVACY } from "../privacy.ts";
import type { Chat, Talk } from "./front.ts";
import { formatPending, formatTransfer, type Page } from "./line_format.ts";
import type { Live } from "./live_region.ts";

interface Typing {
  readonly composer: ComposerView;
  /** The prompt of a secret, while one is typed. */
  readonly secret: string | undefined;
  /** Ctrl-C was pressed once. */
  readonly warned: boolean;
}

/** What stands below the transcript now. Of a secret nothing does but its prompt. */
export function liveOf(
  chat: Pick<Chat, "pending" | "keys" | "files">,
  talk: Talk,
  page: Page,
  typing: Typing,
): Live {
  const { composer: { line, cursor, hint, searching }, secret, warned } = typing;
  const moving = chat.files?.list.filter(isUnderWay) ?? [];
  const above = [
    ...chat.pending.map(({ to, text }) => formatPending(to, text, page)),
    ...moving.map((each) => formatTransfer(transferBar(each), page)),
  ];
  if (secret !== undefined) {
    return { above, hint: "what you type is not shown", prompt: secret, line: "", cursor: 0 };
  }
  return {
    above,
    hint: warned ? "Ctrl-C again leaves the chat" : hint,
    prompt: searching ?? (talk.asking ? "name> " : `${title(chat, talk.target)}> `),
    line,
    cursor,
  };
}

/** A conversation; with one person, who can read it. In rooms the server always can. */
function title({ keys }: Pick<Chat, "keys">, to: string): string {
  return to.startsWith("@") ? `${to} (${PRIVACY[keys?.privacy(to.slice(1)) ?? "plain"]})` : to;
}
