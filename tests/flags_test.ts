import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { COMPLETIONS } from "../cli/completions.ts";
import { command, type Program } from "../cli/flag_table.ts";
import { nearest } from "../cli/nearest.ts";
import { parseFlags } from "../cli/parse_flags.ts";
import { programUsage, usage } from "../cli/usage.ts";
import { explain, UsageError } from "../cli/usage_error.ts";
import { CONNECT } from "../client/options.ts";
import { SERVE } from "../server/options.ts";

const program: Program = {
  name: "chat",
  summary: "talk in the terminal",
  commands: [SERVE, CONNECT, COMPLETIONS],
};

const table = command({
  name: "try",
  summary: "try things",
  operands: [{ name: "WHAT", help: "what to try" }, {
    name: "HOW",
    help: "one of",
    choices: ["gently", "hard"],
    optional: true,
  }],
  flags: [
    { kind: "switch", name: "json", short: "j", help: "as JSON" },
    { kind: "switch", name: "color", negatable: true, help: "in colour" },
    { kind: "switch", name: "no-limits", help: "without limits" },
    { kind: "text", name: "name", short: "n", value: "NAME", help: "whose" },
    { kind: "text", name: "mood", value: "MOOD", help: "how", choices: ["calm", "wild"], default: "calm" },
    {
      kind: "number",
      name: "port",
      short: "p",
      value: "N",
      help: "where",
      default: 5555,
      min: 0,
      max: 65_535,
    },
    { kind: "number", name: "pause", value: "SECONDS", help: "how long", min: 0, fraction: true },
  ],
});

function problem(...args: string[]): UsageError {
  const error = assertThrows(() => parseFlags(table, args), UsageError);
  assert(error instanceof UsageError);
  return error;
}

Deno.test("flags come out with the types of their table", () => {
  const { flags, operands } = parseFlags(table, [
    "-j",
    "x",
    "--name=a b",
    "-p7",
    "--no-color",
    "--pause",
    ".5",
    "--no-limits",
    "hard",
  ]);
  const port: number = flags.port;
  const mood: "calm" | "wild" = flags.mood;
  const name: string | undefined = flags.name;
  assertEquals([port, mood, name], [7, "calm", "a b"]);
  assertEquals([flags.json, flags.color, flags["no-limits"], flags.pause], [true, false, true, 0.5]);
  assertEquals(operands, ["x", "hard"]);
  const bare = parseFlags(table, ["5555"]);
  assertEquals(bare.operands, ["5555"]);
  assertEquals({ ...bare.flags }, {
    json: undefined,
    color: undefined,
    "no-limits": undefined,
    name: undefined,
    mood: "calm",
    port: 5555,
    pause: undefined,
  });
});

Deno.test("what stands after -- is no flag", () => {
  assertEquals(parseFlags(table, ["--json", "--", "--name"]).operands, ["--name"]);
});

Deno.test("--help and --version are understood whatever else is wrong", () => {
  assertEquals(parseFlags(table, ["-h"]).help, true);
  assertEquals(parseFlags(table, ["--port", "x", "--nonsense", "--version"]).version, true);
});

Deno.test("usage errors say what is wrong and what to do", () => {
  for (
    const [args, message, hint] of [
      [["x", "--prot", "1"], "there is no flag --prot", "Did you mean --port?"],
      [["x", "--no-colour"], "there is no flag --no-colour", "Did you mean --no-color?"],
      [["x", "--no-json"], "there is no flag --no-json", "Did you mean --json?"],
      [["x", "-q"], "there is no flag -q", undefined],
      [["x", "--port"], "--port needs a value", "For example: --port 5555"],
      [["x", "--name="], "--name needs a value", "For example: --name NAME"],
      [["x", "--port", "--json"], "--port needs a value", "For example: --port 5555"],
      [["x", "--port", "1e3"], `--port takes a whole number, not "1e3"`, "For example: --port 5555"],
      [["x", "--port", "0x50"], `--port takes a whole number, not "0x50"`, "For example: --port 5555"],
      [["x", "--port", "1.5"], `--port takes a whole number, not "1.5"`, "For example: --port 5555"],
      [["x", "--port", "65536"], "--port is a whole number, 0 to 65535, not 65536", undefined],
      [["x", "--pause=-1"], "--pause is a number, at least 0, not -1", undefined],
      [["x", "--mood", "wlid"], `--mood is one of calm, wild, not "wlid"`, "Did you mean wild?"],
      [["x", "--json=yes"], "--json takes no value", "Write just --json"],
      [[], "WHAT is missing: what to try", undefined],
      [["x", "sideways"], `HOW is one of gently, hard, not "sideways"`, undefined],
      [["x", "hard", "z"], `"z" is one argument too many`, undefined],
    ] as const
  ) {
    const error = problem(...args);
    assertEquals([error.message, error.hint], [message, hint]);
  }
  assertEquals(
    explain(problem("--prot"), "chat try"),
    "chat try: there is no flag --prot\nDid you mean --port?\nTry: chat try --help\n",
  );
});

Deno.test("the nearest word is one that can have been meant", () => {
  const words = ["--json", "--timeout", "--name", "serve", "connect"];
  for (
    const [typed, meant] of [
      ["--jsno", "--json"],
      ["--time", "--timeout"],
      ["--Name", "--name"],
      ["conect", "connect"],
      ["srve", "serve"],
      ["banana", undefined],
      ["", undefined],
      ["x", undefined],
    ] as const
  ) assertEquals(nearest(typed, words), meant);
});

Deno.test("--help names every flag, fits 80 columns, and has no loose ends", () => {
  for (const each of program.commands) {
    const text = usage(program, each);
    for (const flag of each.flags) assertStringIncludes(text, flag.name);
    for (const line of text.split("\n")) assert(line.length <= 80 && line === line.trimEnd(), line);
    assertStringIncludes(text, "--help");
    assert(text.endsWith("\n") && !text.includes("\n\n\n") && !text.includes("undefined"));
  }
  const text = programUsage(program);
  for (const { name, summary } of program.commands) {
    assertStringIncludes(text, name);
    assertStringIncludes(text, summary);
  }
});

Deno.test("flags have distinct names and letters, and defaults within their bounds", () => {
  for (const { flags } of program.commands) {
    const spelled = flags.flatMap(({ name, short }) => short ? [name, short] : [name]);
    assertEquals(new Set([...spelled, "help", "h", "version"]).size, spelled.length + 3);
    for (const flag of flags) {
      assert(/^[a-z]/.test(flag.help) && !flag.help.endsWith("."), flag.help);
      if (flag.kind !== "number" || flag.default === undefined) continue;
      const { default: standard, min = -Infinity, max = Infinity } = flag;
      assert(standard >= min && standard <= max, flag.name);
    }
  }
});
