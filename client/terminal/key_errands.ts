import type { Keys } from "../keys/keys.ts";
import { privacyLine } from "../privacy.ts";
import { Refused } from "../refused.ts";
import type { ErrandLine } from "./errand_line.ts";
import type { Chat } from "./front.ts";
import type { Narrator } from "./narrator.ts";

interface Staff {
  readonly chat: Chat;
  readonly narrator: Narrator;
  readonly line: ErrandLine;
}

/** `/verify`, and what tells who can read a conversation. */
export class KeyErrands {
  readonly #staff: Staff;

  constructor(staff: Staff) {
    this.#staff = staff;
  }

  /** Shows the words; or takes somebody's word that they are the same, or another key for theirs. */
  verify(name: string, step: "show" | "same" | "accept"): void {
    const { line } = this.#staff;
    line.add(async () => {
      const keys = this.#keys();
      if (step === "accept") await keys.accept(name);
      if (step === "same") await keys.confirm(name);
      if (step === "same") return this.#tellPrivacy(name, keys);
      await this.#show(name, keys);
    });
  }

  /** Says who can read a conversation. */
  title(to: string): void {
    const { chat, narrator, line } = this.#staff;
    if (!to.startsWith("@")) return narrator.tell(`${to}: server can read`);
    line.add(async () => {
      const name = to.slice(1);
      await chat.keys?.look(name);
      if (chat.keys === undefined) narrator.tell(privacyLine({ with: name, privacy: "plain" }));
      else this.#tellPrivacy(name, chat.keys);
    });
  }

  async #show(name: string, keys: Keys): Promise<void> {
    const { narrator } = this.#staff;
    const { words, emoji } = await keys.words(name);
    narrator.tell(`words of you and ${name}: ${words.join(" ")}`);
    narrator.tell(`the same as pictures: ${emoji.map(({ symbol, name }) => `${symbol} ${name}`).join(", ")}`);
    if (keys.privacy(name) === "changed") {
      return narrator.tell(`${name} has another key than before: if that is right, /verify ${name} accept`);
    }
    narrator.tell(`ask ${name}, not in this chat, for theirs; if they are the same: /verify ${name} same`);
  }

  #tellPrivacy(name: string, keys: Keys): void {
    this.#staff.narrator.tell(privacyLine({ with: name, privacy: keys.privacy(name) }));
  }

  #keys(): Keys {
    const { keys } = this.#staff.chat;
    if (keys) return keys;
    throw new Refused("keys", "Only accounts have keys: /register makes one");
  }
}
