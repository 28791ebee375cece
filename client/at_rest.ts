/** Whether a consumer has dealt with all that it was given. */
export class AtRest {
  #rests = true;
  #rested = Promise.withResolvers<void>();

  /** Something is being dealt with. */
  begin(): void {
    this.#rests = false;
  }

  /** It was dealt with. */
  end(): void {
    this.#rests = true;
    this.#rested.resolve();
    this.#rested = Promise.withResolvers();
  }

  /** Resolves when nothing is left; what waits in a queue must be handed out within a turn. */
  async reached(): Promise<void> {
    while (true) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      if (this.#rests) return;
      await this.#rested.promise;
    }
  }
}
