/**
 * How a file is doing. Outgoing: `reading`, `sending`, `sent` (the sender may leave), `fetched`. Incoming: `offered`,
 * `receiving`, `saved`. Either: `waiting` for the server to be there again, `failed`, `cancelled`.
 */
export type TransferState =
  | "offered"
  | "reading"
  | "waiting"
  | "sending"
  | "receiving"
  | "sent"
  | "fetched"
  | "saved"
  | "failed"
  | "cancelled";

/** A file on its way, or offered, as people see it. */
export interface Transfer {
  /** How people name it: 1, 2, 3 … */
  readonly number: number;
  readonly direction: "out" | "in";
  /** `"#room"` or `"@name"`. */
  readonly to: string;
  /** Who sends it. */
  readonly from: string;
  /** Fit for a file system and a screen. */
  readonly name: string;
  /** Bytes, and how many of them have been moved. */
  readonly size: number;
  readonly done: number;
  readonly state: TransferState;
  /** Bytes a second, lately; while it moves. */
  readonly rate?: number;
  /** What is sent, or where it was saved. */
  readonly path?: string;
  /** Why it failed; or who has fetched it. */
  readonly message?: string;
}

/** Whether something is still to be done for it. */
export function isUnderWay({ state }: Pick<Transfer, "state">): boolean {
  return state === "reading" || state === "waiting" || state === "sending" || state === "receiving";
}
