import type { ChatClientOptions } from "./chat_client_options.ts";
import type { ClientEvent, Draft } from "./client_event.ts";
import type { Files } from "./files/files.ts";
import type { Keys } from "./keys/keys.ts";
import type { AskOnLink } from "./requests.ts";

/** What the companions of a client may do with it. */
export interface Company {
  /** Asks over the present link. */
  readonly ask: AskOnLink;
  readonly tell: (event: ClientEvent) => void;
  readonly say: (to: string, text: string, more: Pick<Draft, "file">) => Draft;
  /** What the server takes at the most, by name. */
  readonly limit: (name: string) => number | undefined;
}

/** Keys and files, where a client was given any. */
export function companions(
  { keys, files }: Pick<ChatClientOptions, "keys" | "files">,
  { ask, tell, say, limit }: Company,
): { readonly keys: Keys | undefined; readonly files: Files | undefined } {
  return {
    keys: keys?.({ ask, tell }),
    files: files?.({
      ask,
      tell,
      offer: (to, text, file) => say(to, text, { file }),
      limit: () => limit("file_bytes"),
    }),
  };
}
