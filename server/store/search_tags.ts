const encoder = new TextEncoder();

/** Under which words, apart from its own, an entry is found: its conversation, its author, and the two of a whisper. */
export function tagsOf(conversation: number, key: string, author: string): string {
  const both = twoOf(key);
  const whispered = both ? ` ${nameTag(both[0])} ${nameTag(both[1])}` : "";
  return `${conversationTag(conversation)} ${authorTag(author)}${whispered}`;
}

export function conversationTag(id: number): string {
  return `c${id}`;
}

export function authorTag(name: string): string {
  return `u${hex(name)}`;
}

/** Of all whispers to and from somebody of that name. */
export function nameTag(name: string): string {
  return `p${hex(name)}`;
}

/** The two of a conversation of two. */
export function twoOf(key: string): readonly [string, string] | undefined {
  const space = key.indexOf(" ");
  return key.startsWith("@") && space > 0 ? [key.slice(1, space), key.slice(space + 1)] : undefined;
}

function hex(name: string): string {
  return Array.from(encoder.encode(name), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
