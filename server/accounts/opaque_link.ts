import type { Credential } from "./credential.ts";

/** Main thread to the OPAQUE Worker: one at a time, each but `forget` answered by exactly one {@linkcode FromOpaque}. */
export type ToOpaque =
  /** The server's secret, or none yet: then one is made and told, once. */
  | { readonly type: "open"; readonly secret: string | undefined }
  /** A sign-in begins. Without an account it goes the same way, to an end that nobody can reach. */
  | {
    readonly type: "login";
    /** By which it is known later; never used again, not even by the next Worker. */
    readonly login: number;
    readonly name: string;
    readonly credential: Credential | undefined;
    readonly request: string;
  }
  | { readonly type: "proof"; readonly login: number; readonly proof: string }
  | { readonly type: "forget"; readonly login: number }
  | { readonly type: "register"; readonly credential: string; readonly request: string }
  | { readonly type: "check"; readonly record: string }
  /** The record of a password that we make ourselves, for somebody who has lost theirs. */
  | {
    readonly type: "make";
    readonly credential: string;
    readonly password: string;
    readonly stretching: Stretched;
  };

/** How a password was stretched. */
export interface Stretched {
  readonly iterations: number;
  readonly memory: number;
  readonly parallelism: number;
}

/** What the OPAQUE Worker answers. */
export type FromOpaque =
  | { readonly type: "opened"; readonly made: string | undefined }
  | { readonly type: "login"; readonly text: string }
  /** `gone`: there is no such sign-in, or not any more. */
  | { readonly type: "proof"; readonly outcome: "right" | "wrong" | "gone" }
  | { readonly type: "register"; readonly text: string }
  | { readonly type: "check" }
  | { readonly type: "make"; readonly text: string }
  /** What came is no message of OPAQUE. */
  | { readonly type: "malformed" };

/** The longest thing that the Worker has to say. */
const LONGEST = 1_024;

/** Whether the OPAQUE Worker has said something that it may say. */
export function isFromOpaque(data: unknown): data is FromOpaque {
  if (typeof data !== "object" || data === null || !("type" in data)) return false;
  const { type, made, text, outcome } = data as Readonly<Record<string, unknown>>;
  switch (type) {
    case "opened":
      return made === undefined || isBlob(made);
    case "login":
    case "register":
    case "make":
      return isBlob(text);
    case "proof":
      return outcome === "right" || outcome === "wrong" || outcome === "gone";
    case "check":
    case "malformed":
      return true;
    default:
      return false;
  }
}

function isBlob(value: unknown): value is string {
  return typeof value === "string" && value.length <= LONGEST && /^[A-Za-z0-9_-]+$/.test(value);
}
