import { COMMANDS, findCommand } from "./commands.ts";

/** What `/help` says, line by line: of all commands, or of the one named; a `problem` where there is no such command. */
export function helpText(
  word: string | undefined,
): { readonly lines: readonly string[] } | { readonly problem: string } {
  if (word === undefined) {
    const wide = Math.max(...COMMANDS.map(({ usage }) => usage.length));
    return { lines: COMMANDS.map(({ usage, summary }) => `${usage.padEnd(wide)}  ${summary}`) };
  }
  const [command, other] = findCommand(word, { prefixes: true });
  if (command === undefined || other !== undefined) {
    return { problem: `There is no command /${word}: /help lists them` };
  }
  const { usage, summary, aliases, example } = command;
  const also = aliases.length > 0 ? [`also ${aliases.map((each) => `/${each}`).join(", ")}`] : [];
  return { lines: [`${usage}  ${summary}`, ...also, `for example: ${example}`] };
}
