import { Refused } from "../refused.ts";

/** How long somebody is waited for who was there when it began: twice as long as a guest's name is held. */
const AWAY_MS = 60_000;

/** The message that offers one file: said again where the one it is for has only just gone. */
export class Offering {
  /** Resolves when the server has it. */
  #taken: PromiseWithResolvers<void> | undefined;
  #awaySince: number | undefined;
  /** Why it is not said again. */
  #no: Refused | undefined;

  /**
   * Says it, by `say`; resolves when the server has it. Rejects with `Refused`: `away` where it may be said later, `unsaid`
   * where the server will not have it.
   */
  async say(say: () => void): Promise<void> {
    if (this.#no) throw this.#no;
    this.#taken ??= Promise.withResolvers();
    const { promise } = this.#taken;
    say();
    await promise;
  }

  /** The server has it. */
  taken(): void {
    this.#taken?.resolve();
  }

  /** The server does not take it; says whether it is to be said again. */
  refused({ code, message }: Refused): boolean {
    const now = performance.now();
    const away = code === "unknown_user" && now - (this.#awaySince ??= now) < AWAY_MS;
    if (!away) this.#no = new Refused("unsaid", message);
    this.halt(this.#no ?? new Refused("away", message));
    return away;
  }

  /** Nobody is to wait for it any more. */
  halt(why: unknown): void {
    this.#taken?.promise.catch(() => {}); // perhaps nobody does
    this.#taken?.reject(why);
    this.#taken = undefined;
  }
}
