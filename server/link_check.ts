import {
  MAX_BLOB,
  MAX_ID,
  MAX_KEYS,
  MAX_NAME_POINTS,
  MAX_PAGE,
  MAX_SEARCH,
  MAX_STRETCHING,
  MAX_TEXT_POINTS,
  MAX_VAULT,
} from "../protocol/limits.ts";
import { fits, isOffer, isRequest, isText } from "../protocol/schema.ts";
import type { Reply } from "./link.ts";

/** What a field of a verdict has to be; with a question mark it may be missing. */
type Kind =
  | "string"
  | "boolean"
  | "object"
  | "bytes"
  | "ticket"
  | "id"
  | "text"
  | "name"
  | "given"
  | "made"
  | "blob"
  | "stretching"
  | "seq"
  | "place"
  | "offer?"
  | "vault?"
  | "blob?"
  | "search?"
  | "made?"
  | "object?"
  | "name?"
  | "given?"
  | "short?"
  | "place?"
  | "limit?"
  | "cursors?";

const VERDICTS: Readonly<Record<string, Readonly<Record<string, Kind>>>> = {
  claim: { hello: "object", raw: "given", problem: "object?", rest: "bytes" },
  transfer: { ticket: "ticket", ref: "short?", rest: "bytes" },
  message: { room: "name", id: "id", text: "text", file: "offer?", ref: "short?" },
  refuse: { code: "string", message: "string", fatal: "boolean", ref: "short?" },
  users: { room: "name?", after: "given?", ref: "short?" },
  join: { room: "name", ref: "short?" },
  leave: { room: "name", ref: "short?" },
  rooms: { after: "given?", ref: "short?" },
  login: { name: "name", request: "blob", ref: "short?" },
  register: { name: "name", request: "blob", ref: "short?" },
  enrol: {
    name: "name",
    record: "blob",
    stretching: "stretching",
    proof: "blob?",
    claim: "short?",
    device: "short?",
    vault: "vault?",
    ref: "short?",
  },
  unregister: { proof: "blob", ref: "short?" },
  devices: { ref: "short?" },
  revoke: { device: "place", ref: "short?" },
  read: { room: "made", seq: "seq", ref: "short?" },
  search: {
    text: "search?",
    from: "made?",
    room: "made?",
    since: "short?",
    limit: "limit?",
    ref: "short?",
  },
  history: { room: "made", before: "place?", limit: "limit?", ref: "short?" },
  ping: { ref: "short?" },
  pong: { ref: "short?" },
  bye: { ref: "short?" },
};

/** What is asked rarely enough is checked by the very schema that the Worker has checked it by. */
const BY_SCHEMA = [
  "whisper",
  "upload",
  "download",
  "fetched",
  "withdraw",
  "publish",
  "keys",
  "key_log",
  "vault",
  "archive",
] as const;

const HELLO: Readonly<Record<string, Kind>> = {
  name: "made",
  session: "short?",
  log: "short?",
  resume: "cursors?",
  proof: "blob?",
  instance: "short?",
  device: "short?",
  ref: "short?",
};

/** Characters of a ticket. */
const TICKET = 43;
/** UTF-16 code units of a name, of one as typed, and of one that was normalised though it is none. */
const LONGEST_NAME = 2 * MAX_NAME_POINTS;
const LONGEST_GIVEN = 4 * MAX_NAME_POINTS;
const LONGEST_MADE = 4 * LONGEST_GIVEN;

/**
 * Whether a Worker's word has the shape of a reply. It has checked what it read; this checks the Worker, which strangers
 * have talked to: nothing but these fields may reach the hub, of these types, no longer than they may be, and with
 * nothing in them that would mean something else in a frame.
 */
export function isReply(data: unknown): data is Reply {
  if (!isRecord(data)) return false;
  const { channel, verdicts, frames, partial } = data;
  return Number.isSafeInteger(channel) && Number.isSafeInteger(frames) && typeof partial === "boolean" &&
    Array.isArray(verdicts) && verdicts.every(isVerdict);
}

function isVerdict(data: unknown): boolean {
  if (!isRecord(data) || typeof data.type !== "string") return false;
  if (!Object.hasOwn(VERDICTS, data.type)) return isRequest(data, BY_SCHEMA);
  if (!has(data, VERDICTS[data.type]!)) return false;
  if (data.type !== "claim") return true;
  const { hello, problem } = data as { hello: Record<string, unknown>; problem: unknown };
  return has(hello, HELLO) && (problem !== undefined || is(hello.name, "name"));
}

function has(data: Record<string, unknown>, fields: Readonly<Record<string, Kind>>): boolean {
  for (const field in fields) if (!is(data[field], fields[field]!)) return false;
  return true;
}

function is(value: unknown, kind: Kind): boolean {
  switch (kind) {
    case "bytes":
      return value instanceof Uint8Array;
    case "ticket":
      return isBase64url(value, TICKET) && String(value).length === TICKET;
    case "object":
      return isRecord(value);
    case "string":
      return typeof value === "string" && value.isWellFormed(); // may quote what was refused
    case "boolean":
      return typeof value === "boolean";
    case "id":
      return isString(value, MAX_ID) && /^[A-Za-z0-9_.-]+$/.test(value);
    case "text":
      return isString(value, 2 * MAX_TEXT_POINTS) && value !== "" && fits(value);
    case "name":
      return isString(value, LONGEST_NAME) && value !== "";
    case "given":
      return isString(value, LONGEST_GIVEN);
    case "made":
      return isString(value, LONGEST_MADE);
    case "blob":
      return isBase64url(value, MAX_BLOB);
    case "stretching":
      return isRecord(value) && isStretching(value);
    case "seq":
      return value === 0 || isWhole(value);
    case "place":
      return isWhole(value);
    case "offer?":
      return value === undefined || isOffer(value);
    case "vault?":
      return value === undefined || isBase64url(value, MAX_VAULT);
    case "blob?":
      return value === undefined || is(value, "blob");
    case "search?":
      return value === undefined || isString(value, MAX_SEARCH);
    case "made?":
      return value === undefined || isString(value, LONGEST_MADE);
    case "object?":
      return value === undefined || isRecord(value);
    case "name?":
      return value === undefined || isString(value, LONGEST_NAME);
    case "given?":
      return value === undefined || isString(value, LONGEST_GIVEN);
    case "short?":
      return value === undefined || isString(value, MAX_ID);
    case "place?":
      return value === undefined || isWhole(value);
    case "limit?":
      return value === undefined || isWhole(value) && value <= MAX_PAGE;
    case "cursors?":
      return value === undefined || isRecord(value) && areCursors(Object.entries(value));
    default:
      return kind satisfies never;
  }
}

function isStretching(value: Record<string, unknown>): boolean {
  return Object.entries(MAX_STRETCHING).every(([key, most]) => {
    const given = value[key];
    return isWhole(given) && given <= most;
  });
}

function areCursors(cursors: readonly (readonly [key: string, seq: unknown])[]): boolean {
  return cursors.length <= MAX_KEYS &&
    cursors.every(([key, seq]) => isString(key, LONGEST_NAME + 1) && (seq === 0 || isWhole(seq)));
}

function isBase64url(value: unknown, longest: number): boolean {
  return isString(value, longest) && /^[A-Za-z0-9_-]+$/.test(value);
}

function isString(value: unknown, longest: number): value is string {
  return typeof value === "string" && value.length <= longest && isText(value);
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && value as number > 0;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
