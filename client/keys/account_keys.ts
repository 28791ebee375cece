import { boxKey, lock, unlock } from "./box.ts";
import { type Bytes, fromUtf8, random, toBytes, toText, utf8 } from "./encoding.ts";
import type { Ledger } from "./ledger.ts";
import { memberName } from "./member_name.ts";
import type { Mls } from "./mls.ts";
import { readBodyKeys, readVault } from "./records.ts";

const DEVICE_BYTES = 16;
const ARCHIVE_BYTES = 32;
/** Keys that one archived piece has at the most. */
const ARCHIVED_AT_ONCE = 100;

/** What is the account's, for all its devices: the key it is known by, and the one of its archive. */
export class AccountKeys {
  readonly #ledger: Ledger;
  readonly #mls: Mls;

  constructor(ledger: Ledger, mls: Mls) {
    this.#ledger = ledger;
    this.#mls = mls;
  }

  /**
   * Makes an identity that nobody knows yet, where there is none or it is to be `another`. Its vault is kept, too: it may
   * be published when the password is not known any more.
   */
  async found(exportKey: string, { another }: { readonly another: boolean }): Promise<void> {
    if (another || this.#ledger.account === undefined) {
      const { publicKey, signKey } = await this.#mls.pair();
      const archive = toText(random(ARCHIVE_BYTES));
      this.#ledger.note({ kind: "account", identity: toText(signKey), public: toText(publicKey), archive });
    }
    this.#ledger.note({ kind: "vault", vault: (await this.vault(exportKey))! });
  }

  /** Opens what another device has left for this one; says whether the password does. */
  async unlock(vault: string, exportKey: string): Promise<boolean> {
    try {
      const opened = await unlock(await boxKey(toBytes(exportKey), "vault"), toBytes(vault));
      if (opened === undefined) return false;
      const { identity, public: key, archive } = readVault(fromUtf8(opened));
      if (this.#ledger.account?.public !== key) {
        this.#ledger.note({ kind: "account", identity, public: key, archive });
      }
      return true;
    } catch {
      return false;
    }
  }

  /** Leaves it for other devices, sealed with the password. */
  async vault(exportKey: string): Promise<string | undefined> {
    const { account } = this.#ledger;
    if (account === undefined) return undefined;
    const { identity, public: key, archive } = account;
    const plain = { v: 1, identity: toText(identity), public: key, archive: toText(archive) };
    return toText(await lock(await boxKey(toBytes(exportKey), "vault"), utf8(JSON.stringify(plain))));
  }

  /** Makes the keys of this device, where it has none. */
  async device(): Promise<void> {
    if (this.#ledger.device) return;
    const { publicKey, signKey } = await this.#mls.pair();
    const id = toText(random(DEVICE_BYTES));
    this.#ledger.note({ kind: "device", id, public: toText(publicKey), private: toText(signKey) });
  }

  /** Signs with the account's key. */
  async sign(bytes: Bytes): Promise<string> {
    return toText(await this.#mls.suite.signature.sign(this.#ledger.account!.identity, bytes));
  }

  /** Makes key packages of this device, to be published. */
  async pack(name: string, count: number, { last }: { readonly last: boolean }): Promise<string[]> {
    const { id, pair } = this.#ledger.device!;
    const made: string[] = [];
    for (let i = 0; i < count; i++) {
      const { ref, publicPart, privatePart } = await this.#mls.packageFor(memberName(name, id), pair);
      this.#ledger.note({
        kind: "package",
        ref,
        last,
        public: toText(publicPart),
        private: toText(privatePart),
      });
      made.push(toText(publicPart));
    }
    return made;
  }

  /** Keys that the archive does not have, sealed for it; `done` is to be said when it has them. */
  async toArchive(): Promise<{ readonly put: string; readonly done: () => void } | undefined> {
    const { account, unarchived } = this.#ledger;
    const keys = unarchived.values().take(ARCHIVED_AT_ONCE).toArray();
    if (account === undefined || keys.length === 0) return undefined;
    const box = await boxKey(account.archive.slice(), "archive");
    const put = toText(await lock(box, utf8(JSON.stringify(keys))));
    const done = () => {
      for (const key of keys) this.#ledger.note({ kind: "key", key, archived: true });
    };
    return { put, done };
  }

  /** Takes in what is in the archive up to `n`; says how many pieces are not what this account has put there. */
  async fromArchive(puts: readonly string[], n: number): Promise<number> {
    const { account } = this.#ledger;
    if (account === undefined) return 0;
    const box = await boxKey(account.archive.slice(), "archive");
    let foreign = 0;
    for (const put of puts) {
      const opened = await unlock(box, toBytes(put));
      if (opened === undefined) foreign++;
      else {
        for (const key of readBodyKeys(fromUtf8(opened))) {
          const known = this.#ledger.keys(key.with, key.id).some((each) => each.key === key.key);
          if (!known) this.#ledger.note({ kind: "key", key, archived: true });
        }
      }
    }
    this.#ledger.note({ kind: "archive", n });
    return foreign;
  }
}
