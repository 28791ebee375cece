import { parseFlags } from "../cli/parse_flags.ts";
import { print, printError } from "../cli/print.ts";
import { usage } from "../cli/usage.ts";
import { explain, UsageError } from "../cli/usage_error.ts";
import { VERSION } from "../cli/version.ts";
import { ChatClient } from "./chat_client.ts";
import { CONNECT, type ConnectOptions, readOptions } from "./options.ts";
import { runPipe } from "./pipe.ts";
import { tcp } from "./transport.ts";

const encoder = new TextEncoder();

/** `chat connect ARGS`: chooses a front end, and resolves with the exit code. */
export async function runConnect(args: readonly string[]): Promise<number> {
  try {
    const { help, version, flags, operands } = parseFlags(CONNECT, args);
    if (help || version) {
      print(help ? usage({ name: "chat" }, CONNECT) : `chat ${VERSION}\n`);
      return 0;
    }
    const options = readOptions(flags, operands);
    const terminal = !options.plain && !options.json && Deno.stdin.isTerminal() && Deno.stdout.isTerminal();
    return await (terminal ? inTerminal(options) : inPipe(options));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    printError(explain(error, "chat connect"));
    return 2;
  }
}

async function inTerminal(options: ConnectOptions): Promise<number> {
  const name = options.name ?? userName();
  if (name === undefined) throw nameless();
  const { runTerminal } = await import("./terminal/terminal.ts"); // the pipe does without it
  return await runTerminal(open(options, name), options);
}

async function inPipe(options: ConnectOptions): Promise<number> {
  if (options.name === undefined) throw nameless();
  return await runPipe(open(options, options.name), options, {
    input: Deno.stdin.readable,
    print: printLine,
    tell: (notice) => printError(`chat: ${notice}\n`),
    interrupted: signalled(),
  });
}

function open({ address: { host, port } }: ConnectOptions, name: string): ChatClient {
  return new ChatClient({ dial: () => tcp(host, port), name, version: VERSION });
}

/** Unlike `print`, says when nobody reads any more, and waits for a slow reader without holding up the rest. */
async function printLine(text: string): Promise<void> {
  for (let bytes = encoder.encode(text); bytes.length > 0;) {
    bytes = bytes.subarray(await Deno.stdout.write(bytes));
  }
}

/** Resolves with the exit code of the first signal that asks to end; the next one ends at once. */
function signalled(): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  let asked = false;
  for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
    if (signal === "SIGTERM" && Deno.build.os === "windows") continue; // there is none
    Deno.addSignalListener(signal, () => {
      if (asked) Deno.exit(code);
      asked = true;
      resolve(code);
    });
  }
  return promise;
}

function userName(): string | undefined {
  for (const variable of ["USER", "LOGNAME", "USERNAME"]) {
    const name = Deno.env.get(variable);
    if (name) return name;
  }
  return undefined;
}

function nameless(): UsageError {
  return new UsageError("a name is missing", "For example: --name alice");
}
