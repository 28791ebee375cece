import { COMPLETIONS, completions, type Shell } from "./cli/completions.ts";
import { command, type Program } from "./cli/flag_table.ts";
import { nearest } from "./cli/nearest.ts";
import { parseFlags } from "./cli/parse_flags.ts";
import { print, printError } from "./cli/print.ts";
import { programUsage, usage } from "./cli/usage.ts";
import { explain, UsageError } from "./cli/usage_error.ts";
import { VERSION } from "./cli/version.ts";
import { CONNECT } from "./client/options.ts";
import { SERVE } from "./server/options.ts";

const PROGRAM: Program = {
  name: "chat",
  summary: "self-hosted chat for people who live in a terminal",
  commands: [command(SERVE), command(CONNECT), COMPLETIONS],
};

/** Each half of the program is loaded only when it is asked for. */
async function run(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  switch (name) {
    case "serve":
      return await (await import("./server/run_serve.ts")).runServe(rest);
    case "connect":
      return await (await import("./client/connect.ts")).runConnect(rest);
    case "completions":
      return runCompletions(rest);
    case "help":
    case "--help":
    case "-h":
      print(programUsage(PROGRAM));
      return 0;
    case "--version":
      print(`chat ${VERSION}\n`);
      return 0;
    case undefined:
      printError(programUsage(PROGRAM));
      return 2;
    default: {
      const meant = nearest(name, PROGRAM.commands.map((each) => each.name));
      printError(
        explain(new UsageError(`there is no command ${name}`, meant && `Did you mean ${meant}?`), "chat"),
      );
      return 2;
    }
  }
}

function runCompletions(args: readonly string[]): number {
  try {
    const { help, version, operands: [shell] } = parseFlags(COMPLETIONS, args);
    if (help) print(usage(PROGRAM, COMPLETIONS));
    else if (version) print(`chat ${VERSION}\n`);
    else print(completions(shell as Shell, PROGRAM));
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    printError(explain(error, "chat completions"));
    return 2;
  }
}

// A Worker that will not stop, or a pipe that nobody reads, must not keep the process.
if (import.meta.main) Deno.exit(await run(Deno.args));
