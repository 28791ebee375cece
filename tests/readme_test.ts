import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { COMPLETIONS } from "../cli/completions.ts";
import { parseFlags } from "../cli/parse_flags.ts";
import { COMMANDS } from "../client/commands.ts";
import { CONNECT, readOptions } from "../client/options.ts";
import config from "../deno.json" with { type: "json" };
import { SERVE } from "../server/options.ts";
import { codeLines, flagRows, slashRow, unaligned } from "./support/readme.ts";

const ROOT = new URL("../", import.meta.url);
const readme = await Deno.readTextFile(new URL("README.md", ROOT));
const npx = "npx --yes deno@2.9.6";

/** Throws when the program would not understand this command line. */
function understand(line: string): void {
  const [, name, ...args] = line.split(" ");
  if (name === SERVE.name) parseFlags(SERVE, args);
  else if (name === COMPLETIONS.name) parseFlags(COMPLETIONS, args);
  else if (name === CONNECT.name) {
    const { flags, operands } = parseFlags(CONNECT, args);
    readOptions(flags, operands);
  } else throw new Error(`There is no command ${name}: ${line}`);
}

/** The calls of the program in a line of shell, without what the shell does around them. */
function callsIn(line: string): string[] {
  const [command = ""] = line.split(/ +# /);
  return [
    ...command.matchAll(
      /(?:^|[|(] ?|&& )((?:chat|dist\/chat|npx [^|]*? task (?:serve|connect)) [^|<>)&;]+)/g,
    ),
  ]
    .map(([, call = ""]) => call.trim());
}

Deno.test("README: every flag and every slash command has its row", () => {
  const rows = unaligned(readme).split("\n");
  for (const wanted of [SERVE, CONNECT].flatMap(flagRows).concat(COMMANDS.map(slashRow))) {
    assert(rows.includes(wanted), `README.md lacks the row\n${wanted}`);
  }
});

Deno.test("README: the command lines shown are understood", () => {
  const calls = [
    ...codeLines(readme, "sh"),
    ...codeLines(readme, "text").map((line) => line.replace(/^\$ /, "")),
  ]
    .flatMap(callsIn);
  assert(calls.length >= 8, `only ${calls}`);
  for (const call of calls) understand(call.replace(/^(dist\/chat|npx .*? task) /, "chat "));
});

Deno.test("README: the tasks shown are there, for the version of Deno that is meant", async () => {
  const lines = codeLines(readme, "sh").filter((line) => line.startsWith("npx"));
  const tasks = lines.map((line) => {
    assert(line.startsWith(`${npx} task `), line);
    return line.split(" ")[4]!;
  });
  for (const task of tasks) assert(Object.hasOwn(config.tasks, task), `There is no task ${task}`);
  for (const task of ["serve", "connect", "test", "build"]) {
    assert(tasks.includes(task), `README.md lacks ${task}`);
  }
  assertStringIncludes(await Deno.readTextFile(new URL(".ci/run", ROOT)), `${npx} task test`);
});

Deno.test("README: the exit codes are those of --help", () => {
  const notes = CONNECT.notes.join(" ").match(/Exit codes: (.*)\./)?.[1] ?? "";
  const codes = notes.match(/\d+/g) ?? [];
  assert(codes.length > 5);
  for (const code of codes) {
    assert(new RegExp(`^\\| +${code} +\\|`, "m").test(readme), `README.md lacks ${code}`);
  }
});

Deno.test("README: what it links to is there", async () => {
  const links = [...readme.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, path = ""]) => path);
  assert(links.length >= 3);
  for (const path of links) {
    assertEquals([path, (await Deno.stat(new URL(path, ROOT))).isSymlink], [path, false]);
  }
});

Deno.test("the version of deno.json has its place in CHANGELOG.md", async () => {
  assertStringIncludes(await Deno.readTextFile(new URL("CHANGELOG.md", ROOT)), `## [${config.version}]`);
});
