import type { Account } from "../store/store.ts";

/** How long it is remembered that a device has gone: longer than it takes from being recognised to being let in. */
const GONE_MS = 60_000;

/** All accounts, in memory. */
export class Directory {
  readonly #ids = new Map<number, Account>();
  readonly #names = new Map<string, Account>();
  readonly #identities = new Map<string, Account>();
  readonly #skeletons = new Map<string, Account>();
  /** Names that are about to become accounts. */
  readonly #held = new Set<{ readonly name: string; readonly skeletons: readonly string[] }>();
  /** When devices went, by account and device. */
  readonly #gone = new Map<string, number>();

  /** Until when nobody can have a name that looks like this, in milliseconds since 1970. */
  readonly #retired: Map<string, number>;

  constructor(accounts: Iterable<Account> = [], retired: ReadonlyMap<string, number> = new Map()) {
    for (const account of accounts) this.set(account);
    this.#retired = new Map(retired);
  }

  get size(): number {
    return this.#ids.size;
  }
  /** Whether anybody owns the server. */
  get owned(): boolean {
    return this.#ids.values().some(({ role }) => role === "owner");
  }
  all(): Iterable<Account> {
    return this.#ids.values();
  }
  byId(id: number): Account | undefined {
    return this.#ids.get(id);
  }
  byName(name: string): Account | undefined {
    return this.#names.get(name);
  }
  byIdentity(identity: string): Account | undefined {
    return this.#identities.get(identity);
  }

  /** An account whose name could be mistaken for one that looks like these. */
  resembling(skeletons: readonly string[]): Account | undefined {
    for (const skeleton of skeletons) {
      const account = this.#skeletons.get(skeleton);
      if (account) return account;
    }
    return undefined;
  }

  /** Adds an account, or puts what is new of it in the place of the old. */
  set(account: Account): void {
    const before = this.#ids.get(account.id);
    if (before) this.remove(before);
    this.#ids.set(account.id, account);
    this.#names.set(account.name, account);
    this.#identities.set(account.identity, account);
    for (const skeleton of account.skeletons) this.#skeletons.set(skeleton, account);
  }

  remove({ id }: Account): void {
    const account = this.#ids.get(id);
    if (!account) return;
    this.#ids.delete(id);
    this.#names.delete(account.name);
    this.#identities.delete(account.identity);
    for (const skeleton of account.skeletons) this.#skeletons.delete(skeleton);
  }

  /** The account is no more; its name is nobody's until a time. */
  retire(account: Account, until: number): void {
    this.remove(account);
    for (const skeleton of account.skeletons) this.#retired.set(skeleton, until);
  }

  /** Whether a name that looks like one of these was given up lately. */
  rests(skeletons: readonly string[], at: number): boolean {
    return skeletons.some((each) => (this.#retired.get(each) ?? at) > at);
  }

  /** Keeps everybody from a name, and what looks like it, until it is an account's or is let go. */
  hold(name: string, skeletons: readonly string[]): Disposable {
    const held = { name, skeletons };
    this.#held.add(held);
    return { [Symbol.dispose]: () => void this.#held.delete(held) };
  }

  holds(skeletons: readonly string[]): boolean {
    for (const held of this.#held) if (held.skeletons.some((each) => skeletons.includes(each))) return true;
    return false;
  }

  /** A device may not sign in any more, though it may have been recognised just now. */
  dismiss(account: Account, device: number, now: number): void {
    this.#gone.set(`${account.id} ${device}`, now);
  }

  /** It may after all. */
  readmit(account: Account, device: number): void {
    this.#gone.delete(`${account.id} ${device}`);
  }

  dismissed(account: Account, device: number): boolean {
    return this.#gone.has(`${account.id} ${device}`);
  }

  sweep(now: number): void {
    for (const [key, at] of this.#gone) if (now - at > GONE_MS) this.#gone.delete(key);
  }
}
