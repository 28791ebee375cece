import { createHash } from "node:crypto";
import { BEGINNING, linkBytes } from "../../protocol/key_texts.ts";

/** The hash of a link of the key log, in lower-case hex; `before` is the one of the link before it. */
export function linkHash(
  before: string | undefined,
  link: { readonly n: number; readonly user: string; readonly key?: string | undefined },
): string {
  return createHash("sha256").update(linkBytes(before ?? BEGINNING, link)).digest("hex");
}
