import type { Completions } from "../completion.ts";
import type { Editor } from "./editor.ts";

/** The first Tab puts the best match in, more go round, Shift-Tab goes back; any other key ends it. */
export class TabCycle {
  readonly #editor: Editor;
  readonly #complete: (line: string, cursor: number) => Completions;
  #going: (Completions & { readonly at: number; readonly tail: string }) | undefined;

  constructor(editor: Editor, complete: (line: string, cursor: number) => Completions) {
    this.#editor = editor;
    this.#complete = complete;
  }

  /** Any other key: what stands in the line is taken. */
  end(): void {
    this.#going = undefined;
  }

  /** Puts the next option into the line; returns a hint at the others. */
  step(by: 1 | -1): string {
    this.#going ??= this.#begin(by);
    if (this.#going === undefined) return "nothing to complete";
    const { start, options, tail } = this.#going;
    const at = (this.#going.at + by + options.length) % options.length;
    this.#going = options.length === 1 ? undefined : { start, options, tail, at };
    const head = this.#editor.line.slice(0, start) + options[at];
    this.#editor.set(head + tail, head.length);
    if (options.length === 1) return "";
    return options.map((each, index) => index === at ? `[${each.trim()}]` : each.trim()).join("  ");
  }

  #begin(by: 1 | -1) {
    const { line, cursor } = this.#editor;
    const found = this.#complete(line, cursor);
    if (found.options.length === 0) return undefined;
    return { ...found, at: by > 0 ? -1 : 0, tail: line.slice(cursor).replace(/^ /, "") };
  }
}
