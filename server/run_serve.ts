import { parseFlags } from "../cli/parse_flags.ts";
import { print, printError } from "../cli/print.ts";
import { usage } from "../cli/usage.ts";
import { explain, UsageError } from "../cli/usage_error.ts";
import { VERSION } from "../cli/version.ts";
import { type Log, openLog } from "./log.ts";
import { limitsOf, SERVE, type ServeFlags, workersFor } from "./options.ts";
import { serve, type Server } from "./serve.ts";

/** How long stopping may take. */
const DRAIN_MS = 4_500;

/** `chat serve`: resolves with the exit code once the server has stopped. */
export async function runServe(args: readonly string[]): Promise<number> {
  try {
    const { help, version, flags } = parseFlags(SERVE, args);
    if (!help && !version) return await untilStopped(flags);
    print(help ? usage({ name: "chat" }, SERVE) : `chat ${VERSION}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    printError(explain(error, "chat serve"));
    return 2;
  }
}

async function untilStopped(flags: ServeFlags): Promise<number> {
  const log = openLog({ terminal: Deno.stderr.isTerminal() });
  const workers = flags.workers ?? workersFor(Deno.systemMemoryInfo().available);
  const server = await listen(flags, workers, log);
  if (!server) return 1;
  log("listening", { host: flags.host, port: server.port, workers, data: "none: kept in memory" });
  const signal = await firstSignal();
  log("stopping", { signal });
  const late = setTimeout(() => {
    log("stopped_late");
    Deno.exit(0); // everything committed has been told; somebody does not take it
  }, DRAIN_MS);
  await server[Symbol.asyncDispose]();
  clearTimeout(late);
  log("stopped");
  return 0;
}

async function listen(flags: ServeFlags, workers: number, log: Log): Promise<Server | undefined> {
  const { host: hostname, port } = flags;
  try {
    return await serve({ hostname, port, workers, limits: limitsOf(flags), version: VERSION, log });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const taken = error instanceof Deno.errors.AddrInUse;
    const reason = taken
      ? "the port is in use: stop what uses it, or choose another with --port"
      : error.message;
    printError(`chat serve: cannot listen on ${hostname}:${port}: ${reason}\n`);
    return undefined;
  }
}

/** Resolves at the first SIGINT or SIGTERM; a second one ends the process at once. */
function firstSignal(): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  let asked = false;
  for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
    if (signal === "SIGTERM" && Deno.build.os === "windows") continue; // there is none
    Deno.addSignalListener(signal, () => {
      if (asked) Deno.exit(code);
      asked = true;
      resolve(signal);
    });
  }
  return promise;
}
