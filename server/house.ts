import type { Accounts } from "./accounts/accounts.ts";
import type { Answering } from "./dispatcher.ts";
import type { FileDesk } from "./files/file_desk.ts";
import type { Hub } from "./hub.ts";
import type { Limits } from "./limits.ts";
import type { KeyAsk } from "./link.ts";
import type { Turn } from "./turn.ts";
import type { Workforce } from "./workforce.ts";

/** What all connections share. */
export interface House {
  readonly hub: Hub;
  readonly accounts: Accounts;
  readonly keys: Answering<KeyAsk>;
  readonly files: FileDesk;
  readonly workforce: Workforce;
  readonly turn: Turn;
  readonly limits: Limits;
  readonly clock: () => number;
  /** The connection has a name now. */
  signedIn(): void;
  /** What came from its address was not the protocol. */
  penalise(seconds: number): void;
}
