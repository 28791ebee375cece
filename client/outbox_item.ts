import type { Request } from "../protocol/schema.ts";
import type { Draft } from "./client_event.ts";

/** A message without an outcome, and how far it has got. */
export interface Item {
  readonly draft: Draft;
  readonly number: number;
  /** As it is sent, once that is known; the same however often it is sent. */
  request: Request | undefined;
  /** That is being found out. */
  preparing: boolean;
  /** How often in a row it was prepared for what is no longer so. */
  stale: number;
  /** It may be sent: it is kept on disk, or cannot be. */
  ready: boolean;
  /** An earlier process has left it, and nobody was told of it yet. */
  untold: boolean;
  /** On its way over the present link. */
  flying: boolean;
  /** How often it was sent, over all links. */
  tries: number;
}

/** A message that was said only now. */
export function itemOf(draft: Draft, { number, ready }: Pick<Item, "number" | "ready">): Item {
  const begun = { request: undefined, preparing: false, stale: 0, untold: false, flying: false, tries: 0 };
  return { draft, number, ready, ...begun };
}
