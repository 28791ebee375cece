import { type Command, COMMON, type Flag } from "../../cli/flag_table.ts";
import type { Command as SlashCommand } from "../../client/commands.ts";

/** The row that README.md must have for a flag. */
export function flagRow(flag: Flag): string {
  const name = flag.kind === "switch" && flag.negatable ? `[no-]${flag.name}` : flag.name;
  const value = flag.kind === "switch" ? "" : ` ${flag.value}`;
  const short = flag.short ? `\`-${flag.short}\`, ` : "";
  const standard = flag.kind !== "switch" && flag.default !== undefined ? ` (default: ${flag.default})` : "";
  return row(`${short}\`--${name}${value}\``, flag.help + standard);
}

/** The rows of everything that a command of the program understands. */
export function flagRows({ flags }: Command): string[] {
  return [...flags, ...COMMON].map(flagRow);
}

/** The row that README.md must have for a slash command. */
export function slashRow({ usage, aliases, summary }: SlashCommand): string {
  return row([`\`${usage}\``, ...aliases.map((alias) => `\`/${alias}\``)].join(", "), summary);
}

/** A text without the blanks that the formatter aligns tables with. */
export function unaligned(text: string): string {
  return text.replaceAll(/ +/g, " ");
}

/** The lines of the code blocks in one language. */
export function codeLines(text: string, language: string): string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, "gms"))]
    .flatMap(([, code = ""]) => code.split("\n"))
    .filter((line) => line !== "");
}

function row(left: string, right: string): string {
  return `| ${left} | ${right} |`;
}
