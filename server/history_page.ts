import { frame } from "../protocol/frames.ts";
import { entryJson } from "./entry.ts";
import type { Ask } from "./link.ts";
import type { Store } from "./store/store.ts";

/** Entries of a page that was asked for without a `limit`. */
const USUAL = 50;
/** What the entries of one page may take of a frame. */
const PAGE_BYTES = 60 * 1024;

const encoder = new TextEncoder();

interface Bounds {
  readonly asked: Extract<Ask, { type: "history" }>;
  /** The last seq that may be shown, and the last one that may not because it was before the reader's time. */
  readonly head: number;
  readonly floor: number;
}

/** The frame that answers `history`: the newest entries before `before` that fit, oldest first. */
export async function historyPage(
  store: Store,
  conversation: string,
  { asked, head, floor }: Bounds,
): Promise<Uint8Array<ArrayBuffer>> {
  const before = Math.min(asked.before ?? Infinity, head + 1);
  const limit = asked.limit ?? USUAL;
  const entries = await store.read(conversation, { after: floor, before, limit, last: true });
  const { floor: oldest } = await store.extent(conversation);
  const texts: string[] = [];
  let size = 0;
  let first = before;
  for (const entry of entries.toReversed()) {
    const text = entryJson(entry);
    size += encoder.encode(text).length + 1;
    if (size > PAGE_BYTES) break;
    texts.push(text);
    first = entry.seq;
  }
  const more = texts.length > 0 && first > Math.max(oldest, floor + 1);
  const expired = oldest > floor + 1 && first <= oldest ? `,"expired":${oldest - 1}` : "";
  const ref = asked.ref === undefined ? "" : `,"ref":${JSON.stringify(asked.ref)}`;
  return frame(encoder.encode(
    `{"type":"history","room":${
      JSON.stringify(asked.room)
    },"entries":[${texts.reverse()}],"more":${more}${expired}${ref}}`,
  ));
}
