import type { Statement } from "../../protocol/schema.ts";

/** What an account has said last of its keys, and where its key stands in the log. */
export interface Stated {
  readonly account: number;
  readonly statement: Statement;
  readonly n: number;
}

/** What an account publishes at once. */
export interface Publication {
  readonly account: number;
  readonly name: string;
  /** The device that signed in, and publishes. */
  readonly device: number;
  readonly statement?: Statement | undefined;
  readonly vault?: string | undefined;
  /** Under which id of the statement the packages are. */
  readonly id?: string | undefined;
  readonly packages?: readonly string[] | undefined;
  readonly lastResort?: string | undefined;
}

/** What became of it: how the account stands, and packages of `id` that nobody has taken; or it was for another counter. */
export type Published = { readonly stated: Stated | undefined; readonly packages: number } | "stale";

/** One link of the chain of all keys there ever were; without `key` the account was given up. */
export interface KeyEntry {
  readonly n: number;
  readonly user: string;
  readonly key?: string;
  readonly hash: string;
}

/** A key package of one device. */
export interface Package {
  readonly device: string;
  readonly package: string;
}

/** Keys for what the server cannot read. What is written here is durable when it resolves. */
export interface KeyStore {
  /** What all accounts have stated. */
  stated(): Promise<readonly Stated[]>;
  /** All of it or nothing; a statement follows the one before by 1. Packages of devices that are not stated any more go. */
  publish(publication: Publication): Promise<Published>;
  /** One package of each device: taken out, or with `last` the last resort, as where there is no other. */
  take(account: number, last: boolean): Promise<readonly Package[]>;
  keyLog(after: number, limit: number): Promise<readonly KeyEntry[]>;
  vault(account: number): Promise<string | undefined>;
  /** Appends to what an account keeps; resolves with false where that would be more than `most` characters in all. */
  keep(account: number, put: string, most: number): Promise<boolean>;
  kept(account: number, after: number, limit: number): Promise<readonly { n: number; put: string }[]>;
  /** Under which id each device that can sign in has published. */
  publishers(account: number): Promise<ReadonlyMap<number, string>>;
}
