/** How much of a file may be handed out: grows while it comes in, and tells those who wait for more. */
export class Arrival {
  #have: number;
  #over = false;
  #moved = Promise.withResolvers<void>();

  constructor(have: number) {
    this.#have = have;
  }

  get have(): number {
    return this.#have;
  }
  /** The file is gone: there will be no more. */
  get over(): boolean {
    return this.#over;
  }
  /** Resolves when there is more than now, or it is over. */
  get moved(): Promise<void> {
    return this.#moved.promise;
  }

  reach(have: number): void {
    if (have === this.#have) return;
    this.#have = have;
    this.#moved.resolve();
    this.#moved = Promise.withResolvers();
  }

  end(): void {
    this.#over = true;
    this.#moved.resolve();
  }
}
