import type { Flags } from "../cli/flag_table.ts";
import { UsageError } from "../cli/usage_error.ts";
import { type Address, readAddress } from "./address.ts";
import { CONNECT } from "./connect_flags.ts";

export { CONNECT } from "./connect_flags.ts";

/** What was asked for of a window. */
export interface GuiFlags {
  /** Whether a browser is started. */
  readonly open: boolean;
  readonly exitWithWindow: boolean;
}

/** What `chat connect` was asked for. */
export interface ConnectOptions {
  readonly address: Address;
  readonly name: string | undefined;
  readonly room: string;
  /** Make an account of the name if nobody has it. */
  readonly register: boolean;
  readonly passwordFile: string | undefined;
  /** Whether anything is kept on this machine. */
  readonly state: boolean;
  readonly lines: boolean;
  /** Without TLS, on purpose. */
  readonly plain: boolean;
  /** Another certificate than before is accepted. */
  readonly acceptNewKey: boolean;
  readonly json: boolean;
  /** In a window, and how; without it there is none. */
  readonly gui: GuiFlags | undefined;
  /** Look for this, print it, and end. */
  readonly search: string | undefined;
  readonly follow: boolean;
  readonly timeoutMs: number | undefined;
  /** For whom a pipe's input and its file are: `"#room"` or `"@name"`; without it, for the room. */
  readonly to: string | undefined;
  /** A file to send, and to whom. */
  readonly send: { readonly path: string; readonly to: string } | undefined;
  /** Where all that is offered is saved; without it nothing is. */
  readonly receive: string | undefined;
  /** `undefined`: as the terminal and the environment say. */
  readonly color: boolean | undefined;
  readonly bell: boolean;
}

/** Reads what the table cannot check; throws a `UsageError`. */
export function readOptions(flags: Flags<typeof CONNECT>, [address = ""]: readonly string[]): ConnectOptions {
  const { name, room, timeout, color } = flags;
  return {
    address: readAddress(address),
    name,
    room: room.replace(/^#/, ""),
    register: flags.register ?? false,
    passwordFile: flags["password-file"],
    state: flags.state ?? true,
    lines: flags.lines ?? false,
    plain: flags.plain ?? false,
    acceptNewKey: flags["accept-new-key"] ?? false,
    json: flags.json ?? false,
    gui: readGui(flags),
    search: flags.search,
    follow: flags.follow ?? false,
    timeoutMs: timeout === undefined ? undefined : timeout * 1000,
    to: readTo(flags),
    send: readSend(flags),
    receive: flags.receive,
    color,
    bell: flags.bell ?? true,
  };
}

function readTo({ to }: Flags<typeof CONNECT>): string | undefined {
  return to === undefined || /^[#@]/.test(to) ? to : `@${to}`;
}

function readSend(flags: Flags<typeof CONNECT>): ConnectOptions["send"] {
  const { send: path, room } = flags;
  return path === undefined ? undefined : { path, to: readTo(flags) ?? `#${room.replace(/^#/, "")}` };
}

/** There is one front end: what belongs to another is a mistake. */
function readGui(flags: Flags<typeof CONNECT>): GuiFlags | undefined {
  const [gui, other] = [["no-open", "exit-with-window"], [
    "lines",
    "json",
    "search",
    "follow",
    "send",
    "to",
    "receive",
    "timeout",
  ]] as const;
  if (!flags.gui) {
    const lost = gui.find((flag) => flags[flag]);
    if (lost !== undefined) {
      throw new UsageError(`--${lost} is about a window`, `Add --gui, or leave out --${lost}`);
    }
    return undefined;
  }
  const odd = other.find((flag) => flags[flag] !== undefined && flags[flag] !== false);
  if (odd !== undefined) {
    throw new UsageError(`--gui and --${odd} do not go together`, `Leave out one of them`);
  }
  return { open: !flags["no-open"], exitWithWindow: flags["exit-with-window"] ?? false };
}
