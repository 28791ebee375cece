import type { Item } from "./item.ts";
import { formatItem, type Page } from "./line_format.ts";
import { layLive, type Live, type Region } from "./live_region.ts";
import type { Look } from "./look.ts";
import type { Tty } from "./tty.ts";

/** Where things are shown: a transcript that only grows, and below it what changes. */
export interface Screen {
  /** Adds to the transcript. */
  print(item: Item): void;
  /** Something in the live region changed. */
  touch(): void;
  /** Draws everything again, after a resize or whatever else disturbed the screen. */
  repaint(): void;
  /** Empties the screen and forgets the transcript. */
  clear(): void;
  bell(): void;
  /** Draws what is waiting, and leaves the cursor on a fresh row. */
  leave(): void;
}

/** Items kept to draw again. */
const MAX_KEPT = 500;
/** Rows are cut off at the margin, should our idea of a width differ from the terminal's: layout never breaks. */
const NO_WRAP = "\x1b[?7l";
const WRAP = "\x1b[?7h";
const HIDE = "\x1b[?25l";
const SHOW = "\x1b[?25h";

/** A terminal with a cursor to move: one write a turn, whatever happened in it. */
export class AnsiScreen implements Screen {
  readonly #tty: Tty;
  readonly #look: Look;
  readonly #live: () => Live & { readonly me: string };
  readonly #kept: Item[] = [];
  readonly #fresh: Item[] = [];
  /** Row of the cursor in the live region as it stands on the screen. */
  #cursorRow = 0;
  /** Of the terminal, when it was drawn on last. */
  #size = "";
  #drawn = true;
  #bell = "";
  #left = false;
  /** The screen holds nothing but ours: drawing it again loses nothing of others. */
  #owned = false;

  constructor(tty: Tty, look: Look, live: () => Live & { readonly me: string }) {
    this.#tty = tty;
    this.#look = look;
    this.#live = live;
  }

  print(item: Item): void {
    this.#fresh.push(item);
    this.touch();
  }

  touch(): void {
    if (!this.#drawn || this.#left) return;
    this.#drawn = false;
    queueMicrotask(() => this.#draw());
  }

  bell(): void {
    this.#bell = "\x07";
    this.touch();
  }

  repaint(): void {
    this.#left = false;
    this.#keep(this.#fresh.splice(0));
    const page = this.#page();
    const region = layLive(page.live, page);
    const room = page.rows - region.rows.length;
    const rows: string[] = [];
    for (let at = this.#kept.length - 1; at >= 0 && rows.length < room; at--) {
      rows.unshift(...formatItem(this.#kept[at]!, page));
    }
    // Lines are written over, not cleared first: clearing would flicker, and in some terminals scroll.
    const all = [...rows.slice(Math.max(0, rows.length - room)), ...region.rows];
    const aside = this.#owned ? "" : `${this.#toTop()}\x1b[J\x1b[${page.rows};1H${"\r\n".repeat(page.rows)}`;
    this.#owned = true;
    this.#put(
      aside + "\x1b[H" + all.map((row) => `\x1b[K${row}`).join("\r\n") + "\x1b[J",
      region,
      sizeOf(page),
    );
  }

  clear(): void {
    this.#kept.length = this.#fresh.length = 0;
    this.#owned = true;
    this.repaint();
  }

  leave(): void {
    if (this.#left) return;
    if (!this.#drawn) this.#draw();
    this.#left = true;
    // What was typed and the prompt go: they are not part of what was said.
    this.#tty.write(`${this.#toTop()}\x1b[J`);
    this.#cursorRow = 0;
  }

  #draw(): void {
    if (this.#drawn || this.#left) return;
    const page = this.#page();
    // Resized, and not yet told: nothing is where it was.
    if (this.#size !== "" && this.#size !== sizeOf(page)) return this.repaint();
    const region = layLive(page.live, page);
    const added = this.#fresh.flatMap((item) => formatItem(item, page));
    this.#keep(this.#fresh.splice(0));
    this.#put(this.#toTop() + "\x1b[J" + [...added, ...region.rows].join("\r\n"), region, sizeOf(page));
  }

  #put(text: string, region: Region, size: string): void {
    const up = region.rows.length - 1 - region.cursor.row;
    const back = (up > 0 ? `\x1b[${up}A` : "") + "\r" +
      (region.cursor.column > 0 ? `\x1b[${region.cursor.column}C` : "");
    const bell = this.#bell;
    this.#bell = "";
    this.#drawn = true;
    this.#cursorRow = region.cursor.row;
    this.#size = size;
    this.#tty.write(bell + HIDE + NO_WRAP + text + back + WRAP + SHOW);
  }

  #toTop(): string {
    return (this.#cursorRow > 0 ? `\x1b[${this.#cursorRow}A` : "") + "\r";
  }

  #keep(items: readonly Item[]): void {
    this.#kept.push(...items);
    this.#kept.splice(0, this.#kept.length - MAX_KEPT);
  }

  #page(): Page & { readonly rows: number; readonly live: Live } {
    const live = this.#live();
    return { ...this.#look, ...this.#tty.size, me: live.me, live };
  }
}

function sizeOf({ columns, rows }: { readonly columns: number; readonly rows: number }): string {
  return `${columns}x${rows}`;
}
