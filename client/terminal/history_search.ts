import type { Editor } from "./editor.ts";
import type { InputHistory } from "./input_history.ts";
import type { Key } from "./keys.ts";

interface State {
  readonly query: string;
  /** Place of the line found. */
  readonly at: number;
  readonly found: boolean;
  readonly before: { readonly line: string; readonly cursor: number };
}

/** Ctrl-R: each character narrows the search, and the line found stands in the editor meanwhile. */
export class HistorySearch {
  readonly #editor: Editor;
  readonly #history: InputHistory;
  #state: State | undefined;

  constructor(editor: Editor, history: InputHistory) {
    this.#editor = editor;
    this.#history = history;
  }

  get on(): boolean {
    return this.#state !== undefined;
  }

  /** Stands for the prompt while it is on. */
  get prompt(): string | undefined {
    if (this.#state === undefined) return undefined;
    return `(search) ${this.#state.query}${this.#state.found ? "" : " (nothing)"}: `;
  }

  get hint(): string {
    return this.on ? "type to search; Ctrl-R older, Enter takes it, Esc back" : "";
  }

  start(): void {
    const { line, cursor } = this.#editor;
    this.#state = { query: "", at: Infinity, found: true, before: { line, cursor } };
  }

  type(text: string): void {
    if (this.#state !== undefined) this.#find({ ...this.#state, query: this.#state.query + text });
  }

  /** Whether the key was for the search; any other takes the line found, and then does its own work. */
  press({ name, ctrl, meta }: Key & { kind: "key" }): boolean {
    const state = this.#state;
    if (state === undefined) return false;
    if (name === "escape" || (ctrl && (name === "g" || name === "c"))) {
      this.#editor.set(state.before.line, state.before.cursor);
      this.#state = undefined;
    } else if (ctrl && name === "r") {
      this.#find(state, state.at);
    } else if (name === "backspace" && !meta) {
      this.#find({ ...state, query: [...state.query].slice(0, -1).join("") });
    } else {
      this.#state = undefined;
      return name === "return" && !meta;
    }
    return true;
  }

  #find(state: State, before = Infinity): void {
    const found = state.query === "" ? undefined : this.#history.search(state.query, before);
    this.#state = { ...state, found: found !== undefined || state.query === "", at: found?.at ?? state.at };
    if (found === undefined) return;
    const at = found.line.toLowerCase().indexOf(state.query.toLowerCase());
    this.#editor.set(found.line, Math.min(found.line.length, Math.max(0, at)));
  }
}
