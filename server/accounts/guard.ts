/** How many passwords may be tried. */
export interface GuardBounds {
  /** Wrong ones for one account from one source, and from one source in all, within `spanMs`. */
  readonly tries: number;
  readonly triesInAll: number;
  readonly spanMs: number;
  /** Wrong ones in a row, from anywhere, after which only its devices may sign in to an account. */
  readonly inARow: number;
  /** Sources, and names without an account, that are remembered. */
  readonly sources: number;
}

/** `--no-limits` does not lift these: they are about others' accounts. */
export const GUARD_BOUNDS: GuardBounds = {
  tries: 5,
  triesInAll: 20,
  spanMs: 600_000,
  inARow: 100,
  sources: 10_000,
};

/** Whose password is tried: that of an account, by its number, or of nobody, by name. Nobody can tell one from the other. */
export type Target = number | string;

/** One password that was tried: wrong, until it turns out to be right. */
export interface Attempt {
  readonly target: Target;
  readonly source: string;
  readonly at: number;
}

/** Why a password may not be tried now, and when it may: not at all before something else happens where nothing is said. */
export interface Wait {
  readonly ms: number | undefined;
}

/**
 * Counts passwords that were tried. A sign-in counts as wrong from its beginning: with OPAQUE a client learns by itself
 * from our answer whether its guess was right, and need never tell. Pure state: the clock is handed in.
 */
export class Guard {
  readonly #bounds: GuardBounds;
  /** By source, whichever tried last comes last. */
  readonly #tried = new Map<string, Attempt[]>();
  readonly #accounts = new Map<number, number>();
  readonly #nobodies = new Map<string, number>();

  constructor(bounds: GuardBounds = GUARD_BOUNDS) {
    this.#bounds = bounds;
  }

  /** Sources that are remembered now. */
  get size(): number {
    return this.#tried.size;
  }

  /** Whether a password must wait. `device`: the connection that tries is the account's own already. */
  wait(
    target: Target,
    source: string,
    { now, device = false }: { readonly now: number; readonly device?: boolean },
  ): Wait | undefined {
    const { tries, triesInAll, inARow, spanMs } = this.#bounds;
    if (!device && this.failures(target) >= inARow) return { ms: undefined };
    const all = this.#recent(source, now);
    const these = all.filter((attempt) => attempt.target === target);
    const until = Math.max(opens(these, tries), opens(all, triesInAll)) + spanMs;
    return until > now ? { ms: Math.max(1, Math.ceil(until - now)) } : undefined;
  }

  /** A password is tried: wrong, until {@linkcode right}. */
  tried(target: Target, source: string, now: number): Attempt {
    const attempt = { target, source, at: now };
    const recent = this.#recent(source, now);
    this.#tried.delete(source);
    this.#tried.set(source, [...recent, attempt]);
    if (this.#tried.size > this.#bounds.sources) this.#tried.delete(this.#tried.keys().next().value!);
    if (typeof target === "number") this.#accounts.set(target, this.failures(target) + 1);
    else this.#count(target);
    return attempt;
  }

  /** The password was right; returns how many wrong ones came before it. */
  right(attempt: Attempt): number {
    const { target, source } = attempt;
    const failures = this.failures(target) - 1;
    const tried = this.#tried.get(source);
    if (tried) this.#tried.set(source, tried.filter((each) => each !== attempt));
    this.forgive(target);
    return Math.max(0, failures);
  }

  /** Wrong passwords since the last right one. */
  failures(target: Target): number {
    return (typeof target === "number" ? this.#accounts.get(target) : this.#nobodies.get(target)) ?? 0;
  }

  /** The account has another password now, or is no more. */
  forgive(target: Target): void {
    if (typeof target === "number") this.#accounts.delete(target);
    else this.#nobodies.delete(target);
  }

  /** Forgets sources of which there is nothing to know any more. */
  sweep(now: number): void {
    for (const source of this.#tried.keys()) {
      if (this.#recent(source, now).length === 0) this.#tried.delete(source);
    }
  }

  /** Names without an account are many: whichever was tried longest ago is forgotten. */
  #count(name: string): void {
    const failures = this.failures(name) + 1;
    this.#nobodies.delete(name);
    this.#nobodies.set(name, failures);
    if (this.#nobodies.size > this.#bounds.sources) {
      this.#nobodies.delete(this.#nobodies.keys().next().value!);
    }
  }

  #recent(source: string, now: number): readonly Attempt[] {
    return this.#tried.get(source)?.filter(({ at }) => now - at < this.#bounds.spanMs) ?? [];
  }
}

/** Since when there are as many attempts as there may be. */
function opens(attempts: readonly Attempt[], most: number): number {
  return attempts.length < most ? -Infinity : attempts[attempts.length - most]!.at;
}
