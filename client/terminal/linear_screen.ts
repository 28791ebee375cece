import type { Item } from "./item.ts";
import { formatItem } from "./line_format.ts";
import type { Live } from "./live_region.ts";
import type { Look } from "./look.ts";
import type { Screen } from "./screen.ts";
import { sanitise } from "../sanitise.ts";
import type { Tty } from "./tty.ts";

/**
 * A terminal that only goes forward, as some are and as a screen reader likes it: every event is printed once, the
 * prompt follows it, and no byte ever moves the cursor. The line being typed belongs to the terminal.
 */
export class LinearScreen implements Screen {
  readonly #tty: Tty;
  readonly #look: Look;
  readonly #live: () => Live & { readonly me: string };
  #prompted = false;
  #waiting = false;

  constructor(tty: Tty, look: Look, live: () => Live & { readonly me: string }) {
    this.#tty = tty;
    this.#look = look;
    this.#live = live;
  }

  print(item: Item): void {
    const page = { ...this.#look, columns: this.#tty.size.columns, me: this.#live().me };
    const rows = formatItem(item, page).join("\n");
    this.#tty.write(`${this.#prompted ? "\n" : ""}${rows}\n`);
    this.#prompted = false;
    this.#prompt();
  }

  /** A line was entered. The terminal has echoed it, and stands on a fresh one, unless it was `unseen`. */
  entered({ unseen = false } = {}): void {
    if (unseen && this.#prompted) this.#tty.write("\n");
    this.#prompted = false;
    this.#prompt();
  }

  touch(): void {
    this.#prompt();
  }

  repaint(): void {}

  clear(): void {}

  bell(): void {
    this.#tty.write("\x07");
  }

  leave(): void {
    if (this.#prompted) this.#tty.write("\n");
    this.#prompted = true;
  }

  /** Once a turn, after all that it had to say. */
  #prompt(): void {
    if (this.#prompted || this.#waiting) return;
    this.#waiting = true;
    queueMicrotask(() => {
      this.#waiting = false;
      if (this.#prompted) return;
      this.#prompted = true;
      this.#tty.write(sanitise(this.#live().prompt, { lines: "escape", ascii: this.#look.ascii }));
    });
  }
}
