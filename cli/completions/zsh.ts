import { type Command, COMMON, type Flag, type Operand, type Program } from "../flag_table.ts";
import { quoted, spellings } from "./spellings.ts";

/** The completion script for zsh, to be sourced or put on `fpath` as `_chat`. */
export function zsh(program: Program): string {
  const { name, commands } = program;
  const described = commands.map((each) => quoted(`${each.name}:${each.summary.replaceAll(":", "\\:")}`));
  return `#compdef ${name}
# ${name} completion for zsh: source <(${name} completions zsh)
_${name}() {
  local -a commands=(
    ${described.join("\n    ")}
  )
  if ((CURRENT == 2)); then
    _describe command commands
    return
  fi
  shift words
  ((CURRENT--))
  case "$words[1]" in
${commands.map(branch).join("\n")}
  esac
}
if [[ "\${funcstack[1]}" = "_${name}" ]]; then
  _${name} "$@"
else
  compdef _${name} ${name}
fi
`;
}

function branch(table: Command): string {
  const specs = [...[...table.flags, ...COMMON].flatMap(specsOf), ...(table.operands ?? []).map(operand)];
  return `    ${table.name})\n      _arguments ${specs.map(quoted).join(" \\\n        ")} ;;`;
}

function specsOf(flag: Flag): string[] {
  return spellings(flag).map((word) => `${word}[${flag.help.replace(/[[\]\\]/g, "\\$&")}]${value(flag)}`);
}

function value(flag: Flag): string {
  if (flag.kind === "switch") return "";
  return `:${flag.value}:${flag.kind === "text" ? action(flag.choices, flag.complete) : ""}`;
}

function operand({ name, choices }: Operand): string {
  return `:${name.replaceAll(":", "\\:")}:${action(choices)}`;
}

function action(choices: readonly string[] | undefined, files?: "file" | "directory"): string {
  if (choices) return `(${choices.join(" ")})`;
  if (files === undefined) return "";
  return files === "file" ? "_files" : "_files -/";
}
