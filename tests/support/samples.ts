import type * as v from "valibot";
import { type Event, events, type Request, requests } from "../../protocol/schema.ts";

/** One message of each type with every field it may have, and what kind of value each field wants, from the schema. */
export interface Sample<T> {
  readonly value: T;
  readonly fields: readonly Field[];
}

export interface Field {
  readonly name: string;
  readonly is: "string" | "integer" | "boolean" | "array" | "object";
  readonly optional: boolean;
}

const token = "AAAAAAAAAAAAAAAAAAAAAA";
const at = "2026-01-31T12:00:00.000Z";
const ref = "r1";
const message = { type: "message", room: "lobby", seq: 42, at, from: "alice", id: "m1", text: "hi" } as const;
const whisper = { type: "whisper", from: "alice", to: "bob", seq: 7, at, id: "w1", text: "psst" } as const;
const blob = "AAECAwQFBgcICQ-_";
const stretching = { iterations: 3, memory: 65_536, parallelism: 1 };
const device = { device: 1, label: "laptop", created: at, seen: at, here: true, current: false };
const key = "A".repeat(43);
const id = "B".repeat(22);
const statement = { key, counter: 1, devices: [{ id, key }], signature: "C".repeat(86) };
const file = { file: id, name: "a.txt", size: 3, key };
const view = { room: "lobby", seq: 41, users: ["alice"], total: 1 };

export const REQUESTS: readonly Sample<Request>[] = sampled<Request>(requests, [
  {
    type: "hello",
    protocol: 1,
    name: "alice",
    session: token,
    log: token,
    resume: { lobby: 1, "@bob": 0 },
    client: "c",
    proof: blob,
    instance: token,
    device: "laptop",
    ref,
  },
  { type: "login", name: "bob", request: blob, ref },
  { type: "register", name: "bob", request: blob, ref },
  {
    type: "enrol",
    name: "bob",
    record: blob,
    stretching,
    proof: blob,
    claim: "abcd-efgh",
    device: "laptop",
    vault: blob,
    ref,
  },
  { type: "unregister", proof: blob, ref },
  { type: "devices", ref },
  { type: "revoke", device: 2, ref },
  { type: "read", room: "@bob", seq: 7, ref },
  { type: "search", text: "disk full", from: "bob", room: "ops", since: at, limit: 20, ref },
  { type: "message", room: "lobby", id: "m1", text: "hi", file, ref },
  { type: "whisper", to: "bob", id: "w1", text: "psst", file, ref },
  { type: "whisper", to: "bob", id: "w2", sealed: blob, keys: [3, 0], ref },
  { type: "publish", statement, vault: blob, device: id, packages: [blob], last_resort: blob, ref },
  { type: "keys", user: "bob", take: true, ref },
  { type: "key_log", after: 0, ref },
  { type: "vault", ref },
  { type: "archive", put: blob, after: 3, ref },
  { type: "upload", to: "@bob", size: 3, file: id, ref },
  { type: "download", file: id, have: 0, ref },
  { type: "fetched", file: id, ref },
  { type: "withdraw", file: id, ref },
  { type: "transfer", ticket: key, ref },
  { type: "users", room: "lobby", after: "bob", ref },
  { type: "join", room: "tea", ref },
  { type: "leave", room: "tea", ref },
  { type: "rooms", after: "lobby", ref },
  { type: "history", room: "@bob", before: 40, limit: 200, ref },
  { type: "ping", ref },
  { type: "pong", ref },
  { type: "bye", ref },
]);

