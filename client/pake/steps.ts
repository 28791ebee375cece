import type { Stretching } from "../../protocol/schema.ts";
import type { Proven, Recorded } from "./pake.ts";

/** The four computations of OPAQUE on the client's side; none remembers another. */
export interface Steps {
  startLogin(given: { readonly password: string }): Started;
  finishLogin(given: Finishing): Proven | undefined;
  startRegistration(given: { readonly password: string }): Started;
  finishRegistration(given: Finishing): Recorded;
}

/** What goes to the server, and what is needed again when it has answered. */
export interface Started {
  readonly state: string;
  readonly request: string;
}

/** The answer of the server, with what went before. */
export interface Finishing {
  readonly password: string;
  readonly state: string;
  readonly response: string;
  readonly stretching: Stretching;
}

/** One step for the Worker to take. */
export interface Call {
  readonly id: number;
  readonly step: keyof Steps;
  readonly given: Parameters<Steps[keyof Steps]>[0];
}

/** What came of it. */
export type Outcome =
  | { readonly id: number; readonly value: ReturnType<Steps[keyof Steps]> }
  | { readonly id: number; readonly error: string };
