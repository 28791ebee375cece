import type { Privacy } from "./keys/keys.ts";

/** What stands in the title of a conversation: who can read it. */
export const PRIVACY: Readonly<Record<Privacy, string>> = {
  verified: "e2e verified",
  e2e: "e2e",
  plain: "server can read",
  changed: "key changed, nothing is sent",
};

/** How a conversation stands, in a sentence. */
export function privacyLine(
  { with: name, privacy }: { readonly with: string; readonly privacy: Privacy },
): string {
  switch (privacy) {
    case "verified":
      return `@${name}: e2e verified; only the two of you can read this`;
    case "e2e":
      return `@${name}: e2e; only the two of you can read this. To be sure that it is ${name}: /verify ${name}`;
    case "plain":
      return `@${name}: server can read this`;
    case "changed":
      return `@${name}: the key has changed, so nothing is sent. Ask ${name}, then /verify ${name} shows what to do`;
    default:
      return privacy satisfies never;
  }
}
