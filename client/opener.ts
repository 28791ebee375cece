import type { Entry as Sent, WhisperEntry } from "../protocol/schema.ts";
import type { Entry } from "./entry.ts";
import type { Keys } from "./keys/keys.ts";

/** Makes what the server sends into what people read: opens what is sealed. */
export class Opener {
  readonly #keys: Keys | undefined;

  constructor(keys: Keys | undefined) {
    this.#keys = keys;
  }

  /** Of one conversation in the order of the entries. What cannot be opened says so in place of its text; never rejects. */
  open(sent: Sent): Entry | Promise<Entry> {
    if (sent.type === "message") return sent;
    const { sealed, text, ...rest } = sent;
    if (sealed === undefined) return { ...rest, text: text ?? "" };
    return this.#opened(rest, sealed);
  }

  /** A page of entries. */
  async openAll(page: readonly Sent[]): Promise<Entry[]> {
    return await Promise.all(page.map((sent) => this.open(sent)));
  }

  async #opened(whisper: Omit<WhisperEntry, "text" | "sealed">, sealed: string): Promise<Entry> {
    if (this.#keys === undefined) return shut(whisper, "no_keys", "this program has no keys");
    const opened = await this.#keys.open({ ...whisper, sealed });
    if ("unreadable" in opened) return shut(whisper, opened.unreadable, opened.message);
    const { body: { text, file }, seal } = opened;
    return { ...whisper, text, seal, ...file && { file } };
  }
}

function shut(whisper: Omit<WhisperEntry, "text" | "sealed">, unreadable: string, why: string): Entry {
  return { ...whisper, text: `[encrypted, and cannot be read here: ${why}]`, unreadable };
}