export const EVENTS: readonly Sample<Event>[] = sampled<Event>(events, [
  {
    type: "welcome",
    protocol: 1,
    name: "alice",
    session: token,
    resumed: false,
    closed: "idle",
    server: { version: "0.1.0", log: token },
    limits: { text_points: 4_000 },
    rooms: [view],
    account: "member",
    read: [{ room: "@bob", seq: 7 }],
    failures: 3,
    ref,
  },
  { type: "login", response: blob, stretching, ref },
  { type: "register", response: blob, ref },
  { type: "enrolled", name: "bob", session: token, account: "owner", ref },
  { type: "unregistered", name: "bob", ref },
  { type: "devices", devices: [device], ref },
  { type: "revoked", device: 2, ref },
  { type: "read", room: "lobby", seq: 42 },
  { type: "found", entries: [message, whisper], more: false, ref },
  { ...message, file, ref },
  { ...whisper, file, ref },
  { type: "whisper", from: "alice", to: "bob", seq: 7, at, id: "w1", sealed: blob, ref },
  { type: "joined", room: "lobby", user: "bob", seq: 3, users: ["alice", "bob"], total: 2, ref },
  { type: "left", room: "lobby", user: "bob", reason: "bye", ref },
  { type: "receipt", with: "bob", seq: 7, status: "delivered" },
  { type: "gap", room: "@bob", from: 1, to: 5, why: "expired" },
  { type: "users", room: "lobby", users: ["alice"], total: 2, next: "alice", ref },
  { type: "rooms", rooms: [{ room: "lobby", users: 2, seq: 42 }], next: "lobby", ref },
  { type: "history", room: "lobby", entries: [message, whisper], more: true, expired: 3, ref },
  { type: "published", counter: 1, packages: 20, ref },
  { type: "keys", user: "bob", statement, packages: [{ device: id, package: blob }], n: 1, ref },
  { type: "key_log", entries: [{ n: 1, user: "bob", key, hash: "0".repeat(64) }], more: false, ref },
  { type: "vault", vault: blob, ref },
  { type: "archive", entries: [{ n: 1, put: blob }], more: false, ref },
  { type: "upload", file: id, ticket: key, have: 0, ref },
  { type: "download", file: id, ticket: key, size: 3, ref },
  { type: "fetched", file: id, user: "bob", ref },
  { type: "withdrawn", file: id, ref },
  { type: "transfer", size: 3, have: 0, ref },
  { type: "stored", have: 3 },
  { type: "ping", ref },
  { type: "pong", ref },
  { type: "error", code: "rate", message: "Slower.", fatal: false, retry_ms: 100, min: 1, max: 1, ref },
]);

function sampled<T extends { readonly type: string }>(
  table: Readonly<Record<string, v.GenericSchema>>,
  values: readonly T[],
): readonly Sample<T>[] {
  const missing = Object.keys(table).filter((type) => values.every((value) => value.type !== type));
  if (missing.length > 0) throw new Error(`No sample of ${missing}`);
  return values.map((value) => {
    const { entries } = table[value.type] as unknown as { entries: Record<string, v.GenericSchema> };
    const fields = Object.entries(entries).flatMap(([name, schema]) => fieldOf(name, schema));
    const kin = values.filter(({ type }) => type === value.type); // of what excludes something else there are several
    const unseen = fields.filter(({ name }) => !kin.some((each) => Object.hasOwn(each, name)));
    if (unseen.length > 0) {
      throw new Error(`No sample of ${value.type} has ${unseen.map(({ name }) => name)}`);
    }
    const there = fields.filter(({ name }) => Object.hasOwn(value, name));
    const either = table === requests && value.type === "whisper" ? ["text", "sealed"] : [];
    return {
      value,
      fields: there.map((each) => either.includes(each.name) ? { ...each, optional: false } : each),
    };
  });
}

/** None for `type` itself, and for a field that takes anything. */
function fieldOf(name: string, schema: v.GenericSchema): Field[] {
  const optional = schema.type === "optional";
  const inner = (optional ? (schema as unknown as { wrapped: v.GenericSchema }).wrapped : schema) as
    & v.GenericSchema
    & { pipe?: readonly { type: string }[] };
  const kinds = (inner.pipe ?? [inner]).map(({ type }) => type);
  if (kinds.includes("record") || kinds.includes("object")) return [{ name, is: "object", optional }];
  if (kinds.includes("array")) return [{ name, is: "array", optional }];
  if (kinds.includes("boolean")) return [{ name, is: "boolean", optional }];
  if (kinds.includes("number")) return [{ name, is: "integer", optional }];
  if (kinds.includes("picklist")) return [{ name, is: "string", optional }];
  if (kinds.includes("string")) return [{ name, is: "string", optional }];
  if (kinds.includes("literal") && name !== "type") return [{ name, is: "string", optional }];
  return [];
}
