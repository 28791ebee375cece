import type { Reply } from "./link.ts";

/** What a field of a verdict has to be. */
type Kind = "string" | "number" | "boolean" | "object" | "bytes" | "string?" | "number?" | "object?";

const VERDICTS: Readonly<Record<string, Readonly<Record<string, Kind>>>> = {
  claim: { hello: "object", raw: "string", problem: "object?", rest: "bytes" },
  refuse: { code: "string", message: "string", fatal: "boolean", ref: "string?" },
  message: { room: "string", id: "string", text: "string", ref: "string?" },
  whisper: { to: "string", id: "string", text: "string", ref: "string?" },
  users: { room: "string?", after: "string?", ref: "string?" },
  join: { room: "string", ref: "string?" },
  leave: { room: "string", ref: "string?" },
  rooms: { after: "string?", ref: "string?" },
  history: { room: "string", before: "number?", limit: "number?", ref: "string?" },
  ping: { ref: "string?" },
  pong: { ref: "string?" },
  bye: { ref: "string?" },
};

const HELLO: Readonly<Record<string, Kind>> = {
  name: "string",
  session: "string?",
  log: "string?",
  resume: "object?",
  ref: "string?",
};

/**
 * Whether a Worker's word has the shape of a reply. It has checked what it read; this checks the Worker, which strangers
 * have talked to: nothing but these fields of these types may reach the hub.
 */
export function isReply(data: unknown): data is Reply {
  if (!isRecord(data)) return false;
  const { channel, verdicts, frames, partial } = data;
  return Number.isSafeInteger(channel) && Number.isSafeInteger(frames) && typeof partial === "boolean" &&
    Array.isArray(verdicts) && verdicts.every(isVerdict);
}

function isVerdict(data: unknown): boolean {
  if (!isRecord(data) || typeof data.type !== "string" || !Object.hasOwn(VERDICTS, data.type)) return false;
  if (!has(data, VERDICTS[data.type]!)) return false;
  return data.type !== "claim" || has(data.hello as Record<string, unknown>, HELLO);
}

function has(data: Record<string, unknown>, fields: Readonly<Record<string, Kind>>): boolean {
  for (const field in fields) if (!is(data[field], fields[field]!)) return false;
  return true;
}

function is(value: unknown, kind: Kind): boolean {
  switch (kind) {
    case "bytes":
      return value instanceof Uint8Array;
    case "object":
      return isRecord(value);
    case "string":
      return typeof value === "string";
    case "number":
      return Number.isSafeInteger(value);
    case "boolean":
      return typeof value === "boolean";
    case "string?":
      return value === undefined || typeof value === "string";
    case "number?":
      return value === undefined || Number.isSafeInteger(value);
    case "object?":
      return value === undefined || isRecord(value);
    default:
      return kind satisfies never;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
