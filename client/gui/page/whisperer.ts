import type { ChatState } from "../chat_state.ts";

/** Who whispered to one last, for `/reply`. */
export function lastWhisperer({ conversations, name }: ChatState): string | undefined {
  let last: { readonly peer: string; readonly at: number } | undefined;
  for (const { to, entries } of Object.values(conversations)) {
    if (!to.startsWith("@")) continue;
    const entry = entries.findLast(({ from }) => from !== name);
    const at = entry === undefined ? NaN : Date.parse(entry.at);
    if (entry !== undefined && !(at <= (last?.at ?? -Infinity))) last = { peer: to.slice(1), at };
  }
  return last?.peer;
}
