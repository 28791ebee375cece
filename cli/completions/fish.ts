import { type Command, COMMON, type Flag, type Program } from "../flag_table.ts";
import { operandWords } from "./spellings.ts";

/** The completion script for fish. */
export function fish(program: Program): string {
  const { name, commands } = program;
  const lines = [
    `# ${name} completion for fish: ${name} completions fish | source`,
    `complete -c ${name} -f`,
    ...commands.map((each) =>
      `complete -c ${name} -n __fish_use_subcommand -a ${each.name} -d ${text(each.summary)}`
    ),
    ...COMMON.map((flag) => `complete -c ${name} -n __fish_use_subcommand ${option(flag)}`),
    ...commands.flatMap((each) => ofCommand(name, each)),
  ];
  return lines.join("\n") + "\n";
}

function ofCommand(name: string, table: Command): string[] {
  const when = `complete -c ${name} -n '__fish_seen_subcommand_from ${table.name}'`;
  const words = operandWords(table);
  return [
    ...(words.length > 0 ? [`${when} -a ${text(words.join(" "))}`] : []),
    ...[...table.flags, ...COMMON].map((flag) => `${when} ${option(flag)}`),
    ...table.flags.flatMap((flag) =>
      flag.kind === "switch" && flag.negatable
        ? [`${when} -l no-${flag.name} -d ${text(`not: ${flag.help}`)}`]
        : []
    ),
  ];
}

function option(flag: Flag): string {
  const short = flag.short ? ` -s ${flag.short}` : "";
  return `-l ${flag.name}${short} -d ${text(flag.help)}${value(flag)}`;
}

function value(flag: Flag): string {
  if (flag.kind === "switch") return "";
  if (flag.kind === "number" || flag.complete === undefined) {
    const choices = flag.kind === "text" ? flag.choices : undefined;
    return choices ? ` -x -a ${text(choices.join(" "))}` : " -x";
  }
  return flag.complete === "file" ? " -r -F" : ` -x -a '(__fish_complete_directories)'`;
}

/** A text as one word of fish, where a backslash escapes inside quotes. */
function text(plain: string): string {
  return `'${plain.replace(/[\\']/g, "\\$&")}'`;
}
