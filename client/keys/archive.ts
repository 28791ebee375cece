import type { KeysWorld } from "./keys.ts";
import type { Secrets } from "./secrets.ts";

/** How long keys gather before they are put into the archive. */
const GATHER_MS = 1_000;

/** The keys of all bodies, kept with the server for all devices of the account, and sealed for them. */
export class Archive {
  readonly #secrets: Secrets;
  readonly #world: KeysWorld;
  #known = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #putting: Promise<void> | undefined;
  #reading: Promise<void> | undefined;

  constructor(secrets: Secrets, world: KeysWorld) {
    this.#secrets = secrets;
    this.#world = world;
  }

  /** Goes on from what is known here. */
  begin(known: number): void {
    this.#known = Math.max(this.#known, known);
  }

  /** Takes in what other devices have put there since. */
  async read(): Promise<void> {
    this.#reading ??= this.#read().finally(() => this.#reading = undefined);
    await this.#reading;
  }

  /** There are keys that it does not have: they are put there soon. */
  due(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.put();
    }, GATHER_MS);
  }

  /** Puts there what is not there yet. Never rejects: what cannot be put there now is put there later. */
  async put(): Promise<void> {
    this.#putting ??= this.#put().catch(() => {}).finally(() => this.#putting = undefined);
    await this.#putting;
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  async #put(): Promise<void> {
    for (let put; (put = await this.#secrets.take("toArchive", {})) !== undefined;) {
      await this.#world.ask({ type: "archive", put });
      await this.#secrets.take("archived", {});
    }
  }

  async #read(): Promise<void> {
    for (let more = true; more;) {
      const page = await this.#world.ask({ type: "archive", after: this.#known });
      const last = page.entries.at(-1)?.n;
      if (last === undefined) return;
      const foreign = await this.#secrets.take("fromArchive", {
        puts: page.entries.map(({ put }) => put),
        n: last,
      });
      this.#known = last;
      more = page.more;
      if (foreign === 0) continue;
      const message =
        "The server has put something into your archive of keys that is not yours: it was left out";
      this.#world.tell({ kind: "keys", code: "archive", with: undefined, message });
    }
  }
}
