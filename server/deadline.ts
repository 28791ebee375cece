/** A time limit that is put off whenever something happens. */
export class Deadline implements Disposable {
  readonly #ms: number;
  readonly #over = Promise.withResolvers<void>();
  #timer: ReturnType<typeof setTimeout>;

  constructor(ms: number) {
    this.#ms = ms;
    this.#timer = setTimeout(this.#over.resolve, ms);
  }

  /** Resolves when nothing has happened for so long. */
  get over(): Promise<void> {
    return this.#over.promise;
  }

  /** Something has happened: the time begins anew. */
  putOff(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#over.resolve, this.#ms);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }
}
