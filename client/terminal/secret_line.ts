import { graphemes } from "./cells.ts";
import type { Key } from "./keys.ts";

/** More than any password may have. */
const MOST = 1_024;

// deno-lint-ignore no-control-regex
const CONTROL = /[\x00-\x1f\x7f-\x9f]/g;

/** What a key made of the line. */
export type Unseen = { readonly kind: "submit"; readonly line: string } | { readonly kind: "abandon" };

/** A line typed unseen: nothing of it is drawn, kept, completed or searched, not even its length. */
export class SecretLine {
  #typed = "";
  /** A paste had a second line: only the first one counts. */
  #cut = false;

  /** Takes one key. */
  press(key: Key): Unseen | undefined {
    if (key.kind !== "paste") this.#cut = false;
    if (key.kind === "key") return this.#command(key);
    if (this.#cut) return undefined;
    const text = this.#typed === "" ? key.text.replace(/^[\r\n]+/, "") : key.text;
    const [line = "", ...more] = text.split(/[\r\n]/);
    this.#cut = key.kind === "paste" && more.length > 0;
    const typed = this.#typed + line.replace(CONTROL, "");
    if (typed.length <= MOST) this.#typed = typed;
    return undefined;
  }

  /** Forgets what was typed. */
  clear(): void {
    this.#typed = "";
    this.#cut = false;
  }

  #command({ name, ctrl, meta }: Key & { kind: "key" }): Unseen | undefined {
    if (name === "return" && !meta) {
      const line = this.#typed;
      this.clear();
      return { kind: "submit", line };
    }
    if (name === "escape" || (ctrl && (name === "c" || (name === "d" && this.#typed === "")))) {
      this.clear();
      return { kind: "abandon" };
    }
    if (name === "backspace" && !meta) this.#typed = graphemes(this.#typed).slice(0, -1).join("");
    else if ((ctrl && (name === "u" || name === "w")) || name === "backspace") this.clear();
    return undefined;
  }
}
