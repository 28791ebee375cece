/** Finds out that a link is dead although nobody closed it: silence, then a ping, then silence. */
export class Pulse {
  readonly #quietMs: number;
  readonly #patienceMs: number;
  readonly #ping: () => void;
  readonly #dead: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #heard = 0;
  #asked = false;

  constructor(
    { quietMs, patienceMs }: { readonly quietMs: number; readonly patienceMs: number },
    { ping, dead }: { readonly ping: () => void; readonly dead: () => void },
  ) {
    this.#quietMs = quietMs;
    this.#patienceMs = patienceMs;
    this.#ping = ping;
    this.#dead = dead;
  }

  /** Watches from now on, until {@linkcode stop}. */
  start(): void {
    this.stop();
    this.heard();
    this.#timer = setTimeout(() => this.#look(), this.#quietMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  /** Something came. */
  heard(): void {
    this.#heard = performance.now();
    this.#asked = false;
  }

  #look(): void {
    if (this.#asked) return this.#dead();
    const left = this.#quietMs - (performance.now() - this.#heard);
    if (left <= 0) {
      this.#asked = true;
      this.#ping();
    }
    this.#timer = setTimeout(() => this.#look(), left > 0 ? left : this.#patienceMs);
  }
}
