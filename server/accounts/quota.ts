interface Options {
  /** How many in any such span. */
  readonly most: number;
  readonly spanMs: number;
  /** Sources remembered; beyond that whichever took nothing for longest is forgotten. */
  readonly sources?: number;
}

/** So many of something from each source in any span of time. Pure state: the clock is handed in. */
export class Quota {
  readonly #most: number;
  readonly #spanMs: number;
  readonly #sources: number;
  /** When each source took one, the oldest first; the source that took one last comes last. */
  readonly #taken = new Map<string, number[]>();

  constructor({ most, spanMs, sources = 10_000 }: Options) {
    this.#most = most;
    this.#spanMs = spanMs;
    this.#sources = sources;
  }

  get size(): number {
    return this.#taken.size;
  }

  /** Milliseconds until `source` may take one: 0 when it may now. */
  wait(source: string, now: number): number {
    const recent = this.#recent(source, now);
    if (recent.length < this.#most) return 0;
    return Math.max(1, Math.ceil(recent[recent.length - this.#most]! + this.#spanMs - now));
  }

  take(source: string, now: number): void {
    if (this.#most === Infinity) return;
    const recent = this.#recent(source, now);
    this.#taken.delete(source);
    this.#taken.set(source, [...recent, now]);
    if (this.#taken.size > this.#sources) this.#taken.delete(this.#taken.keys().next().value!);
  }

  sweep(now: number): void {
    for (const source of this.#taken.keys()) {
      if (this.#recent(source, now).length === 0) this.#taken.delete(source);
    }
  }

  #recent(source: string, now: number): readonly number[] {
    return this.#taken.get(source)?.filter((at) => now - at < this.#spanMs) ?? [];
  }
}
