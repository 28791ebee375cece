import { type Command, COMMON, type Flag, type Operand, type Program } from "./flag_table.ts";

const WIDTH = 80;
const COLUMN = 26;

/** The text of `chat COMMAND --help`. */
export function usage(program: Pick<Program, "name">, table: Command): string {
  const { operands = [], notes = [], examples = [] } = table;
  const called = `${program.name} ${table.name}`;
  const words = operands.map(({ name, optional }) => optional ? `[${name}]` : name);
  const parts = [
    `${called}: ${table.summary}`,
    `Usage: ${[called, ...words, "[FLAGS]"].join(" ")}`,
    operands.map((operand) => entry(operand.name, withChoices(operand))).join("\n"),
    ...groups(table).map(([group, flags]) => `${group}:\n${flags.map(line).join("\n")}`),
    ...notes.map((note) => wrap(note, 0)),
    examples.length > 0 ? `Examples:\n${examples.map(example).join("\n")}` : "",
  ];
  return parts.filter((part) => part !== "").join("\n\n") + "\n";
}

/** The text of `chat --help`. */
export function programUsage(program: Program): string {
  const commands = program.commands.map(({ name, summary }) => entry(name, summary)).join("\n");
  return [
    `${program.name}: ${program.summary}`,
    `Usage: ${program.name} COMMAND [FLAGS]`,
    `Commands:\n${commands}`,
    `Flags:\n${COMMON.map(line).join("\n")}`,
    `More on each: ${program.name} COMMAND --help`,
  ].join("\n\n") + "\n";
}

/** The flags under their headings, in the order of the table; the common ones close the first group. */
function groups(table: Command): [string, Flag[]][] {
  const found = new Map<string, Flag[]>([["Flags", []]]);
  for (const flag of table.flags) {
    const group = flag.group ?? "Flags";
    const flags = found.get(group) ?? [];
    found.set(group, [...flags, flag]);
  }
  found.get("Flags")?.push(...COMMON);
  return [...found];
}

function line(flag: Flag): string {
  const short = flag.short ? `-${flag.short}, ` : "";
  switch (flag.kind) {
    case "switch":
      return entry(`${short}--${flag.negatable ? "[no-]" : ""}${flag.name}`, flag.help);
    case "text":
    case "number": {
      const standard = flag.default === undefined ? "" : ` (default: ${flag.default})`;
      return entry(`${short}--${flag.name} ${flag.value}`, withChoices(flag) + standard);
    }
    default:
      return flag satisfies never;
  }
}

function withChoices(given: Operand | Flag): string {
  const choices = "choices" in given && given.choices ? `: ${given.choices.join(", ")}` : "";
  return given.help + choices;
}

function example([command, what]: readonly [string, string]): string {
  return `  ${command}\n${wrap(what, 6)}`;
}

function entry(left: string, right: string): string {
  const head = `  ${left}`;
  const text = wrap(right, COLUMN);
  return head.length + 2 > COLUMN ? `${head}\n${text}` : head + text.slice(head.length);
}

/** Breaks a text into lines of {@linkcode WIDTH}, each indented. */
function wrap(text: string, indent: number): string {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && indent + last.length + 1 + word.length <= WIDTH) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else lines.push(word);
  }
  return lines.map((each) => " ".repeat(indent) + each).join("\n");
}
