import type { Denial } from "../denial.ts";
import type { KeyStore } from "../store/key_store.ts";
import { type PeopleStore, StoreFull } from "../store/store.ts";
import type { Directory } from "./directory.ts";
import type { Guard } from "./guard.ts";
import type { Household } from "./household.ts";
import type { Failure, OpaqueHost } from "./opaque_host.ts";
import type { OwnerCode } from "./owner_code.ts";
import type { Quota } from "./quota.ts";

/** How soon to come back when too many passwords are being checked, and when there is no room on the disk. */
const BUSY_MS = 1_000;
const FULL_MS = 10_000;

/** What all desks share. */
export interface Office {
  readonly people: PeopleStore;
  readonly keys: KeyStore | undefined;
  readonly directory: Directory;
  readonly guard: Guard;
  /** New accounts of each source. */
  readonly founded: Quota;
  readonly opaque: OpaqueHost;
  readonly owner: OwnerCode;
  readonly household: Household;
  readonly devicesPerAccount: number;
  /** Whether there are no guests. */
  readonly required: boolean;
  /** Milliseconds that never go back, and milliseconds since 1970. */
  readonly clock: () => number;
  readonly wall: () => number;
  /** Does one such work at a time: what changes an account must not meet a sign-in or another change half-way. */
  alone<T>(work: () => Promise<T>): Promise<T>;
}

/** Why the OPAQUE Worker did not do what was asked. */
export function failed({ type }: Failure): Denial {
  switch (type) {
    case "busy":
    case "lost":
      return {
        code: "busy",
        message: "Too many are signing in just now, try again in a moment",
        retry_ms: BUSY_MS,
      };
    case "malformed":
      return { code: "schema", message: "Expected a message of OPAQUE" };
    default:
      return type satisfies never;
  }
}

/** What `work` resolves with, or that there is no room to keep it. */
export async function unlessFull<T>(work: () => Promise<T>): Promise<T | Denial> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof StoreFull)) throw error;
    return {
      code: "store_full",
      message: "The server has no room to keep this, try again later",
      retry_ms: FULL_MS,
    };
  }
}
