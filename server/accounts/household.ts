import type { Request } from "../../protocol/schema.ts";
import type { Denial } from "../denial.ts";
import type { Account } from "../store/store.ts";

/** Who says a hello: a guest, or a device of an account that has proved itself. */
export type Who = { readonly kind: "guest" } | {
  readonly kind: "account";
  readonly account: Account;
  readonly device: number;
  readonly token: string;
  /** Wrong passwords that somebody has tried since the last right one. */
  readonly failures: number;
};

/** What is asked about accounts, their passwords and devices; names are in their normal form. */
export type AccountAsk = Extract<
  Request,
  { type: "login" | "register" | "enrol" | "unregister" | "devices" | "revoke" }
>;

/** What accounts need to know and change about who is here. */
export interface Household {
  /** Why `name` cannot be registered from this connection: somebody else is here by that name or one that looks like it. */
  taken(name: string, skeletons: readonly string[], by: object): Denial | undefined;
  /** The sender identity of the guest on this connection, if it has signed in. */
  identityOf(by: object): string | undefined;
  /** The guest on this connection has just become this account. */
  enrolled(by: object, account: Account, device: number, token: string): void | Promise<void>;
  /** Ends connections of the account with a fatal `replaced`: all, those of one device, all but one connection. */
  signOut(
    account: Account,
    which: { readonly device?: number; readonly but?: object },
    message: string,
  ): void;
  /** The account is no more: its connections end, that of `by` once it was answered. */
  unregistered(account: Account, by: object | undefined): void;
  /** Its devices that are connected now. */
  here(account: Account): ReadonlySet<number>;
}

/** Where nobody is. */
export const EMPTY: Household = {
  taken: () => undefined,
  identityOf: () => undefined,
  enrolled: () => {},
  signOut: () => {},
  unregistered: () => {},
  here: () => new Set(),
};
