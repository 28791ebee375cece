import { parseFlags } from "../cli/parse_flags.ts";
import { print, printError } from "../cli/print.ts";
import { usage } from "../cli/usage.ts";
import { explain, UsageError } from "../cli/usage_error.ts";
import { VERSION } from "../cli/version.ts";
import { ChatClient } from "./chat_client.ts";
import { downloadsOf } from "./files/places.ts";
import { TransferNotes } from "./files/transfer_notes.ts";
import { Transfers } from "./files/transfers.ts";
import { MlsKeys } from "./keys/mls_keys.ts";
import { FileMemory } from "./memory/file_memory.ts";
import type { Memory } from "./memory/memory.ts";
import { nameFolder, stateFolder } from "./memory/state_folder.ts";
import { CONNECT, type ConnectOptions, type GuiFlags, readOptions } from "./options.ts";
import { OpaquePake } from "./pake/opaque_pake.ts";
import { PasswordSource } from "./password_source.ts";
import { runPipe } from "./pipe.ts";
import { readSearch } from "./search_query.ts";
import { KnownServer } from "./trust/known_server.ts";
import { SecureDial } from "./trust/secure_dial.ts";

const encoder = new TextEncoder();
/** Of a device, in UTF-16 code units. */
const MAX_LABEL = 64;

/** `chat connect ARGS`: chooses a front end, and resolves with the exit code. */
export async function runConnect(args: readonly string[]): Promise<number> {
  try {
    const { help, version, flags, operands } = parseFlags(CONNECT, args);
    if (help || version) {
      print(help ? usage({ name: "chat" }, CONNECT) : `chat ${VERSION}\n`);
      return 0;
    }
    const options = readOptions(flags, operands);
    if (options.gui !== undefined) return await inWindow(options, options.gui, operands[0]!);
    const files = [options.send, options.receive, options.to].some((each) => each !== undefined);
    const terminal = !options.lines && !options.json && options.search === undefined && !files &&
      Deno.stdin.isTerminal() && Deno.stdout.isTerminal();
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
  const source = await sourceOf(options, "null"); // what the command says would disturb the screen
  const { runTerminal } = await import("./terminal/terminal.ts"); // the pipe does without it
  return await runTerminal(await open(options, name), { ...options, source });
}

async function inWindow(options: ConnectOptions, gui: GuiFlags, server: string): Promise<number> {
  const source = await sourceOf(options, "inherit");
  const { runGui } = await import("./gui/run_gui.ts"); // nobody else needs a server
  return await runGui({
    name: options.name,
    server,
    room: options.room,
    register: options.register,
    source,
    open: (name) => open(options, name),
    folder: (name) => nameFolderOf(options, name),
    show: gui.open,
    exitWithWindow: gui.exitWithWindow,
    terminal: Deno.stdin.isTerminal(),
    tell,
    interrupted: signalled(),
  });
}

async function inPipe(options: ConnectOptions): Promise<number> {
  const { name, search } = options;
  if (name === undefined) throw nameless();
  const find = search === undefined ? undefined : readQuery(search, name).query;
  const source = await sourceOf(options, "inherit");
  return await runPipe(await open(options, name), { ...options, source, find }, {
    input: Deno.stdin.readable,
    print: printLine,
    tell,
    interrupted: signalled(),
  });
}

async function open(options: ConnectOptions, name: string): Promise<ChatClient> {
  const { address } = options;
  const folder = folderOf(options);
  const { host, port, fingerprint } = address;
  const dialer = new SecureDial({
    host,
    port,
    fingerprint,
    plain: options.plain,
    accept: options.acceptNewKey,
    server: await KnownServer.open(folder),
  });
  const memory: { memory?: Memory } = folder === undefined
    ? {}
    : { memory: await FileMemory.open({ folder, name }) };
  const notes = await TransferNotes.open(nameFolderOf(options, name));
  const downloads = downloadsOf((name) => Deno.env.get(name));
  return new ChatClient({
    files: (world) => new Transfers(world, { notes, downloads }),
    dial: (tell) => dialer.dial(tell),
    name,
    version: VERSION,
    pake: new OpaquePake(),
    keys: (world) => new MlsKeys(world, (name) => keysFolderOf(options, name)),
    device: deviceLabel(),
    ...memory,
  });
}

/** Where is kept what is known of the server, if anything is. */
function folderOf({ address, state }: ConnectOptions): string | undefined {
  return state ? stateFolder((name) => Deno.env.get(name), address) : undefined;
}

/** The same for what belongs to one name there. */
function nameFolderOf(options: ConnectOptions, name: string): string | undefined {
  const folder = folderOf(options);
  return folder === undefined ? undefined : nameFolder(folder, name);
}

/** And for the keys of its account. */
function keysFolderOf(options: ConnectOptions, name: string): string | undefined {
  const folder = nameFolderOf(options, name);
  return folder === undefined ? undefined : `${folder}/keys`;
}

/** Where a password comes from before anybody is asked; an argument is no such place, because others can see it. */
async function sourceOf(
  { passwordFile: file }: ConnectOptions,
  stderr: "inherit" | "null",
): Promise<PasswordSource> {
  return await PasswordSource.open({
    file,
    command: Deno.env.get("CHAT_PASSWORD_COMMAND"),
    stderr,
    warn: tell,
  });
}

function readQuery(search: string, me: string): ReturnType<typeof readSearch> & { kind: "query" } {
  const searched = readSearch(search, { now: new Date(), me });
  if (searched.kind === "query") return searched;
  throw new UsageError(`--search: ${searched.message}`);
}

/** What this device is called in the list of one's devices. */
function deviceLabel(): string {
  try {
    return Deno.hostname().slice(0, MAX_LABEL);
  } catch {
    return Deno.build.os; // its name is not to be known
  }
}

function tell(notice: string): void {
  printError(`chat: ${notice}\n`);
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
