import type { ChatClient, Search } from "./chat_client.ts";
import { jsonLine, plainLine } from "./pipe_format.ts";

/** Results that one search prints. */
const MOST = 200;

/** Looks for something and prints what was found, the newest last; resolves with whether there is more. */
export async function printFound(
  client: Pick<ChatClient, "name" | "search">,
  what: Search,
  { json, print }: { readonly json: boolean; readonly print: (line: string) => Promise<boolean> },
): Promise<boolean> {
  const { entries, more } = await client.search({ ...what, limit: MOST });
  for (const entry of entries.toReversed()) {
    const mine = entry.from === client.name;
    const to = entry.type === "message" ? `#${entry.room}` : `@${mine ? entry.to : entry.from}`;
    const event = { kind: "entry", to, entry, mine } as const;
    const line = json ? jsonLine(event) : plainLine(event);
    if (line !== undefined && !await print(line)) break;
  }
  return more;
}
