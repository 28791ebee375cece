import * as readline from "node:readline";
import { PassThrough, Writable } from "node:stream";
import { graphemes } from "./cells.ts";

/** Past this a line takes no more characters: no message may be nearly as long. */
const MAX_LINE = 65_536;
const MAX_UNDO = 200;

/** The two fields that `node:readline` keeps of a line, and lets one set. */
interface Line {
  line: string;
  cursor: number;
}

interface Press {
  readonly name: string;
  readonly ctrl?: boolean;
  readonly meta?: boolean;
}

/**
 * The line being typed. `node:readline` edits it (its keys, its words) and draws nothing: its output goes nowhere, the
 * screen draws. Characters are whole: the cursor never stands inside an emoji. Undo and yank are ours, because the
 * readline of older runtimes has neither; a newline may stand in the line like any character.
 */
export class Editor {
  readonly #readline = readline.createInterface({
    input: new PassThrough(),
    output: new Writable({ write: (_chunk, _encoding, done) => done() }),
    terminal: true,
    historySize: 0,
    prompt: "",
  });
  readonly #line = this.#readline as unknown as Line;
  readonly #undo: Line[] = [];
  #typing = false;
  #killed = "";

  get line(): string {
    return this.#line.line;
  }

  /** Where the cursor stands, in UTF-16 units. */
  get cursor(): number {
    return this.#line.cursor;
  }

  /** Replaces the line, as one step for undo. */
  set(line: string, cursor = line.length): void {
    this.#remember(false);
    this.#put(line, cursor);
  }

  /** Forgets what undo and yank would bring back. */
  forget(): void {
    this.#undo.length = 0;
    this.#killed = "";
    this.#typing = false;
  }

  /** Puts text where the cursor is. */
  insert(text: string): void {
    const { line, cursor } = this.#line;
    if (line.length + text.length > MAX_LINE) return;
    this.#remember(true);
    this.#put(line.slice(0, cursor) + text + line.slice(cursor), cursor + text.length);
  }

  /** One editing key, in readline's names. */
  press(key: Press): void {
    const plain = !key.ctrl && !key.meta;
    if (key.ctrl && key.name === "_") return this.#undoLast();
    if (key.ctrl && key.name === "y") return this.insert(this.#killed);
    this.#remember(false);
    const before = { line: this.line, cursor: this.cursor };
    if (plain && (key.name === "left" || key.name === "backspace")) this.#step(key, this.#before());
    else if (plain && (key.name === "right" || key.name === "delete")) this.#step(key, this.#after());
    else this.#step(key, 1);
    if (kills(key) && this.line.length < before.line.length) {
      const from = Math.min(before.cursor, this.cursor);
      this.#killed = before.line.slice(from, from + before.line.length - this.line.length);
    }
  }

  /** Frees readline's streams. */
  close(): void {
    this.#readline.close();
  }

  /** Readline steps by code point: often enough, that makes one character. */
  #step(key: Press, times: number): void {
    for (let step = 0; step < times; step++) this.#readline.write(null as unknown as string, { ...key });
  }

  #before(): number {
    return [...graphemes(this.line.slice(0, this.cursor)).at(-1) ?? ""].length;
  }

  #after(): number {
    return [...graphemes(this.line.slice(this.cursor))[0] ?? ""].length;
  }

  #put(line: string, cursor: number): void {
    this.#line.line = line;
    this.#line.cursor = cursor;
  }

  #remember(typing: boolean): void {
    if (typing && this.#typing) return; // what is typed in one go is undone in one go
    this.#typing = typing;
    if (this.#undo.at(-1)?.line === this.line) return;
    this.#undo.push({ line: this.line, cursor: this.cursor });
    if (this.#undo.length > MAX_UNDO) this.#undo.shift();
  }

  #undoLast(): void {
    this.#typing = false;
    while (this.#undo.at(-1)?.line === this.line) this.#undo.pop();
    const last = this.#undo.pop();
    if (last !== undefined) this.#put(last.line, last.cursor);
  }
}

function kills({ name, ctrl, meta }: Press): boolean {
  return (ctrl === true && "kuw".includes(name)) || (meta === true && (name === "d" || name === "backspace"));
}
