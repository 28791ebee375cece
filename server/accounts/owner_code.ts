import type { PeopleStore } from "../store/store.ts";
import { hashToken } from "../token.ts";

/** Under which the hash of the code is kept; empty once it was used. */
const KEY = "owner";
/** Without what is taken for something else when it is read aloud or typed. */
const LETTERS = "0123456789abcdefghjkmnpqrstvwxyz";
const GROUPS = 4;
const GROUP = 5;

/** The code by which the first owner shows that it runs the server. It is good once, and not at all beside an owner. */
export class OwnerCode {
  readonly #people: PeopleStore;
  /** The code, where it was made just now: nobody will see it again. */
  readonly fresh: string | undefined;
  #hash: string;

  private constructor(
    people: PeopleStore,
    { hash, fresh }: { readonly hash: string; readonly fresh?: string },
  ) {
    this.#people = people;
    this.#hash = hash;
    this.fresh = fresh;
  }

  /** The code that there is, a new one where an owner is wanted, none beside an owner. */
  static async open(people: PeopleStore, { owned }: { readonly owned: boolean }): Promise<OwnerCode> {
    const hash = await people.setting(KEY) ?? "";
    if (owned) {
      const code = new OwnerCode(people, { hash });
      await code.spend();
      return code;
    }
    if (hash !== "") return new OwnerCode(people, { hash });
    const fresh = newCode();
    const made = hashToken(bare(fresh));
    await people.setSetting(KEY, made);
    return new OwnerCode(people, { hash: made, fresh });
  }

  /** Whether this is the code, as long as it is good for anything. */
  fits(given: string): boolean {
    return same(hashToken(bare(given)), this.#hash);
  }

  /** There is an owner now. */
  async spend(): Promise<void> {
    if (this.#hash === "") return;
    this.#hash = "";
    await this.#people.setSetting(KEY, "");
  }
}

/** A hundred bits, to be read aloud and typed. */
export function newCode(): string {
  const letters = Array.from(crypto.getRandomValues(new Uint8Array(GROUPS * GROUP)), (n) => LETTERS[n & 31]!);
  return Array.from({ length: GROUPS }, (_, n) => letters.slice(n * GROUP, (n + 1) * GROUP).join(""))
    .join("-");
}

/** A code as it is compared: however it was typed. */
function bare(code: string): string {
  return code.toLowerCase().replaceAll(/[\s-]/g, "");
}

/** Compares in the same time, wherever the difference is. */
function same(one: string, other: string): boolean {
  let differs = one.length ^ other.length;
  for (let at = 0; at < one.length; at++) differs |= one.charCodeAt(at) ^ other.charCodeAt(at % other.length);
  return differs === 0;
}
