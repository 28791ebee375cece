import * as v from "valibot";
import { ProtocolError } from "./errors.ts";
import { frame } from "./frames.ts";
import { MAX_ID, MAX_JSON_BYTES, MAX_NODES } from "./limits.ts";
import { plainMessage } from "./plain_message.ts";
import { scan } from "./scan.ts";
import { type Event, events, ref as refSchema, type Request, requests, TOO_LONG } from "./schema.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A message to the bytes of one frame. */
export function encode(message: Request | Event): Uint8Array<ArrayBuffer> {
  return frame(encoder.encode(JSON.stringify(message)));
}

/** A client's payload to its request; throws a {@linkcode ProtocolError}. */
export function decodeRequest(payload: Uint8Array): Request {
  return decode(requests, payload, MAX_NODES) as Request;
}

/** A server's payload to its event; throws a {@linkcode ProtocolError}. Lists may be long, so bytes bound them. */
export function decodeEvent(payload: Uint8Array): Event {
  return decode(events, payload, MAX_JSON_BYTES) as Event;
}

/** The only place that parses what a peer sent. */
function decode(
  table: Readonly<Record<string, v.GenericSchema>>,
  payload: Uint8Array,
  nodes: number,
): unknown {
  const json = utf8(payload);
  if (table === requests) {
    const plain = plainMessage(json);
    if (plain) return plain;
  }
  const problem = scan(json, { nodes });
  const value = parse(json);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new ProtocolError("schema", "Expected one JSON object");
  }
  const { type } = value as { type?: unknown };
  if (problem) throw new ProtocolError(problem.code, problem.message, refOf(value));
  if (typeof type !== "string") throw new ProtocolError("schema", "type: expected a string", refOf(value));
  const schema = Object.hasOwn(table, type) ? table[type] : undefined;
  if (schema === undefined) {
    throw new ProtocolError("unknown_type", `There is no message of type ${quote(type)}`, refOf(value));
  }
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const where = v.getDotPath(issue) ?? "message";
  const code = issue.message === TOO_LONG ? "too_long" : "schema";
  throw new ProtocolError(code, `${where}: ${issue.message}`.slice(0, 200).toWellFormed(), refOf(value));
}

/** The `ref` of a payload that is refused, when it is one that can be sent back. */
function refOf({ ref }: { ref?: unknown }): { ref: string | undefined } {
  return { ref: v.is(refSchema, ref) ? ref : undefined };
}

function utf8(payload: Uint8Array): string {
  if (payload[0] === 0xef && payload[1] === 0xbb && payload[2] === 0xbf) {
    throw new ProtocolError("utf8", "A byte order mark before the JSON text", { fatal: true });
  }
  try {
    return decoder.decode(payload);
  } catch {
    throw new ProtocolError("utf8", "Not well-formed UTF-8", { fatal: true });
  }
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new ProtocolError("json", "Not JSON", { fatal: true });
  }
}

function quote(type: string): string {
  return JSON.stringify(type.slice(0, MAX_ID));
}
