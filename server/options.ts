import { command, type Flags } from "../cli/flag_table.ts";
import { DEFAULT_LIMITS, type Limits, NO_LIMITS } from "./limits.ts";

/** A worker's memory with room to spare, and what the rest of the server takes, in bytes. */
const WORKER_BYTES = 12 * 1024 * 1024;
const BASE_BYTES = 256 * 1024 * 1024;
const MOST_WORKERS = 200;
/** The heading of what is done instead of serving. */
const WORK = "Work on the data, instead of serving";

/** `chat serve` and its flags. */
export const SERVE = command({
  name: "serve",
  summary: "run a chat server",
  flags: [
    {
      kind: "number",
      name: "port",
      short: "p",
      value: "N",
      help: "the port; 0 takes a free one",
      default: 5555,
      min: 0,
      max: 65_535,
    },
    { kind: "text", name: "host", value: "ADDRESS", help: "the address to listen on", default: "0.0.0.0" },
    {
      kind: "number",
      name: "workers",
      value: "N",
      help: "session Workers; members beyond that share them (default: what memory allows, at most 200)",
      min: 1,
      max: 10_000,
    },
    {
      kind: "text",
      name: "data",
      value: "DIR",
      help: "the folder of all that is kept (default: $XDG_DATA_HOME/chat or ~/.local/share/chat)",
      complete: "directory",
    },
    {
      kind: "text",
      name: "tls",
      value: "WHEN",
      help: "whether clients speak TLS: as they like on one port, all of them, or none",
      choices: ["optional", "required", "off"],
      default: "optional",
    },
    {
      kind: "text",
      name: "tls-cert",
      value: "FILE",
      help: "a certificate of your own (PEM), read again on SIGHUP; else one is made at the first start",
      complete: "file",
    },
    { kind: "text", name: "tls-key", value: "FILE", help: "its private key (PEM)", complete: "file" },
    { kind: "switch", name: "ephemeral", help: "keep nothing when the server stops" },
    {
      kind: "text",
      name: "accounts",
      value: "WHO",
      help: "whether people need an account",
      choices: ["optional", "required"],
      default: "optional",
    },
    {
      kind: "text",
      name: "retain",
      value: "AGE",
      help:
        "how long messages of rooms are kept: 365d, or 365d,#ops=30d,#log=forever; h, d, w and y are units " +
        "(default: for ever)",
    },
    {
      kind: "switch",
      name: "no-limits",
      help:
        "lift rates, and counts but those of devices and mailboxes, not sizes: for trusted networks and load tests",
    },
    limit("clients", "signed-in clients at once"),
    limit("per-address", "connections from one address"),
    limit("strangers-per-address", "connections without a name from one address"),
    limit("connects-per-minute", "new connections a minute from one address"),
    limit("strangers", "connections without a name in all"),
    limit("message-burst", "messages that one client may send at once"),
    limit("message-rate", "messages a second of one client in the long run"),
    limit("request-burst", "other requests that one client may send at once"),
    limit("request-rate", "other requests a second of one client in the long run"),
    limit("byte-burst", "bytes that one client may send at once"),
    limit("byte-rate", "bytes a second of one client in the long run"),
    limit("room-rate", "messages a second into one room"),
    limit("rooms-per-user", "rooms that one client may be in"),
    limit("rooms-per-hour", "new rooms an hour from one address"),
    limit("history-rate", "pages of history a second of one client in the long run"),
    limit("presence", "members up to which a room tells who comes and goes"),
    limit("lag-bytes", "bytes a client may be behind before it is closed"),
    limit("stall-seconds", "seconds a client may take nothing of what waits for it"),
    limit("hello-seconds", "seconds to the first byte"),
    limit("sign-in-seconds", "seconds to a name"),
    limit("frame-seconds", "seconds to the end of a frame once begun"),
    limit("ping-seconds", "seconds of silence before a client is asked for a sign of life"),
    limit("idle-seconds", "seconds of silence before a client is closed"),
    limit("hold-seconds", "seconds that the name of a vanished guest is kept"),
    limit("grace-seconds", "seconds before the others are told that it left"),
    limit("patience-seconds", "seconds a session Worker may take for what one read brought"),
    limit("accounts-per-hour", "new accounts an hour from one address"),
    limit("sessions-per-account", "connections of one account at once"),
    limit("devices-per-account", "devices that may sign in to one account without its password"),
    limit("mailbox-entries", "whispers kept for an account that is away"),
    limit("mailbox-bytes", "bytes of text kept for an account that is away"),
    limit("mailbox-per-sender", "whispers of one sender kept for an account that is away"),
    limit("archive-bytes", "characters that an account may keep in its archive of keys"),
    limit("file-bytes", "bytes of one file"),
    limit("file-owner-bytes", "bytes of all files of one sender that are kept"),
    limit("file-total-bytes", "bytes of all files that are kept"),
    limit("file-uploads", "files that one sender may be sending at once"),
    limit("file-days", "days that a file is kept"),
    limit("mailbox-bytes-per-sender", "bytes of text of one sender kept for an account that is away"),
    {
      kind: "text",
      name: "backup",
      value: "FILE",
      help: "copy all data into a new file, check it, and end",
      complete: "file",
      group: WORK,
    },
    {
      kind: "text",
      name: "restore",
      value: "FILE",
      help: "put a backup in the place of the data, keep those beside it, and end",
      complete: "file",
      group: WORK,
    },
    {
      kind: "text",
      name: "export",
      value: "ROOM",
      help: "print all messages of a room as JSON lines, and end",
      group: WORK,
    },
    {
      kind: "text",
      name: "user",
      value: "NAME",
      help: "show an account, or do with it what the next flags say, and end",
      group: WORK,
    },
    {
      kind: "switch",
      name: "reset-password",
      help: "print a new password for the account, and sign its devices out",
      group: WORK,
    },
    {
      kind: "switch",
      name: "disable",
      help: "let nobody sign in to the account, and sign its devices out",
      group: WORK,
    },
    { kind: "switch", name: "enable", help: "let the account be used again", group: WORK },
  ],
  notes: [
    "Work on the data is done while a server runs on it, too, and the server takes notice. Only --restore needs it " +
    "stopped.",
    "Standard error says where it listens and what happens: short text on a terminal, one JSON object a line elsewhere. " +
    "SIGTERM and Ctrl-C let everybody have what is stored, then stop; a second one stops at once.",
  ],
  examples: [
    ["chat serve", "listen on port 5555 of every interface"],
    ["chat serve --host 127.0.0.1 --port 0", "only this machine, any free port"],
    ["chat serve --backup chat-2026-01-31.db", "a checked copy of everything, also while a server runs"],
    ["chat serve --user alice --reset-password", "for somebody who has lost it"],
  ],
});

export type ServeFlags = Flags<typeof SERVE>;

/** The limits that a command line asks for. */
export function limitsOf(flags: ServeFlags): Limits {
  const given: Record<string, number> = {};
  for (const key of Object.keys(DEFAULT_LIMITS)) {
    const value: unknown = Object.entries(flags).find(([name]) => name === flagName(key))?.[1];
    if (typeof value === "number") given[key] = value;
  }
  return { ...DEFAULT_LIMITS, ...flags["no-limits"] ? NO_LIMITS : {}, ...given };
}

/** How many session Workers `memory` bytes carry. */
export function workersFor(memory: number): number {
  return Math.max(1, Math.min(MOST_WORKERS, Math.floor((memory - BASE_BYTES) / WORKER_BYTES)));
}

function limit<const N extends string>(name: N, help: string) {
  const standard =
    DEFAULT_LIMITS[name.replaceAll(/-(.)/g, (_, letter) => letter.toUpperCase()) as keyof Limits];
  return {
    kind: "number",
    name,
    value: "N",
    help: `${help} (default: ${standard})`,
    min: name.endsWith("rate") ? 0.001 : 1,
    fraction: name.endsWith("rate") || name.endsWith("seconds"),
    group: "Limits",
  } as const;
}

function flagName(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
