import type { Bytes } from "./encoding.ts";
import type { Openable, Outcome } from "./receiver.ts";
import type { Counters, Sealable } from "./sender.ts";

/** How a device stands. */
export interface Standing {
  /** The account's key, where it is known here. */
  readonly identity: string | undefined;
  readonly device: { readonly id: string; readonly key: string } | undefined;
  /** Whether a last resort was made. */
  readonly lastResort: boolean;
  /** So much of the archive is known. */
  readonly archived: number;
  readonly unarchived: number;
  /** The account's keys as they were sealed for other devices when they were made here. */
  readonly vault: string | undefined;
}

/** What is asked of the Worker that has the secrets. Nothing that it answers with is one. */
export interface Steps {
  /** Takes up what an earlier process has left; `key` is the one of the files. Nothing after the first so many can be read. */
  load(given: { readonly key: Bytes; readonly journal: readonly Bytes[] }): number;
  /** Takes from what others beside this one have left whose account it is. */
  adopt(given: { readonly siblings: readonly Bytes[] }): Standing;
  /** Makes an identity, where there is none or it is to be another one, and a vault. */
  found(given: { readonly exportKey: string; readonly another: boolean }): Standing;
  unlock(given: { readonly vault: string; readonly exportKey: string }): boolean;
  vault(given: { readonly exportKey: string }): string | undefined;
  device(given: Record<never, never>): Standing;
  sign(given: { readonly bytes: Bytes }): string;
  pack(given: { readonly name: string; readonly count: number; readonly last: boolean }): readonly string[];
  ready(given: { readonly to: string; readonly counters: Counters }): boolean;
  start(
    given: {
      readonly me: string;
      readonly to: string;
      readonly counters: Counters;
      readonly packages: readonly string[];
      readonly members: ReadonlyMap<string, string>;
    },
  ): null;
  seal(given: Sealable): string | undefined;
  open(given: Openable): Outcome;
  toArchive(given: Record<never, never>): string | undefined;
  /** What was given out last is in the archive. */
  archived(given: Record<never, never>): number;
  /** All that is known, as one record for the journal, and what was noted before with it. */
  whole(given: Record<never, never>): Bytes;
  fromArchive(given: { readonly puts: readonly string[]; readonly n: number }): number;
}

/** One step for the Worker to take. */
export interface Call {
  readonly id: number;
  readonly step: keyof Steps;
  readonly given: Parameters<Steps[keyof Steps]>[0];
}

/** What came of it; `journal` is to be on disk before anybody hears of the value. */
export type Reply =
  | { readonly id: number; readonly value: ReturnType<Steps[keyof Steps]>; readonly journal?: Bytes }
  | { readonly id: number; readonly error: string };
