import { PASTE_OFF, PASTE_ON } from "./keys.ts";
import type { Tty } from "./tty.ts";

/** The terminal's modes while the chat has it, and their way back: whatever happens, they are given back once. */
export class Modes {
  readonly #tty: Tty;
  readonly #linear: boolean;
  #taken = false;

  constructor(tty: Tty, { linear }: { readonly linear: boolean }) {
    this.#tty = tty;
    this.#linear = linear;
  }

  take(): void {
    if (this.#taken || this.#linear) return;
    this.#tty.raw(true);
    this.#tty.write(PASTE_ON);
    this.#taken = true;
  }

  restore(): void {
    if (!this.#taken) return;
    this.#taken = false;
    this.#tty.write(PASTE_OFF);
    this.#tty.raw(false);
  }
}
