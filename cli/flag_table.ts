/** What a flag takes: nothing, a text, or a number. */
interface FlagBase {
  /** Without the dashes: `"max-frame"`. */
  readonly name: string;
  /** One letter for `-p`. */
  readonly short?: string;
  /** One sentence, lower case, without a full stop. */
  readonly help: string;
  /** The heading it stands under in `--help`; `Flags` unless given. */
  readonly group?: string;
}

/** `--json`; `negatable` allows `--no-json` as well. */
export interface SwitchFlag extends FlagBase {
  readonly kind: "switch";
  readonly negatable?: boolean;
}

/** `--name alice`. */
export interface TextFlag extends FlagBase {
  readonly kind: "text";
  /** What stands for the value in `--help`: `"NAME"`. */
  readonly value: string;
  readonly default?: string;
  readonly choices?: readonly string[];
  /** What a shell completes the value with. */
  readonly complete?: "file" | "directory";
}

/** `--port 5555`: whole numbers unless `fraction`. */
export interface NumberFlag extends FlagBase {
  readonly kind: "number";
  readonly value: string;
  readonly default?: number;
  readonly min?: number;
  readonly max?: number;
  readonly fraction?: boolean;
}

export type Flag = SwitchFlag | TextFlag | NumberFlag;

/** An argument without dashes. */
export interface Operand {
  /** As in `--help`: `"HOST[:PORT]"`. */
  readonly name: string;
  readonly help: string;
  readonly optional?: boolean;
  readonly choices?: readonly string[];
}

/**
 * All that one subcommand understands: `--help`, checking, suggestions and shell completion are drawn from here.
 * `--help` (`-h`) and `--version` are understood everywhere and need no mention.
 */
export interface Command {
  readonly name: string;
  /** One line, lower case, without a full stop. */
  readonly summary: string;
  readonly operands?: readonly Operand[];
  readonly flags: readonly Flag[];
  /** Paragraphs under the flags: what else one should know. */
  readonly notes?: readonly string[];
  /** Command lines, each with a word on what it does. */
  readonly examples?: readonly (readonly [line: string, what: string])[];
}

/** The whole program: the subcommands. */
export interface Program {
  readonly name: string;
  readonly summary: string;
  readonly commands: readonly Command[];
}

/** What every command understands without mention. */
export const COMMON: readonly Flag[] = [
  { kind: "switch", name: "help", short: "h", help: "print this help" },
  { kind: "switch", name: "version", help: "print the version" },
];

/** Writes down a subcommand so that {@linkcode Flags} knows the type of each flag. */
export function command<const C extends Command>(table: C): C {
  return table;
}

type Value<F> = F extends { readonly kind: "number" } ? number
  : F extends { readonly kind: "text"; readonly choices: readonly (infer Choice)[] } ? Choice
  : F extends { readonly kind: "text" } ? string
  : boolean;

type Given<F> = F extends { readonly default: unknown } ? Value<F> : Value<F> | undefined;

/** The values of a subcommand's flags by name; what has no default and was not given is `undefined`. */
export type Flags<C extends Command> = { readonly [F in C["flags"][number] as F["name"]]: Given<F> };
