import { type Command, COMMON, type Flag, type Program } from "../flag_table.ts";
import { operandWords, quoted, spellings } from "./spellings.ts";

/** The completion script for bash. */
export function bash(program: Program): string {
  const { name, commands } = program;
  const first = [...commands.map((each) => each.name), "--help", "--version"];
  return `# ${name} completion for bash: source <(${name} completions bash)
_${name}() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD - 1]}"
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W ${quoted(first.join(" "))} -- "$cur"))
    return
  fi
  case "\${COMP_WORDS[1]} $prev" in
${commands.flatMap((each) => each.flags.flatMap((flag) => afterFlag(each, flag))).join("\n")}
  esac
  case "\${COMP_WORDS[1]}" in
${commands.map(words).join("\n")}
  esac
}
complete -F _${name} ${name}
`;
}

/** What may stand after a flag that takes a value. */
function afterFlag(table: Command, flag: Flag): string[] {
  if (flag.kind === "switch") return [];
  const pattern = spellings(flag).map((word) => quoted(`${table.name} ${word}`)).join(" | ");
  return [`    ${pattern}) ${values(flag)}return ;;`];
}

function values(flag: Flag): string {
  if (flag.kind !== "text") return "";
  if (flag.choices) return `COMPREPLY=($(compgen -W ${quoted(flag.choices.join(" "))} -- "$cur")); `;
  switch (flag.complete) {
    case "file":
      return `compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); `;
    case "directory":
      return `compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$cur"); `;
    case undefined:
      return "";
    default:
      return flag.complete satisfies never;
  }
}

function words(table: Command): string {
  const all = [...operandWords(table), ...[...table.flags, ...COMMON].flatMap(spellings)];
  return `    ${quoted(table.name)}) COMPREPLY=($(compgen -W ${quoted(all.join(" "))} -- "$cur")) ;;`;
}
