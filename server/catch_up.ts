import type { Outbox } from "./outbox.ts";
import type { Store, Stored } from "./store/store.ts";

/** Entries read from the store at a time. */
const PAGE = 100;
/** Bytes that may wait in the outbox before more are added: far below what makes a slow reader. */
const AHEAD_BYTES = 64 * 1024;

interface Missed {
  readonly conversation: string;
  /** The last seq that the reader has. */
  readonly after: number;
  /** The last seq to send; looked at again after every page. */
  readonly through: () => number;
  readonly send: (entry: Stored) => void;
  /** Names what can no longer be had. */
  readonly gap: (from: number, to: number) => void;
  /** Everything up to `through()` has been sent, as of this very moment: what comes next can go out by itself. */
  readonly done?: () => void;
}

/** Sends what somebody missed, a little at a time and no faster than `outbox` gets rid of it. */
export async function catchUp(store: Store, outbox: Outbox, missed: Missed): Promise<void> {
  const { conversation, through, send, gap, done } = missed;
  for (let at = missed.after; at < through() && !outbox.over;) {
    const end = through();
    const entries = await store.read(conversation, { after: at, before: end + 1, limit: PAGE });
    const first = entries[0]?.seq ?? end + 1;
    if (first > at + 1) gap(at + 1, first - 1);
    for (const entry of entries) {
      send(entry);
      if (outbox.behind > AHEAD_BYTES) await outbox.written();
    }
    at = entries.at(-1)?.seq ?? end;
  }
  done?.();
}
