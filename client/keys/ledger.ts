import { toBytes, toText } from "./encoding.ts";
import type { KeyPair, Packaged } from "./mls.ts";
import type { BodyKey, Record } from "./records.ts";

/** Groups of one sender's device that are kept: those before are over. */
const MOST_GROUPS = 3;

/** A group in which somebody else writes. */
export interface Group {
  readonly id: string;
  readonly from: string;
  readonly device: string;
  /** The last message counted. */
  readonly n: number;
  readonly state: Uint8Array;
}

/** All secrets of one device, as its records tell them; what is noted here is still to be put on disk. */
export class Ledger {
  account:
    | { readonly identity: Uint8Array; readonly public: string; readonly archive: Uint8Array }
    | undefined;
  device: { readonly id: string; readonly pair: KeyPair } | undefined;
  /** The account's keys as they are left for other devices, sealed with the password that was given last. */
  vault: string | undefined;
  readonly packages = new Map<string, Packaged & { readonly last: boolean }>();
  readonly groups = new Map<string, Group>();
  /** So much of the account's archive is known. */
  archived = 0;
  /** Keys that the archive does not have, by {@linkcode keyOf}. */
  readonly unarchived = new Map<string, BodyKey>();
  readonly #keys = new Map<string, BodyKey[]>();
  #noted: Record[] = [];

  /** Keys that a body may have been closed with. */
  keys(other: string, id: string): readonly BodyKey[] {
    return this.#keys.get(`${other} ${id}`) ?? [];
  }

  /** Takes a record in, and keeps it for the disk. */
  note(record: Record): void {
    this.take(record);
    this.#noted.push(record);
  }

  /** What has to be on disk before anybody is told of it. */
  drain(): Record[] {
    const noted = this.#noted;
    this.#noted = [];
    return noted;
  }

  take(record: Record): void {
    switch (record.kind) {
      case "account": {
        const { identity, public: key, archive } = record;
        this.account = { identity: toBytes(identity), public: key, archive: toBytes(archive) };
        return;
      }
      case "device": {
        const pair = { publicKey: toBytes(record.public), signKey: toBytes(record.private) };
        this.device = { id: record.id, pair };
        return;
      }
      case "vault":
        this.vault = record.vault;
        return;
      case "package": {
        const { ref, last } = record;
        const parts = { publicPart: toBytes(record.public), privatePart: toBytes(record.private) };
        this.packages.set(ref, { ref, last, ...parts });
        return;
      }
      case "spent":
        this.packages.delete(record.ref);
        return;
      case "group":
        return this.#group({ ...record, state: toBytes(record.state) });
      case "key":
        return this.#key(record.key, record.archived);
      case "archive":
        this.archived = record.n;
        return;
      default:
        return record satisfies never;
    }
  }

  /** The fewest records that come to the same. */
  *whole(): Generator<Record> {
    const { account, device, vault } = this;
    if (account) {
      const { identity, public: key, archive } = account;
      yield { kind: "account", identity: toText(identity), public: key, archive: toText(archive) };
    }
    if (vault !== undefined) yield { kind: "vault", vault };
    if (device) {
      const { id, pair: { publicKey, signKey } } = device;
      yield { kind: "device", id, public: toText(publicKey), private: toText(signKey) };
    }
    for (const { ref, last, publicPart, privatePart } of this.packages.values()) {
      yield { kind: "package", ref, last, public: toText(publicPart), private: toText(privatePart) };
    }
    for (const group of this.groups.values()) yield { kind: "group", ...group, state: toText(group.state) };
    for (const key of this.#keys.values().flatMap((keys) => keys)) {
      yield { kind: "key", key, archived: !this.unarchived.has(keyOf(key)) };
    }
    yield { kind: "archive", n: this.archived };
  }

  #group({ id, from, device, n, state }: Group): void {
    this.groups.delete(id);
    this.groups.set(id, { id, from, device, n, state });
    const kin = this.groups.values().filter((each) => each.from === from && each.device === device).toArray();
    for (const each of kin.slice(0, -MOST_GROUPS)) this.groups.delete(each.id);
  }

  #key(key: BodyKey, archived: boolean): void {
    const place = `${key.with} ${key.id}`;
    const others = (this.#keys.get(place) ?? []).filter((each) => each.key !== key.key);
    this.#keys.set(place, [...others, key]);
    if (archived) this.unarchived.delete(keyOf(key));
    else this.unarchived.set(keyOf(key), key);
  }
}

/** What tells keys apart. */
export function keyOf({ with: other, id, key }: BodyKey): string {
  return `${other} ${id} ${key}`;
}
