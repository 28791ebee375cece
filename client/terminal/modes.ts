import { PASTE_OFF, PASTE_ON } from "./keys.ts";
import type { Tty } from "./tty.ts";

/** The terminal's modes while the chat has it, and their way back: whatever happens, they are given back once. */
export class Modes {
  readonly #tty: Tty;
  readonly #linear: boolean;
  #taken = false;
  /** A secret is being typed: a terminal that edits lines itself must not show it. */
  #hidden = false;

  constructor(tty: Tty, { linear }: { readonly linear: boolean }) {
    this.#tty = tty;
    this.#linear = linear;
  }

  /** What is typed is not to be shown, or may be again. */
  hide(on: boolean): void {
    if (this.#hidden === on) return;
    this.#hidden = on;
    if (this.#linear) this.#tty.raw(on);
  }

  take(): void {
    if (this.#linear && this.#hidden) this.#tty.raw(true);
    if (this.#taken || this.#linear) return;
    this.#tty.raw(true);
    this.#tty.write(PASTE_ON);
    this.#taken = true;
  }

  restore(): void {
    if (this.#linear && this.#hidden) this.#tty.raw(false);
    if (!this.#taken) return;
    this.#taken = false;
    this.#tty.write(PASTE_OFF);
    this.#tty.raw(false);
  }
}
