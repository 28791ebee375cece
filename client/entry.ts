import type { MessageEntry, Offer, WhisperEntry } from "../protocol/schema.ts";

/** Who could read it: only the two, whose keys were compared (`verified`) or not (`e2e`); missing: the server, too. */
export type Seal = "verified" | "e2e";

/** One entry of a conversation as front ends get it: what was sealed is open. */
export type Entry =
  & (MessageEntry | Omit<WhisperEntry, "text" | "sealed"> & { readonly text: string })
  & {
    /** What it offers. */
    readonly file?: Offer | undefined;
    readonly seal?: Seal;
    /** Why it cannot be read here; the text says it in words. */
    readonly unreadable?: string;
  };
