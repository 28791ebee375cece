import { parseArgs } from "@std/cli/parse-args";
import type { Command, Flag, Flags, NumberFlag, TextFlag } from "./flag_table.ts";
import { nearest } from "./nearest.ts";
import { UsageError } from "./usage_error.ts";

/** A command line, understood. With `help` or `version` nothing else was checked. */
export interface Parsed<C extends Command> {
  readonly help: boolean;
  readonly version: boolean;
  readonly flags: Flags<C>;
  readonly operands: readonly string[];
}

/** Checks a command line against a table; throws a {@linkcode UsageError} that says what to do. */
export function parseFlags<const C extends Command>(table: C, args: readonly string[]): Parsed<C> {
  const wrong: string[] = [];
  const switches = table.flags.filter((flag) => flag.kind === "switch");
  const raw: Record<string, unknown> & { _: (string | number)[] } = parseArgs(args, {
    boolean: ["help", "version", ...switches.map((flag) => flag.name)],
    string: ["_", ...table.flags.filter((flag) => flag.kind !== "switch").map((flag) => flag.name)],
    negatable: switches.filter((flag) => flag.negatable).map((flag) => flag.name),
    alias: {
      help: "h",
      ...Object.fromEntries(table.flags.flatMap(({ name, short }) => short ? [[name, short]] : [])),
    },
    unknown(arg, key) {
      if (key !== undefined) wrong.push(arg);
      return key === undefined;
    },
  });
  if (raw["help"] || raw["version"]) {
    const flags = Object.fromEntries(table.flags.map((flag) => [flag.name, unset(flag)]));
    return {
      help: raw["help"] === true,
      version: raw["version"] === true,
      flags: flags as Flags<C>,
      operands: [],
    };
  }
  if (wrong[0] !== undefined) throw unknownFlag(table, wrong[0]);
  checkSwitches(table, args);
  const flags = Object.fromEntries(table.flags.map((flag) => [flag.name, value(flag, raw, args)]));
  const operands = raw._.map(String);
  checkOperands(table, operands);
  return { help: false, version: false, flags: flags as Flags<C>, operands };
}

function unset(flag: Flag): unknown {
  return flag.kind === "switch" ? undefined : flag.default;
}

function value(flag: Flag, raw: Record<string, unknown>, args: readonly string[]): unknown {
  const given = raw[flag.name];
  switch (flag.kind) {
    case "switch": {
      const named = [`--${flag.name}`, `--no-${flag.name}`, ...(flag.short ? [`-${flag.short}`] : [])];
      const said = given === true || args.some((arg) => named.includes(arg.split("=")[0]!));
      return said ? given : undefined;
    }
    case "text":
      return given === undefined ? flag.default : text(flag, String(given));
    case "number":
      return given === undefined ? flag.default : number(flag, String(given));
    default:
      return flag satisfies never;
  }
}

function text(flag: TextFlag, given: string): string {
  if (given === "") throw missing(flag);
  if (flag.choices && !flag.choices.includes(given)) {
    throw notOneOf(`--${flag.name}`, given, flag.choices);
  }
  return given;
}

function number(flag: NumberFlag, given: string): number {
  if (given === "") throw missing(flag);
  const { name, min = -Infinity, max = Infinity, fraction } = flag;
  const is = /^[+-]?(\d+\.?\d*|\.\d+)$/.test(given) ? Number(given) : NaN;
  const kind = fraction ? "a number" : "a whole number";
  if (Number.isNaN(is) || (!fraction && !Number.isSafeInteger(is))) {
    throw new UsageError(
      `--${name} takes ${kind}, not ${JSON.stringify(given)}`,
      `For example: ${example(flag)}`,
    );
  }
  if (is < min || is > max) {
    const range = max === Infinity
      ? `at least ${min}`
      : min === -Infinity
      ? `at most ${max}`
      : `${min} to ${max}`;
    throw new UsageError(`--${name} is ${kind}, ${range}, not ${given}`);
  }
  return is;
}

function missing(flag: TextFlag | NumberFlag): UsageError {
  return new UsageError(`--${flag.name} needs a value`, `For example: ${example(flag)}`);
}

function example(flag: TextFlag | NumberFlag): string {
  const value = flag.kind === "text" ? flag.default ?? flag.choices?.[0] : flag.default ?? flag.min;
  return `--${flag.name} ${value ?? flag.value}`;
}

function unknownFlag(table: Command, arg: string): UsageError {
  const given = arg.split("=")[0]!;
  const known = table.flags.flatMap((flag) => {
    const negated = flag.kind === "switch" && flag.negatable ? [`--no-${flag.name}`] : [];
    return [`--${flag.name}`, ...negated];
  });
  const meant = nearest(given, [...known, "--help", "--version"]);
  return new UsageError(`there is no flag ${given}`, meant && `Did you mean ${meant}?`);
}

/** A switch says yes by being there: `--json=yes` is a mistake, not a yes. */
function checkSwitches(table: Command, args: readonly string[]): void {
  for (const arg of args) {
    if (arg === "--") return;
    const [name, given] = arg.split(/=(.*)/s);
    if (given === undefined || given === "true" || given === "false") continue;
    if (table.flags.some((flag) => flag.kind === "switch" && name === `--${flag.name}`)) {
      throw new UsageError(`${name} takes no value`, `Write just ${name}`);
    }
  }
}

function checkOperands(table: Command, given: readonly string[]): void {
  const operands = table.operands ?? [];
  if (given.length > operands.length) {
    throw new UsageError(`${JSON.stringify(given[operands.length])} is one argument too many`);
  }
  for (const [at, operand] of operands.entries()) {
    const word = given[at];
    if (word === undefined && !operand.optional) {
      throw new UsageError(`${operand.name} is missing: ${operand.help}`);
    }
    if (word !== undefined && operand.choices && !operand.choices.includes(word)) {
      throw notOneOf(operand.name, word, operand.choices);
    }
  }
}

function notOneOf(what: string, given: string, choices: readonly string[]): UsageError {
  const meant = nearest(given, choices);
  const hint = meant && `Did you mean ${meant}?`;
  return new UsageError(`${what} is one of ${choices.join(", ")}, not ${JSON.stringify(given)}`, hint);
}
