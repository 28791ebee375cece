import { UsageError } from "../../cli/usage_error.ts";
import { readName, readRoom } from "../../protocol/names.ts";
import { SERVE, type ServeFlags } from "../options.ts";

/** What is done with an account. */
export type Deed = "show" | "reset-password" | "disable" | "enable";

/** What `chat serve` does instead of serving. */
export type Work =
  | { readonly kind: "backup"; readonly file: string }
  | { readonly kind: "restore"; readonly file: string }
  | { readonly kind: "export"; readonly room: string }
  | { readonly kind: "user"; readonly name: string; readonly deed: Deed };

const KINDS = ["backup", "restore", "export", "user"] as const;
const DEEDS = ["reset-password", "disable", "enable"] as const;

/** The work that the flags ask for; `undefined`: to serve. Throws where they do not go together. */
export function readWork(flags: ServeFlags): Work | undefined {
  const [kind, another] = KINDS.filter((each) => flags[each] !== undefined);
  const [deed, second] = DEEDS.filter((each) => flags[each] === true);
  if (another) throw apart(kind!, another);
  if (second) throw apart(deed!, second);
  if (deed && kind !== "user") {
    throw new UsageError(`--${deed} needs --user`, `For example: --user alice --${deed}`);
  }
  if (kind === undefined) {
    if (flags.ephemeral && flags.data !== undefined) throw apart("ephemeral", "data");
    return undefined;
  }
  for (const flag of SERVE.flags) {
    const { name } = flag;
    if (name === kind || name === "data" || DEEDS.some((each) => each === name)) continue;
    const standard = "default" in flag ? flag.default : undefined;
    if (flags[name] !== undefined && flags[name] !== standard) throw apart(kind, name);
  }
  switch (kind) {
    case "backup":
    case "restore":
      return { kind, file: flags[kind]! };
    case "export":
      return { kind, room: roomOf(flags.export!) };
    case "user":
      return { kind, name: nameOf(flags.user!), deed: deed ?? "show" };
    default:
      return kind satisfies never;
  }
}

function apart(one: string, other: string): UsageError {
  return new UsageError(`--${one} and --${other} do not go together`);
}

function roomOf(given: string): string {
  if (given.startsWith("@")) {
    throw new UsageError(
      `--export prints rooms only: whispers are private, not ${JSON.stringify(given)}`,
      "For example: --export '#lobby'",
    );
  }
  const { name, problem } = readRoom(given.replace(/^#/, ""));
  if (problem) {
    throw new UsageError(
      `--export: ${JSON.stringify(given)} is no room. ${problem.message}`,
      "For example: --export '#lobby'",
    );
  }
  return name;
}

function nameOf(given: string): string {
  const { name, problem } = readName(given.replace(/^@/, ""));
  if (problem?.code !== "name_invalid") return name;
  throw new UsageError(`--user: ${JSON.stringify(given)} is no name. ${problem.message}`);
}
