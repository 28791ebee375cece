import { command, type Flags } from "../cli/flag_table.ts";
import { DEFAULT_LIMITS, type Limits, NO_LIMITS } from "./limits.ts";

/** A worker's memory with room to spare, and what the rest of the server takes, in bytes. */
const WORKER_BYTES = 12 * 1024 * 1024;
const BASE_BYTES = 256 * 1024 * 1024;
const MOST_WORKERS = 200;

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
      kind: "switch",
      name: "ephemeral",
      help: "keep nothing when the server stops (this version never does)",
    },
    {
      kind: "switch",
      name: "no-limits",
      help: "lift rates and counts, not sizes: for trusted networks and load tests",
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
  ],
  notes: [
    "Standard error says where it listens and what happens: short text on a terminal, one JSON object a line elsewhere. " +
    "SIGTERM and Ctrl-C let everybody have what is stored, then stop; a second one stops at once.",
  ],
  examples: [
    ["chat serve", "listen on port 5555 of every interface"],
    ["chat serve --host 127.0.0.1 --port 0", "only this machine, any free port"],
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
