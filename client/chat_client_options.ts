import type { FilesWorld } from "./files/files_world.ts";
import type { Transfers } from "./files/transfers.ts";
import type { Keys, KeysWorld } from "./keys/keys.ts";
import type { Memory } from "./memory/memory.ts";
import type { Pake } from "./pake/pake.ts";
import type { Transport } from "./transport.ts";

/** How a `ChatClient` reaches its server, and under which name. */
export interface ChatClientOptions {
  /**
   * Opens a link; called for the first connection and for every one after it. `tell`: something the person should know.
   * Rejects with `Refused` where there must be none.
   */
  readonly dial: (tell: (notice: string) => void) => Promise<Transport>;
  readonly name: string;
  /** Of this program; told to the server. */
  readonly version: string;
  /** What survives this process; without one nothing does. Closed when the client ends. */
  readonly memory?: Memory;
  /** Seals and opens whispers; without it they are sent as they are, and what comes sealed stays so. Disposed of when the client ends. */
  readonly keys?: (world: KeysWorld) => Keys;
  /** Sends and fetches files; without it there are none. Disposed of when the client ends. */
  readonly files?: (world: FilesWorld) => Transfers;
  /** Without one there are no passwords: a name that needs one is refused. Disposed of when the client ends. */
  readonly pake?: Pake;
  /** What the owner of an account is shown of this device. */
  readonly device?: string;
  /** Spreads the attempts of many clients to come back: 0 up to, not including, 1. */
  readonly random?: () => number;
  readonly backoff?: { readonly minMs: number; readonly maxMs: number };
  /** Silence after which the link is tested with a ping, and the patience for its answer and for a `welcome`. */
  readonly pulse?: { readonly quietMs: number; readonly patienceMs: number };
}
