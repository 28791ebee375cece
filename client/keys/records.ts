import * as v from "valibot";
import { isOffer } from "../../protocol/schema.ts";
import type { Body } from "./keys.ts";

const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const text = v.string();

/** The server has never seen this: it is checked here as nowhere else. */
const offer = v.pipe(v.unknown(), v.check(isOffer, "Expected what it takes to fetch a file"));
const body = v.object({ text, file: v.exactOptional(offer) });

/** What an MLS message carries: the key of the body, what it belongs to, and what its sender knows of the key log. */
const header = v.object({
  v: v.literal(1),
  /** The device that wrote it. */
  device: text,
  from: text,
  to: text,
  id: text,
  /** Counts messages of a group, from 1. */
  n: v.pipe(whole, v.minValue(1)),
  /** Of the body, and the SHA-256 of its ciphertext. */
  key: text,
  hash: text,
  log: v.tuple([whole, text]),
  /** Of all the rest and the group, by the device's key. */
  signature: text,
});
export type Header = v.InferOutput<typeof header>;

/** What the account's owner has for all devices, sealed with the password. */
const vault = v.object({ v: v.literal(1), identity: text, public: text, archive: text });
export type Vault = v.InferOutput<typeof vault>;

/** The key of one body: of which conversation and message, and once it is known at which place. */
const bodyKey = v.object({ with: text, id: text, seq: v.exactOptional(whole), key: text });
export type BodyKey = v.InferOutput<typeof bodyKey>;

/** What is kept on disk of one device's keys, one after the other; a later one of a kind takes an earlier one's place. */
const record = v.variant("kind", [
  v.object({ kind: v.literal("account"), identity: text, public: text, archive: text }),
  v.object({ kind: v.literal("device"), id: text, public: text, private: text }),
  v.object({ kind: v.literal("vault"), vault: text }),
  v.object({ kind: v.literal("package"), ref: text, public: text, private: text, last: v.boolean() }),
  v.object({ kind: v.literal("spent"), ref: text }),
  v.object({ kind: v.literal("group"), id: text, from: text, device: text, n: whole, state: text }),
  v.object({ kind: v.literal("key"), key: bodyKey, archived: v.boolean() }),
  /** So many of the account's archive are known here. */
  v.object({ kind: v.literal("archive"), n: whole }),
]);
export type Record = v.InferOutput<typeof record>;

/** Throws where it is none; the same holds for all of these. */
export function readBody(json: string): Body {
  return v.parse(body, JSON.parse(json)) as Body;
}

export function readHeader(json: string): Header {
  return v.parse(header, JSON.parse(json));
}

export function readVault(json: string): Vault {
  return v.parse(vault, JSON.parse(json));
}

export function readBodyKeys(json: string): BodyKey[] {
  return v.parse(v.array(bodyKey), JSON.parse(json));
}

export function readRecords(json: string): Record[] {
  return v.parse(v.array(record), JSON.parse(json));
}
