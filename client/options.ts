import { command, type Flags } from "../cli/flag_table.ts";
import { type Address, DEFAULT_PORT, readAddress } from "./address.ts";

/** `chat connect`. */
export const CONNECT = command({
  name: "connect",
  summary: "talk, from a terminal or in a pipe",
  operands: [{
    name: "HOST[:PORT]",
    help: `the server, also as chat://HOST; port ${DEFAULT_PORT} unless given, IPv6 as [::1]:${DEFAULT_PORT}`,
  }],
  flags: [
    {
      kind: "text",
      name: "name",
      short: "n",
      value: "NAME",
      help: "who you are; in a terminal your user name unless given, in a pipe it must be given",
    },
    {
      kind: "text",
      name: "room",
      short: "r",
      value: "ROOM",
      help: "the room to talk in, joined if needed",
      default: "lobby",
    },
    { kind: "switch", name: "color", negatable: true, help: "colour, or none, whatever the terminal is" },
    {
      kind: "switch",
      name: "bell",
      negatable: true,
      help: "ring for whispers and for your name, as it does unless told not to",
    },
    { kind: "switch", name: "plain", help: "plain lines as in a pipe, in a terminal as well" },
    {
      kind: "switch",
      name: "json",
      group: "In a pipe",
      help: "one JSON object a line, other events than messages included",
    },
    {
      kind: "switch",
      name: "follow",
      short: "f",
      group: "In a pipe",
      help: "go on printing after the end of the input",
    },
    {
      kind: "number",
      name: "timeout",
      value: "SECONDS",
      group: "In a pipe",
      help:
        "after the end of the input wait only so long for the server to take what was sent; then exit with 7",
      min: 0,
      max: 86_400,
      fraction: true,
    },
  ],
  notes: [
    "In a pipe each line of the input is one message, even one that begins with a slash; empty lines are skipped. " +
    "The output has one line for each message, one's own when the server has it: the time, the room or the person, " +
    "the sender, the text; a newline within a message is written \\n. Everything else is told on standard error. At the end of the " +
    "input it waits until the server has taken everything.",
    "Exit codes: 0 done, 1 failure, 2 usage, 3 the server cannot be reached, 4 sign-in refused, 5 not allowed or " +
    "no such user or room, 7 time-out, 130 and 143 ended by a signal.",
  ],
  examples: [
    ["chat connect localhost --name alice", "talk"],
    ["make 2>&1 | chat connect localhost --name ci --room ci", "tell the room ci what make says"],
    ["chat connect localhost --name log --follow < /dev/null > log.txt", "write down what is said"],
  ],
});

/** What `chat connect` was asked for. */
export interface ConnectOptions {
  readonly address: Address;
  readonly name: string | undefined;
  readonly room: string;
  readonly plain: boolean;
  readonly json: boolean;
  readonly follow: boolean;
  readonly timeoutMs: number | undefined;
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
    plain: flags.plain ?? false,
    json: flags.json ?? false,
    follow: flags.follow ?? false,
    timeoutMs: timeout === undefined ? undefined : timeout * 1000,
    color,
    bell: flags.bell ?? true,
  };
}
