import { BEGINNING, linkBytes } from "../../protocol/key_texts.ts";
import { sha256 } from "./encoding.ts";

/** One link, as the server shows it; without `key` the account was given up. */
export interface Link {
  readonly n: number;
  readonly user: string;
  readonly key?: string | undefined;
  readonly hash: string;
}

/** The log of all accounts' keys as this device has seen it: it only ever grows, and every link stands for all before it. */
export class KeyLog {
  readonly #links: Link[] = [];
  readonly #keys = new Map<string, string | undefined>();

  /** The last link: its number, and its hash. */
  get head(): readonly [n: number, hash: string] {
    const last = this.#links.at(-1);
    return last === undefined ? [0, BEGINNING] : [last.n, last.hash];
  }

  get links(): readonly Link[] {
    return this.#links;
  }

  /** The hash of a link that is known. */
  hashAt(n: number): string | undefined {
    return n === 0 ? BEGINNING : this.#links[n - 1]?.hash;
  }

  /** The last key of a name. */
  keyOf(user: string): string | undefined {
    return this.#keys.get(user);
  }

  /** Takes the next links; says whether they follow from what is known. Nothing is taken from the first that does not. */
  async take(links: readonly Link[]): Promise<boolean> {
    for (const { n, user, key, hash } of links) {
      const [last, before] = this.head;
      if (n !== last + 1 || hash !== await sha256(linkBytes(before, { n, user, key }))) return false;
      this.#links.push(key === undefined ? { n, user, hash } : { n, user, key, hash });
      this.#keys.set(user, key);
    }
    return true;
  }
}
