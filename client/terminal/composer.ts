import type { Completions } from "../completion.ts";
import { Editor } from "./editor.ts";
import { HistorySearch } from "./history_search.ts";
import type { InputHistory } from "./input_history.ts";
import type { Key } from "./keys.ts";
import { TabCycle } from "./tab_cycle.ts";

/** What a key asked for that is not a matter of the line alone. */
export type Wish =
  /** Enter. `verbatim`: the line began as a paste of several lines, and is text whatever it looks like. */
  | { readonly kind: "submit"; readonly line: string; readonly verbatim: boolean }
  /** `older`: PgUp on an empty line. */
  | { readonly kind: "interrupt" | "end" | "suspend" | "redraw" | "older" };

/** What the screen shows of the composer. */
export interface ComposerView {
  readonly line: string;
  readonly cursor: number;
  /** Replaces the prompt while searching. */
  readonly searching: string | undefined;
  readonly hint: string;
}

/** Sending more than this at once is asked about. */
const MANY_LINES = 10;
const MANY_CHARACTERS = 4_000;

// deno-lint-ignore no-control-regex
const CONTROL = /[\x00-\x09\x0b-\x1f\x7f-\x9f]/g;

/** The line being typed and all that helps with it: history, search, completion, paste. Draws nothing. */
export class Composer {
  readonly #editor = new Editor();
  readonly #history: InputHistory;
  readonly #search: HistorySearch;
  readonly #tab: TabCycle;
  #pastedHead = false;
  #hint = "";
  /** The long line about which was asked. */
  #asked = "";

  constructor(history: InputHistory, complete: (line: string, cursor: number) => Completions) {
    this.#history = history;
    this.#search = new HistorySearch(this.#editor, history);
    this.#tab = new TabCycle(this.#editor, complete);
  }

  get view(): ComposerView {
    const { line, cursor } = this.#editor;
    return { line, cursor, searching: this.#search.prompt, hint: this.#hint || this.#search.hint };
  }

  get line(): string {
    return this.#editor.line;
  }

  /** Replaces the line: what could not be sent comes back this way. */
  set(line: string): void {
    this.#editor.set(line);
    this.#pastedHead = false;
  }

  /** Keeps a line that was sent, and empties the composer. */
  sent(line: string): void {
    this.#history.add(line);
    this.clear();
  }

  /** Empties the composer, and no key brings the line back. */
  forget(): void {
    this.clear();
    this.#editor.forget();
  }

  /** Empties the composer. */
  clear(): void {
    this.set("");
    this.#history.present();
    this.#hint = this.#asked = "";
  }

  /** Takes one key. */
  press(key: Key): Wish | undefined {
    this.#hint = "";
    if (key.kind === "key" && this.#search.press(key)) return undefined;
    if (key.kind === "key" && key.name === "tab") {
      this.#hint = this.#tab.step(key.shift ? -1 : 1);
      return undefined;
    }
    this.#tab.end();
    return key.kind === "key" ? this.#command(key) : this.#insert(key);
  }

  /** Frees the editor. */
  close(): void {
    this.#editor.close();
  }

  #insert({ kind, text }: Key & { kind: "text" | "paste" }): undefined {
    const clean = text.replace(/\r\n?/g, "\n").replace(/\t/g, "    ").replace(CONTROL, "");
    if (this.#search.on) return this.#search.type(clean) as undefined;
    const { line, cursor } = this.#editor;
    if (line === "") this.#pastedHead = false;
    if (kind === "paste" && line.slice(0, cursor).trim() === "") this.#pastedHead = true;
    this.#editor.insert(clean);
  }

  #command(key: Key & { kind: "key" }): Wish | undefined {
    const { name, ctrl, meta } = key;
    if (name === "return") return meta ? this.#newline() : this.#submit();
    if (!meta && (ctrl ? name === "p" : name === "up")) return this.#recall(this.#history.up(this.line));
    if (!meta && (ctrl ? name === "n" : name === "down")) return this.#recall(this.#history.down());
    if (name === "pageup" || name === "pagedown") {
      return name === "pageup" && this.line === "" ? { kind: "older" } : undefined;
    }
    switch (ctrl ? name : "") {
      case "c":
        if (this.line === "") return { kind: "interrupt" };
        return this.clear() as undefined;
      case "d":
        if (this.line === "") return { kind: "end" };
        return this.#editor.press({ name: "delete" }) as undefined;
      case "z":
        return { kind: "suspend" };
      case "l":
        return { kind: "redraw" };
      case "r":
        return this.#search.start() as undefined;
      default:
        return this.#editor.press(key) as undefined;
    }
  }

  #newline(): undefined {
    this.#editor.insert("\n");
  }

  #recall(line: string | undefined): undefined {
    if (line === undefined) return;
    this.#editor.set(line);
    this.#pastedHead = line.includes("\n");
  }

  #submit(): Wish | undefined {
    const line = this.line;
    const rows = line.split("\n").length;
    if ((rows > MANY_LINES || line.length > MANY_CHARACTERS) && this.#asked !== line) {
      this.#asked = line;
      this.#hint = `${rows} lines, ${line.length} characters: Enter again sends them, Ctrl-C drops them`;
      return undefined;
    }
    return { kind: "submit", line, verbatim: this.#pastedHead && line.includes("\n") };
  }
}
