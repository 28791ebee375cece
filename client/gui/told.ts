import type { DeviceView } from "../../protocol/schema.ts";
import type { Entry } from "../entry.ts";
import type { Role } from "../client_event.ts";
import type { Privacy, SafetyWords } from "../keys/keys.ts";
import type { ChatState } from "./chat_state.ts";
import type { News } from "./news.ts";
import type { Wish } from "./wish.ts";

/** What a wish is answered with; those that are not named here with nothing. */
export interface Answers {
  readonly users: readonly string[];
  readonly rooms: readonly { readonly room: string; readonly users: number; readonly seq: number }[];
  /** `words` are what was looked for in the text. */
  readonly search: {
    readonly entries: readonly Entry[];
    readonly more: boolean;
    readonly words: readonly string[];
  };
  readonly register: Role;
  /** What to compare with somebody, one emoji for each word. */
  readonly verify: SafetyWords & { readonly name: string; readonly privacy: Privacy };
  readonly devices: readonly DeviceView[];
}
export type Answer<K extends Wish["kind"]> = K extends keyof Answers ? Answers[K] : null;

/** What a window is told: the whole state first, from then on the news, and answers to what it asked. */
export type Told =
  | { readonly kind: "state"; readonly state: ChatState; readonly version: string; readonly server: string }
  | { readonly kind: "news"; readonly news: readonly News[] }
  | { readonly kind: "answer"; readonly id: number; readonly value: unknown }
  | { readonly kind: "problem"; readonly id: number; readonly code: string; readonly message: string };
