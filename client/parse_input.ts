import { nearest } from "../cli/nearest.ts";
import {
  type Argument,
  type ArgumentKind,
  type Call,
  type Command,
  COMMANDS,
  findCommand,
} from "./commands.ts";

/** What a typed line means. A `problem` is for the person who typed it, and is never sent. */
export type Input =
  | { readonly kind: "say"; readonly text: string }
  | { readonly kind: "command"; readonly call: Call }
  /** `secret`: the line may hold one, and is better forgotten. */
  | { readonly kind: "problem"; readonly message: string; readonly secret?: true };

/** The server shows it in groups. Whatever else stands in its place may be a password, and must not be sent. */
const OWNER_CODE = /^[0-9a-hjkmnp-tv-z]{20}$/i;

/**
 * Reads a line: a message, a command, or neither. `//text` is the message `/text`. `interactive` allows what only a
 * person can be trusted with: commands shortened to a unique prefix.
 *
 * `/me waves` has no frame of its own: it travels as the ordinary text `/me waves` and whoever shows a text that starts
 * with `/me ` shows `* alice waves`. So `//me waves` is the same as `/me waves`.
 */
export function parseInput(line: string, { interactive }: { readonly interactive: boolean }): Input {
  const text = line.trimEnd();
  if (text.trimStart() === "") return problem("There is nothing to send");
  if (!text.startsWith("/")) return { kind: "say", text };
  if (text.startsWith("//")) return { kind: "say", text: text.slice(1) };
  const word = /^\/(\S*)/.exec(text)![1]!;
  const rest = text.slice(word.length + 1).replace(/^\s/, "");
  const found = findCommand(word, { prefixes: interactive });
  const [command] = found;
  if (command === undefined) return problem(unknown(word));
  if (found.length > 1) {
    return problem(`/${word} could be ${found.map(({ name }) => `/${name}`).join(" or ")}: type more of it`);
  }
  const input = readArguments(command, rest);
  if (input.kind !== "problem" || !command.secret || rest.trim() === "") return input;
  return {
    ...input,
    message: `Passwords are asked for, and never typed here: ${command.usage}`,
    secret: true,
  };
}

/** The command whose name is nearest to `word`, when one is near at all. */
export function nearestCommand(word: string): string | undefined {
  const near = nearest(word.slice(0, 32), COMMANDS.flatMap(({ name, aliases }) => [name, ...aliases]));
  return near === undefined ? undefined : findCommand(near)[0]?.name;
}

function readArguments(command: Command, rest: string): Input {
  const args: string[] = [];
  for (const argument of command.args) {
    const { kind, optional, choices } = argument;
    if (kind === "flag") {
      const [flag] = choices!;
      const given = rest.trimStart().split(/\s/, 1)[0] === flag;
      if (given) rest = rest.trimStart().slice(flag!.length).replace(/^\s/, "");
      args.push(given ? flag! : "");
      continue;
    }
    const whole = kind === "text" || kind === "path";
    const value = whole ? rest : /^\s*(\S*)/.exec(rest)![1]!;
    rest = whole ? "" : rest.trimStart().slice(value.length).replace(/^\s/, "");
    if (value.trim() === "") {
      if (optional) break;
      return problem(`/${command.name} needs more: ${command.usage}`);
    }
    const wrong = judge(argument, value);
    if (wrong !== undefined) return problem(`${wrong}: ${command.usage}`);
    args.push(plain(kind, value));
  }
  if (rest.trim() !== "") return problem(`/${command.name} takes nothing after that: ${command.usage}`);
  return { kind: "command", call: command.call(args) };
}

function judge(
  { kind, most = Number.MAX_SAFE_INTEGER, choices = [] }: Argument,
  value: string,
): string | undefined {
  if (kind === "word" && !choices.includes(value.toLowerCase())) {
    return `Expected ${choices.join(" or ")}, not ${value}`;
  }
  if (kind === "code" && !OWNER_CODE.test(value.replaceAll("-", ""))) {
    return "Expected the code that the server showed";
  }
  if (kind !== "number") return undefined;
  const count = Number(value);
  if (Number.isInteger(count) && count >= 1 && count <= most) return undefined;
  return `Expected a number from 1 ${most === Number.MAX_SAFE_INTEGER ? "on" : `to ${most}`}, not ${value}`;
}

/** Without the sigil that people write before names: `@bob`, `#garden`, `/whisper`. */
function plain(kind: ArgumentKind, value: string): string {
  switch (kind) {
    case "user":
      return value.replace(/^@(?=.)/, "");
    case "room":
      return value.replace(/^#(?=.)/, "");
    case "command":
      return value.replace(/^\/(?=.)/, "");
    case "place":
      return value.replace(/^@(?=.)/, "");
    case "path":
      return value.trim();
    case "text":
    case "number":
    case "word":
    case "code":
    case "flag":
      return value;
    default:
      return kind satisfies never;
  }
}

function unknown(word: string): string {
  const near = nearestCommand(word);
  const hint = near === undefined ? "/help lists the commands" : `did you mean /${near}?`;
  return `There is no command /${word}: ${hint} (to send it as text, begin with //)`;
}

function problem(message: string): Input {
  return { kind: "problem", message };
}
