import { sanitiseName } from "../../sanitise.ts";

/** A conversation as people read it: `#room`, or the name of a person. */
export function titleOf(to: string): string {
  return to.startsWith("#") ? `#${sanitiseName(to.slice(1))}` : sanitiseName(to.slice(1));
}

/** A name of a peer, kept from disturbing what stands around it. */
export function Name({ name }: { readonly name: string }) {
  return <bdi class={`name tint-${tintOf(name)}`}>{sanitiseName(name)}</bdi>;
}

/** Colours for names; every name always has the same. */
const TINTS = 8;

/** Which colour a name has. */
export function tintOf(name: string): number {
  let sum = 0;
  for (const char of name) sum = (sum * 31 + char.codePointAt(0)!) >>> 0;
  return sum % TINTS;
}
