import type { Case } from "../vectors.ts";

const schema = { code: "schema", fatal: false };
const token = "0123456789abcdef0123456789abcdef";
const say = { type: "message", room: "lobby", id: "m1", text: "hi all" };
const psst = { type: "whisper", to: "bob", id: "w1", text: "psst" };
const back = {
  type: "hello",
  protocol: 1,
  name: "alice",
  session: token,
  log: token,
  resume: { lobby: 42, "@bob": 0 },
};

const blob = "AAECAwQFBgcICQ-_";
const stretching = { iterations: 3, memory: 65_536, parallelism: 1 };
const login = { type: "login", name: "bob", request: blob };
const proven = { type: "hello", protocol: 1, name: "bob", proof: blob, device: "laptop" };

function means(
  name: string,
  rule: string,
  request: Readonly<Record<string, unknown>>,
  more: object = {},
): Case {
  return { name, rule, json: JSON.stringify({ ...request, ...more }), means: request };
}

function refused(
  name: string,
  rule: string,
  request: Readonly<Record<string, unknown>>,
  error: Case["error"] = schema,
): Case {
  return { name, rule, json: JSON.stringify(request), error };
}

/** Rules W1 to W8: every request, and what is wrong with it. */
export const REQUESTS: readonly Case[] = [
  { ...means("hello of one who comes back", "R1", back), state: "greeting", named: "alice" },
  {
    ...means("hello of another version", "H2", { type: "hello", protocol: 2, name: "alice" }),
    state: "greeting",
    named: "alice",
  },
  {
    ...means("hello without a version", "H2", { type: "hello", name: "alice" }),
    state: "greeting",
    named: "alice",
  },
  means("message", "M1", say),
  means("message with a ref", "W6", { ...say, ref: "7" }),
  means("message of emoji and controls", "W7", { ...say, text: "😀\u200d\u202e\t\n\u001b[31m" }),
  means("message with a field to ignore", "W3", say, { colour: "red", from: "mallory" }),
  means("whisper", "P1", psst),
  means("users everywhere", "Q1", { type: "users" }),
  means("users of a room, next page", "Q1", { type: "users", room: "lobby", after: "bob" }),
  { ...means("join", "Q2", { type: "join", room: "tea", ref: "1" }), named: "tea" },
  means("leave", "Q3", { type: "leave", room: "tea" }),
  means("rooms", "Q4", { type: "rooms" }),
  means("rooms, next page", "Q4", { type: "rooms", after: "lobby" }),
  means("history", "Q5", { type: "history", room: "lobby", before: 43, limit: 200 }),
  means("history of whispers", "Q5", { type: "history", room: "@bob" }),
  { ...means("hello with a proof", "U3", proven), state: "greeting", named: "bob" },
  { ...means("login", "U3", login), state: "greeting" },
  means("login of one's own name", "U6", login),
  refused("login without padding to spare", "U1", { ...login, request: "AAEC+/==" }),
  refused("login of a request too long", "U1", { ...login, request: "A".repeat(1_025) }),
  {
    ...means("register", "U4", { type: "register", name: "bob", request: blob, ref: "2" }),
    state: "greeting",
  },
  means("enrol", "U4", { type: "enrol", name: "bob", record: blob, stretching, device: "laptop" }),
  means("enrol of the owner", "U4", { type: "enrol", name: "bob", record: blob, stretching, claim: "k7" }),
  refused("enrol with too much memory", "U1", {
    type: "enrol",
    name: "bob",
    record: blob,
    stretching: { ...stretching, memory: 2_097_152 },
  }),
  means("unregister", "U7", { type: "unregister", proof: blob }),
  means("devices", "U5", { type: "devices" }),
  means("revoke", "U5", { type: "revoke", device: 2 }),
  refused("revoke of no device", "U5", { type: "revoke", device: 0 }),
  means("read", "U8", { type: "read", room: "@bob", seq: 7 }),
  means("search", "Q8", { type: "search", text: '"disk full"', from: "bob", room: "ops" }),
  means("search of a time", "Q8", { type: "search", since: "2026-01-30T00:00:00.000Z", limit: 200 }),
  refused("search of no time", "Q8", { type: "search", since: "yesterday" }),
  refused("search for too much", "Q8", { type: "search", text: "x".repeat(257) }),
  means("ping", "Q6", { type: "ping", ref: "p" }),
  means("pong", "Q6", { type: "pong" }),
  means("bye", "Q7", { type: "bye" }),

  refused("an unknown type", "W2", { type: "dance", ref: "7" }, {
    code: "unknown_type",
    fatal: false,
    ref: "7",
  }),
  refused("a type in capitals", "W2", { type: "PING" }, { code: "unknown_type", fatal: false }),
  refused("what only servers say", "W2", { type: "joined", room: "a", user: "b" }, {
    code: "unknown_type",
    fatal: false,
  }),
  refused("a missing field", "W4", { type: "message", room: "lobby", id: "m1", ref: "9" }, {
    ...schema,
    ref: "9",
  }),
  refused("null for a field", "W4", { ...say, room: null }),
  refused("null for a field that may be missing", "W4", { type: "users", room: null }),
  refused("a number for a string", "W4", { ...say, text: 5 }),
  refused("an array for an object", "W4", { type: "hello", protocol: 1, name: "alice", resume: [] }),
  refused("an empty id", "W5", { ...say, id: "" }),
  refused("an id with a space", "W5", { ...say, id: "m 1" }),
  refused("an id of 65 characters", "W5", { ...say, id: "m".repeat(65) }),
  means("an id of 64 characters", "W5", { ...say, id: "m".repeat(64) }),
  refused("a ref of 65 characters", "W6", { ...say, ref: "r".repeat(65) }),
  refused("a ref that is no string", "W6", { ...say, ref: 7 }),
  refused("an empty text", "W7", { ...say, text: "" }),
  refused("NUL in a text", "W7", { ...say, text: "a\u0000b" }),
  refused("a non-character in a text", "W7", { ...say, text: "a\uffffb" }),
  means("4,000 characters", "W7", { ...say, text: "x".repeat(4_000) }),
  means("4,000 characters of four bytes", "W7", { ...say, text: "😀".repeat(4_000) }),
  refused("4,001 characters", "W7", { ...say, text: "x".repeat(4_001), ref: "r" }, {
    code: "too_long",
    fatal: false,
    ref: "r",
  }),
  refused("a limit of 0", "W8", { type: "history", room: "lobby", limit: 0 }),
  refused("a limit of 201", "W8", { type: "history", room: "lobby", limit: 201 }),
  refused("a limit and a half", "W8", { type: "history", room: "lobby", limit: 1.5 }),
  refused("a number as a string", "W8", { type: "history", room: "lobby", before: "5" }),
  refused("2 to the power of 53", "W8", { type: "history", room: "lobby", before: 2 ** 53 }),
  {
    name: "minus zero",
    rule: "W8",
    json: '{"type":"hello","protocol":1,"name":"alice","resume":{"lobby":-0}}',
    error: schema,
  },
  {
    name: "an infinite number",
    rule: "W8",
    json: '{"type":"history","room":"lobby","before":1e999}',
    error: schema,
  },
  {
    name: "a whole number written as a fraction",
    rule: "W8",
    json: '{"type":"history","room":"lobby","limit":5.0}',
    means: { type: "history", room: "lobby", limit: 5 },
  },
  refused("a session that is no token", "W9", {
    type: "hello",
    protocol: 1,
    name: "alice",
    session: "short",
  }),
];
