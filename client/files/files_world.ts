import type { Offer } from "../../protocol/schema.ts";
import type { Entry } from "../entry.ts";
import type { AskOnLink } from "../requests.ts";
import type { Transport } from "../transport.ts";
import type { Transfer } from "./transfer.ts";

/** What transfers act upon. */
export interface FilesWorld {
  /** A way to ask over the present link, or the next one where there is none. Rejects with `Refused` when there will be none. */
  readonly linked: () => Promise<AskOnLink>;
  /** Another connection to the same server. */
  readonly dial: () => Promise<Transport>;
  /** Says a message that offers a file; the same `id` is said once. */
  readonly offer: (to: string, text: string, more: { readonly id: string; readonly file: Offer }) => void;
  readonly tell: (transfer: Transfer) => void;
}

/** An entry of the conversation `to`, as it is shown. */
export interface Heard {
  readonly to: string;
  readonly entry: Pick<Entry, "from" | "file">;
  readonly mine: boolean;
}
