import type { Entry } from "../../entry.ts";
import { sanitise } from "../../sanitise.ts";
import { type Piece, piecesOf } from "./links.ts";

const read = new WeakMap<Entry, readonly Piece[]>();

/** The text of an entry, without the `/me ` of an action. */
export function TextOf({ entry }: { readonly entry: Entry }) {
  let pieces = read.get(entry);
  if (pieces === undefined) {
    pieces = piecesOf(sanitise(entry.text.replace(/^\/me /, ""), { lines: "keep" }));
    read.set(entry, pieces);
  }
  return <Pieces of={pieces} />;
}

/** A text of a peer: what are links are links, the rest of it is text. */
export function Text({ text }: { readonly text: string }) {
  return <Pieces of={piecesOf(sanitise(text, { lines: "keep" }))} />;
}

function Pieces({ of }: { readonly of: readonly Piece[] }) {
  return (
    <span class="text" dir="auto">
      {of.map(({ text, href }, at) =>
        href === undefined
          ? text
          : (
            <a key={at} href={href} target="_blank" rel="noopener noreferrer" referrerpolicy="no-referrer">
              {text}
            </a>
          )
      )}
    </span>
  );
}
