import type { Command } from "./command.ts";
import { COMMANDS } from "./command_table.ts";

export type { Argument, ArgumentKind, Call, Command } from "./command.ts";
export { COMMANDS } from "./command_table.ts";

/** Finds a command by name or alias, and on request by a prefix; several rows mean that a prefix is not unique. */
export function findCommand(word: string, { prefixes = false } = {}): readonly Command[] {
  const typed = word.toLowerCase();
  const exact = COMMANDS.filter(({ name, aliases }) => name === typed || aliases.includes(typed));
  if (exact.length > 0 || !prefixes || typed === "") return exact;
  return COMMANDS.filter(({ name, aliases }) => [name, ...aliases].some((each) => each.startsWith(typed)));
}
