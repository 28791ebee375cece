/** Lines typed before, the oldest first, and a place in them; a half-typed line is kept while one looks around. */
export class InputHistory {
  readonly #lines: string[];
  #at: number;
  #draft = "";

  constructor(lines: readonly string[] = []) {
    this.#lines = [...lines];
    this.#at = this.#lines.length;
  }

  /** Keeps a line, and goes back to the present. */
  add(line: string): void {
    if (line.trim() !== "" && this.#lines.at(-1) !== line) this.#lines.push(line);
    this.present();
  }

  /** Forgets the place, not the lines. */
  present(): void {
    this.#at = this.#lines.length;
    this.#draft = "";
  }

  /** The line before, or undefined at the oldest; `current` is what stands in the composer. */
  up(current: string): string | undefined {
    if (this.#at === 0) return undefined;
    if (this.#at === this.#lines.length) this.#draft = current;
    return this.#lines[--this.#at];
  }

  /** The line after; past the newest comes the half-typed one. */
  down(): string | undefined {
    if (this.#at === this.#lines.length) return undefined;
    this.#at++;
    return this.#at === this.#lines.length ? this.#draft : this.#lines[this.#at];
  }

  /** The newest line with `query` in it, among those older than `before`. */
  search(query: string, before = Infinity): { readonly line: string; readonly at: number } | undefined {
    for (let at = Math.min(before, this.#lines.length) - 1; at >= 0; at--) {
      const line = this.#lines[at]!;
      if (line.toLowerCase().includes(query.toLowerCase())) return { line, at };
    }
    return undefined;
  }
}
