import { linkHash } from "./key_chain.ts";
import type { KeyEntry, KeyStore, Package, Publication, Published, Stated } from "./key_store.ts";

/** Packages of one device that are kept. */
const MOST_PACKAGES = 100;

/** What one device that is stated has published. */
interface Shelf {
  readonly device: number;
  packages: string[];
  lastResort: string | undefined;
}

/** What one account has published. */
interface Keeper {
  stated: Stated | undefined;
  vault: string | undefined;
  readonly devices: Map<string, Shelf>;
  readonly archive: string[];
}

/** Keeps keys for as long as the process lives. */
export class MemoryKeys implements KeyStore {
  readonly #keepers = new Map<number, Keeper>();
  readonly #log: KeyEntry[] = [];

  stated(): Promise<readonly Stated[]> {
    return Promise.resolve(this.#keepers.values().flatMap(({ stated }) => stated ? [stated] : []).toArray());
  }

  publish(publication: Publication): Promise<Published> {
    const { account, name, device, statement, vault, id, packages = [], lastResort } = publication;
    const keeper = this.#keeper(account);
    const before = keeper.stated;
    if (statement && statement.counter !== (before?.statement.counter ?? 0) + 1) {
      return Promise.resolve("stale");
    }
    if (statement) {
      const n = before?.statement.key === statement.key ? before.n : this.#link(name, statement.key);
      keeper.stated = { account, statement, n };
      const stated = new Set(statement.devices.map((each) => each.id));
      for (const each of keeper.devices.keys()) if (!stated.has(each)) keeper.devices.delete(each);
    }
    keeper.vault = vault ?? keeper.vault;
    const known = id === undefined ? undefined : keeper.devices.get(id);
    if (id !== undefined) {
      keeper.devices.set(id, {
        device,
        packages: [...known?.packages ?? [], ...packages].slice(0, MOST_PACKAGES),
        lastResort: lastResort ?? known?.lastResort,
      });
    }
    const count = keeper.devices.get(id ?? "")?.packages.length ?? 0;
    return Promise.resolve({ stated: keeper.stated, packages: count });
  }

  take(account: number, last: boolean): Promise<readonly Package[]> {
    const devices = [...this.#keepers.get(account)?.devices ?? []].sort(([one], [other]) =>
      one < other ? -1 : 1
    );
    return Promise.resolve(devices.flatMap(([device, published]) => {
      const found = (last ? undefined : published.packages.shift()) ?? published.lastResort;
      return found === undefined ? [] : [{ device, package: found }];
    }));
  }

  keyLog(after: number, limit: number): Promise<readonly KeyEntry[]> {
    return Promise.resolve(this.#log.slice(after, after + limit));
  }

  vault(account: number): Promise<string | undefined> {
    return Promise.resolve(this.#keepers.get(account)?.vault);
  }

  keep(account: number, put: string, most: number): Promise<boolean> {
    const { archive } = this.#keeper(account);
    const fits = archive.reduce((sum, each) => sum + each.length, put.length) <= most;
    if (fits) archive.push(put);
    return Promise.resolve(fits);
  }

  kept(account: number, after: number, limit: number): Promise<readonly { n: number; put: string }[]> {
    const page = this.#keepers.get(account)?.archive.slice(after, after + limit) ?? [];
    return Promise.resolve(page.map((put, i) => ({ n: after + i + 1, put })));
  }

  publishers(account: number): Promise<ReadonlyMap<number, string>> {
    const devices = [...this.#keepers.get(account)?.devices ?? []];
    return Promise.resolve(new Map(devices.map(([id, { device }]) => [device, id])));
  }

  /** The password is another one: what was sealed for the old one is of no use. */
  repassed(account: number, vault: string | undefined): void {
    const keeper = this.#keepers.get(account);
    if (keeper || vault !== undefined) this.#keeper(account).vault = vault;
  }

  /** Devices that can sign in are only these any more. */
  only(account: number, devices: readonly number[]): void {
    const published = this.#keepers.get(account)?.devices;
    for (const [id, { device }] of published ?? []) if (!devices.includes(device)) published!.delete(id);
  }

  /** The account of this name is given up. */
  gone(account: number, name: string): void {
    if (this.#keepers.get(account)?.stated) this.#link(name, undefined);
    this.#keepers.delete(account);
  }

  #keeper(account: number): Keeper {
    return this.#keepers.getOrInsertComputed(account, () => ({
      stated: undefined,
      vault: undefined,
      devices: new Map(),
      archive: [],
    }));
  }

  #link(user: string, key: string | undefined): number {
    const n = this.#log.length + 1;
    const hash = linkHash(this.#log.at(-1)?.hash, { n, user, key });
    this.#log.push(key === undefined ? { n, user, hash } : { n, user, key, hash });
    return n;
  }
}
