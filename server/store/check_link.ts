// What a check in the background and who asked for it say to each other.
import type { Counts } from "./database_check.ts";
import type { Told } from "./failures.ts";

export interface ToCheck {
  readonly folder: string;
  /** As it is named where something is wrong with it. */
  readonly file: string;
}

export type FromCheck =
  | { readonly type: "counts"; readonly counts: Counts }
  | { readonly type: "whole" }
  | { readonly type: "failed"; readonly error: Told };
