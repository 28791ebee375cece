import { Refused } from "../refused.ts";
import type { Narrator } from "./narrator.ts";

/** Errands are done one after the other, so that answers come in the order of the questions. */
export class ErrandLine {
  readonly #narrator: Narrator;
  #line: Promise<void> = Promise.resolve();

  constructor(narrator: Narrator) {
    this.#narrator = narrator;
  }

  /** Does it after those before it; what goes wrong is told. */
  add(errand: () => Promise<void>): void {
    this.#line = this.#line.then(errand).catch((error: unknown) => {
      if (error instanceof Refused) this.#narrator.complain(error.message, error.code);
      else this.#narrator.complain(`Cannot do that: ${error}`);
    });
  }
}
