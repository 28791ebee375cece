/** Names that are told at the most. */
const SHOWN = 100;

/** Who is in a place, in a sentence. */
export function whoIsHere(place: string, users: readonly string[]): string {
  const shown = users.slice(0, SHOWN).join(", ") +
    (users.length > SHOWN ? `, and ${users.length - SHOWN} more` : "");
  return users.length === 0 ? `${place}: nobody` : `${place}: ${shown} (${users.length})`;
}
