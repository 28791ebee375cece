import type { Key } from "./keys.ts";
import { SecretLine } from "./secret_line.ts";

/**
 * Asks one thing after the other: yields the prompt, and gets what was typed unseen, or `undefined` when the person gave
 * up. It goes on within the same key, so that nothing typed ahead is ever shown.
 */
export type Dialogue<T = void> = Generator<string, T, string | undefined>;

/** While a dialogue goes on all keys are its own, and the composer is not seen. */
export class Secrets {
  readonly #line = new SecretLine();
  readonly #hide: (on: boolean) => void;
  #dialogue: Dialogue | undefined;
  #prompt: string | undefined;

  /** `hide` keeps the terminal itself from showing what is typed. */
  constructor(hide: (on: boolean) => void) {
    this.#hide = hide;
  }

  /** What to type now; `undefined` when no secret is asked for. */
  get prompt(): string | undefined {
    return this.#prompt;
  }

  /** Begins a dialogue; one that goes on already is dropped. */
  ask(dialogue: Dialogue): void {
    this.#dialogue = dialogue;
    this.#line.clear();
    this.#go(dialogue, undefined);
  }

  /** Nothing more is asked. */
  done(): void {
    this.#dialogue = this.#prompt = undefined;
    this.#line.clear();
    this.#hide(false);
  }

  /** Takes a key; says whether it was for a dialogue. */
  press(key: Key): boolean {
    const dialogue = this.#dialogue;
    if (dialogue === undefined) return false;
    // Suspending and redrawing are no matter of the line.
    if (key.kind === "key" && key.ctrl && (key.name === "z" || key.name === "l")) return false;
    const unseen = this.#line.press(key);
    if (unseen !== undefined) this.#go(dialogue, unseen.kind === "submit" ? unseen.line : undefined);
    return true;
  }

  #go(dialogue: Dialogue, answer: string | undefined): void {
    const { value, done } = dialogue.next(answer);
    if (this.#dialogue !== dialogue) return; // it made way for another
    if (done) return this.done();
    this.#prompt = value as string;
    this.#hide(true);
  }
}
