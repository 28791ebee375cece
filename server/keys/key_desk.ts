import { encode } from "../../protocol/codec.ts";
import { MAX_PAGE } from "../../protocol/limits.ts";
import type { Event } from "../../protocol/schema.ts";
import type { Directory } from "../accounts/directory.ts";
import type { Denial } from "../denial.ts";
import type { Limits } from "../limits.ts";
import type { KeyAsk } from "../link.ts";
import type { Peer, Seat } from "../person.ts";
import { ref } from "../requests.ts";
import type { Sealing } from "../sealing.ts";
import type { Stated } from "../store/key_store.ts";
import type { Account, Store } from "../store/store.ts";
import { Drain } from "./drain.ts";
import { isSigned } from "./signature.ts";

/** Characters of an archive that one answer takes: it fits a frame. */
const PAGE_CHARACTERS = 60_000;

type Of<T extends KeyAsk["type"]> = Extract<KeyAsk, { type: T }>;

const STALE: Denial = {
  code: "stale_keys",
  message: "The account has stated other keys meanwhile: look at them, and state yours anew",
};
const GUEST: Denial = { code: "keys", message: "Only accounts have keys: register first" };
const UNSIGNED: Denial = { code: "keys", message: "The account's key has not signed this statement" };
const UNSTATED: Denial = { code: "keys", message: "Packages need a device that the account has stated" };

interface Options {
  readonly store: Store;
  readonly accounts: Directory;
  /** Whether somebody without an account is here under this name. */
  readonly isHere: (name: string) => boolean;
  readonly limits: Limits;
  readonly clock: () => number;
}

/** Keeps what accounts publish of their keys, and hands it out. It can read nothing that is sealed with them. */
export class KeyDesk implements Sealing {
  readonly #options: Options;
  readonly #drain = new Drain();
  /** By account. */
  readonly #stated: Map<number, Stated>;

  private constructor(options: Options, stated: readonly Stated[]) {
    this.#options = options;
    this.#stated = new Map(stated.map((each) => [each.account, each]));
  }

  /** Reads what is stated. */
  static async open(options: Options): Promise<KeyDesk> {
    return new KeyDesk(options, await options.store.keys.stated());
  }

  isStale(from: string, to: string, keys: readonly [theirs: number, own: number] | undefined): boolean {
    const [theirs, own] = keys ?? [];
    return theirs !== this.#counter(to) || own !== this.#counter(from);
  }

  async answer({ person, device }: Seat, peer: Peer, asked: KeyAsk): Promise<Denial | undefined> {
    const { account } = person;
    if (!account || device === undefined) return GUEST;
    const answer = await this.#answer({ account, device }, asked);
    if ("message" in answer) return answer;
    peer.outbox.push(encode({ ...answer, ...ref(asked) }));
    return undefined;
  }

  async #answer(
    by: { readonly account: Account; readonly device: number },
    asked: KeyAsk,
  ): Promise<Exclude<Event, { type: "error" }> | Denial> {
    const { store: { keys } } = this.#options;
    switch (asked.type) {
      case "publish":
        return await this.#publish(by, asked);
      case "keys":
        return await this.#keys(by.account, asked);
      case "key_log": {
        const entries = await keys.keyLog(asked.after ?? 0, MAX_PAGE + 1);
        return { type: "key_log", entries: entries.slice(0, MAX_PAGE), more: entries.length > MAX_PAGE };
      }
      case "vault": {
        const vault = await keys.vault(by.account.id);
        return { type: "vault", ...vault === undefined ? {} : { vault } };
      }
      case "archive":
        return asked.put === undefined
          ? await this.#archived(by.account, asked.after ?? 0)
          : await this.#keep(by.account, asked.put);
      default:
        return asked satisfies never;
    }
  }

  async #publish(
    { account, device }: { readonly account: Account; readonly device: number },
    { statement, vault, device: id, packages, last_resort: lastResort }: Of<"publish">,
  ): Promise<Exclude<Event, { type: "error" }> | Denial> {
    const { name } = account;
    if (statement && !await isSigned(name, statement)) return UNSIGNED;
    const { devices = [] } = statement ?? this.#stated.get(account.id)?.statement ?? {};
    const adds = id !== undefined || packages !== undefined || lastResort !== undefined;
    if (adds && !devices.some((each) => each.id === id)) return UNSTATED;
    const publication = { account: account.id, name, device, statement, vault, id, packages, lastResort };
    const published = await this.#options.store.keys.publish(publication);
    if (published === "stale") return STALE;
    const { stated } = published;
    if (stated) this.#stated.set(account.id, stated);
    return { type: "published", counter: stated?.statement.counter ?? 0, packages: published.packages };
  }

  async #keys({ name }: Account, { user, take }: Of<"keys">): Promise<Event & { type: "keys" } | Denial> {
    const { store, accounts, isHere, clock } = this.#options;
    const account = accounts.byName(user);
    if (!account && !isHere(user)) return { code: "unknown_user", message: `There is no user named ${user}` };
    const stated = account && this.#stated.get(account.id);
    if (!account || !stated) return { type: "keys", user };
    const { statement, n } = stated;
    if (!take) return { type: "keys", user, statement, n };
    const last = name !== user && !this.#drain.admits(name, user, clock());
    return { type: "keys", user, statement, n, packages: [...await store.keys.take(account.id, last)] };
  }

  async #archived({ id }: Account, after: number): Promise<Event & { type: "archive" }> {
    const entries = await this.#options.store.keys.kept(id, after, MAX_PAGE + 1);
    let size = 0;
    const page = entries.slice(0, MAX_PAGE).filter(({ put }, i) =>
      (size += put.length + 32) <= PAGE_CHARACTERS || i === 0
    );
    return { type: "archive", entries: page, more: page.length < entries.length };
  }

  async #keep({ id }: Account, put: string): Promise<Event & { type: "archive" } | Denial> {
    const { store, limits } = this.#options;
    if (await store.keys.keep(id, put, limits.archiveBytes)) {
      return { type: "archive", entries: [], more: false };
    }
    return { code: "archive_full", message: "The archive of this account is full" };
  }

  #counter(name: string): number | undefined {
    const account = this.#options.accounts.byName(name);
    return account && this.#stated.get(account.id)?.statement.counter;
  }
}
