import type { Command, Flag } from "../flag_table.ts";

/** How a flag may be written: `--port`, `-p`, `--no-color`. */
export function spellings(flag: Flag): string[] {
  const negated = flag.kind === "switch" && flag.negatable ? [`--no-${flag.name}`] : [];
  return [`--${flag.name}`, ...negated, ...(flag.short ? [`-${flag.short}`] : [])];
}

/** The words a command's operands may be, where they are known. */
export function operandWords(table: Command): string[] {
  return (table.operands ?? []).flatMap((operand) => operand.choices ?? []);
}

/** A text as one word of a POSIX shell. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
