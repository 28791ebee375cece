import type { ErrorCode } from "../protocol/errors.ts";
import type { Hello, Request } from "../protocol/schema.ts";

/** What a client may want once it has its name. */
export type Ask = Exclude<Request, { type: "hello" | "transfer" }>;
/** Requests about keys for what the server cannot read. */
export type KeyAsk = Extract<Ask, { type: "publish" | "keys" | "key_log" | "vault" | "archive" }>;

/** Requests about files that are kept for others. */
export type FileAsk = Extract<Ask, { type: "upload" | "download" | "fetched" | "withdraw" }>;

/** A hello, its name brought to normal form; `problem` says why nobody may have that name. */
export interface Claim {
  readonly type: "claim";
  readonly hello: Hello;
  /** The name as it was typed. */
  readonly raw: string;
  readonly problem: { readonly code: ErrorCode; readonly message: string } | undefined;
  /** What came behind the hello: to be read once the claim is settled. */
  readonly rest: Uint8Array<ArrayBuffer>;
}

/** The connection is to carry a file: what comes next is no session's affair. */
export interface Carriage {
  readonly type: "transfer";
  readonly ticket: string;
  readonly ref: string | undefined;
  /** What came behind the request. */
  readonly rest: Uint8Array<ArrayBuffer>;
}

/** Something was refused without asking the hub. */
export interface Refusal {
  readonly type: "refuse";
  readonly code: ErrorCode;
  readonly message: string;
  readonly fatal: boolean;
  readonly ref: string | undefined;
}

/** What a sandboxed session concluded from some bytes. */
export type Verdict = Claim | Carriage | Refusal | Ask;

/** Main thread to session Worker, in lists. A `chunk` is answered by exactly one {@linkcode Reply}. */
export type ToSession =
  | { readonly type: "open"; readonly channel: number; readonly welcomed: boolean }
  | { readonly type: "chunk"; readonly channel: number; readonly chunk: Uint8Array<ArrayBuffer> }
  | { readonly type: "close"; readonly channel: number };

/** Session Worker to main thread, in lists: one for each list that held a chunk. */
export interface Reply {
  readonly channel: number;
  readonly verdicts: readonly Verdict[];
  /** Whole frames that the chunk completed. */
  readonly frames: number;
  /** Whether a frame has begun that the chunk did not complete. */
  readonly partial: boolean;
}
