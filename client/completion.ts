import { COMMANDS, findCommand } from "./commands.ts";

/** What there is to complete with. */
export interface Sources {
  /** Names, the latest speakers first; one's own is not among them. */
  readonly users: readonly string[];
  /** Rooms without `#`. */
  readonly rooms: readonly string[];
}

/** What could stand in `line` from `start` to the cursor, the best first. */
export interface Completions {
  readonly start: number;
  readonly options: readonly string[];
}

/** Completes the word before the cursor: commands, names or rooms, whichever belongs there. */
export function complete(line: string, cursor: number, sources: Sources): Completions {
  const head = line.slice(0, cursor);
  const word = /\S*$/.exec(head)![0];
  const start = cursor - word.length;
  if (!head.startsWith("/") || head.startsWith("//")) return inText(word, start, sources);
  if (start === 0) return { start, options: commands(word.slice(1)).map((name) => `/${name} `) };
  const before = head.slice(0, start).trim().split(/\s+/);
  const [command] = findCommand(before[0]!.slice(1), { prefixes: true });
  const flags = command?.args.flatMap(({ kind, choices = [] }) => kind === "flag" ? choices : []) ?? [];
  const words = before.filter((each) => !flags.includes(each));
  const args = command?.args.filter(({ kind }) => kind !== "flag") ?? [];
  if (word.startsWith("--") && words.length === 1) {
    return { start, options: flags.filter((flag) => flag.startsWith(word)).map((flag) => `${flag} `) };
  }
  const argument = args[words.length - 1];
  const kind = argument?.kind ?? (args.at(-1)?.kind === "text" ? "text" : undefined);
  switch (kind) {
    case "user":
      return { start, options: users(word, sources).map((name) => `${name} `) };
    case "place":
      return {
        start,
        options: word.startsWith("#")
          ? rooms(word, sources).map((name) => `#${name} `)
          : users(word, sources).map((name) => `${name} `),
      };
    case "room":
      return { start, options: rooms(word, sources).map((name) => `#${name} `) };
    case "command":
      return { start, options: commands(word).map((name) => `${name} `) };
    case "text":
      return inText(word, start, sources);
    case "word":
      return {
        start,
        options: (argument?.choices ?? []).filter((each) => begins(each, word)).map((each) => `${each} `),
      };
    case "path":
    case "number":
    case "code":
    case "flag":
    case undefined:
      return { start, options: [] };
    default:
      return kind satisfies never;
  }
}

function inText(word: string, start: number, sources: Sources): Completions {
  if (word.startsWith("#")) return { start, options: rooms(word, sources).map((name) => `#${name} `) };
  const at = word.startsWith("@") ? "@" : "";
  return { start, options: users(word, sources).map((name) => `${at}${name}${start === 0 ? ": " : " "}`) };
}

function commands(word: string): string[] {
  const names = COMMANDS.map(({ name }) => name).filter((name) => begins(name, word));
  const aliases = word === ""
    ? []
    : COMMANDS.flatMap(({ aliases }) => aliases).filter((alias) => begins(alias, word));
  return [...names, ...aliases];
}

function users(word: string, { users }: Sources): string[] {
  return users.filter((name) => begins(name, word.replace(/^@/, "")));
}

function rooms(word: string, { rooms }: Sources): string[] {
  return rooms.filter((name) => begins(name, word.replace(/^#/, "")));
}

/** In any case, and blind to the characters that people put around their names. */
function begins(name: string, word: string): boolean {
  return bare(name).startsWith(bare(word)) || name.toLowerCase().startsWith(word.toLowerCase());
}

function bare(text: string): string {
  return text.toLowerCase().replace(/[[\]`_^-]/g, "");
}
