import type { DatabaseSync, SQLInputValue, SQLOutputValue } from "node:sqlite";
import type { Statement } from "../../protocol/schema.ts";
import { linkHash } from "./key_chain.ts";
import type { KeyEntry, KeyStore, Package, Publication, Published, Stated } from "./key_store.ts";
import type { AtOnce } from "./store_link.ts";

/** Packages of one device that are kept. */
const MOST_PACKAGES = 100;

type Values = Record<string, SQLOutputValue>;

/** Keys in SQLite, within transactions that somebody else begins and ends. */
export class SqlKeys implements AtOnce<KeyStore> {
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  stated(): readonly Stated[] {
    return this.#all("SELECT * FROM statement ORDER BY account").map(statedIn);
  }

  publish(publication: Publication): Published {
    const { account, statement, vault } = publication;
    const before = this.#statedBy(account);
    if (statement && statement.counter !== (before?.statement.counter ?? 0) + 1) return "stale";
    if (statement) this.#state(publication, statement, before);
    if (vault !== undefined) this.#run("INSERT OR REPLACE INTO vault VALUES (?, ?)", account, vault);
    this.#add(publication);
    return { stated: this.#statedBy(account), packages: this.#count(account, publication.id ?? "") };
  }

  take(account: number, last: boolean): readonly Package[] {
    return this.#all("SELECT id, last_resort FROM key_device WHERE account = ? ORDER BY id", account)
      .flatMap(({ id, last_resort: resort }) => {
        const single = last ? undefined : this.#single(account, String(id));
        const found = single ?? (resort === null ? undefined : String(resort));
        return found === undefined ? [] : [{ device: String(id), package: found }];
      });
  }

  keyLog(after: number, limit: number): readonly KeyEntry[] {
    return this.#all("SELECT * FROM key_log WHERE n > ? ORDER BY n LIMIT ?", after, limit).map(entryIn);
  }

  vault(account: number): string | undefined {
    const [row] = this.#all("SELECT vault FROM vault WHERE account = ?", account);
    return row && String(row["vault"]);
  }

  keep(account: number, put: string, most: number): boolean {
    const [sum] = this.#all(
      "SELECT coalesce(sum(length(put)), 0) AS size, coalesce(max(n), 0) AS last FROM archive WHERE account = ?",
      account,
    );
    if (Number(sum!["size"]) + put.length > most) return false;
    this.#run("INSERT INTO archive VALUES (?, ?, ?)", account, Number(sum!["last"]) + 1, put);
    return true;
  }

  kept(account: number, after: number, limit: number): readonly { n: number; put: string }[] {
    const page = "SELECT n, put FROM archive WHERE account = ? AND n > ? ORDER BY n LIMIT ?";
    return this.#all(page, account, after, limit).map(({ n, put }) => ({ n: Number(n), put: String(put) }));
  }

  publishers(account: number): ReadonlyMap<number, string> {
    const rows = this.#all("SELECT device, id FROM key_device WHERE account = ?", account);
    return new Map(rows.map(({ device, id }) => [Number(device), String(id)]));
  }

  /** The account is about to be given up: from here on nobody has its key. */
  gone(account: number): void {
    if (!this.#statedBy(account)) return;
    const [row] = this.#all("SELECT name FROM account WHERE id = ?", account);
    if (row) this.#link(String(row["name"]), undefined);
  }

  #state({ account, name }: Publication, statement: Statement, before: Stated | undefined): void {
    const { key, counter, devices, signature } = statement;
    const n = before?.statement.key === key ? before.n : this.#link(name, key);
    this.#run(
      "INSERT OR REPLACE INTO statement (account, key, counter, devices, signature, n) VALUES (?, ?, ?, ?, ?, ?)",
      account,
      key,
      counter,
      JSON.stringify(devices),
      signature,
      n,
    );
    this.#run(
      "DELETE FROM key_device WHERE account = ? AND id NOT IN (SELECT value ->> 'id' FROM json_each(?))",
      account,
      JSON.stringify(devices),
    );
  }

  #add({ account, device, id, packages = [], lastResort }: Publication): void {
    if (id === undefined) return;
    this.#run(
      `INSERT INTO key_device (account, id, device, last_resort) VALUES (?1, ?2, ?3, ?4)
       ON CONFLICT DO UPDATE SET device = ?3, last_resort = coalesce(?4, last_resort)`,
      account,
      id,
      device,
      lastResort ?? null,
    );
    const room = MOST_PACKAGES - this.#count(account, id);
    for (const each of packages.slice(0, Math.max(0, room))) {
      this.#run("INSERT INTO key_package (account, id, package) VALUES (?, ?, ?)", account, id, each);
    }
  }

  #single(account: number, id: string): string | undefined {
    const [row] = this.#all(
      `DELETE FROM key_package WHERE n = (SELECT min(n) FROM key_package WHERE account = ? AND id = ?)
       RETURNING package`,
      account,
      id,
    );
    return row && String(row["package"]);
  }

  #link(user: string, key: string | undefined): number {
    const [last] = this.#all("SELECT n, hash FROM key_log ORDER BY n DESC LIMIT 1");
    const n = Number(last?.["n"] ?? 0) + 1;
    const hash = linkHash(last && String(last["hash"]), { n, user, key });
    this.#run("INSERT INTO key_log (n, user, key, hash) VALUES (?, ?, ?, ?)", n, user, key ?? null, hash);
    return n;
  }

  #statedBy(account: number): Stated | undefined {
    return this.#all("SELECT * FROM statement WHERE account = ?", account).map(statedIn)[0];
  }

  #count(account: number, id: string): number {
    const sql = "SELECT count(*) AS count FROM key_package WHERE account = ? AND id = ?";
    return Number(this.#all(sql, account, id)[0]!["count"]);
  }

  #all(sql: string, ...values: SQLInputValue[]): Values[] {
    return this.#db.prepare(sql).all(...values);
  }
  #run(sql: string, ...values: SQLInputValue[]): void {
    this.#db.prepare(sql).run(...values);
  }
}

function statedIn(row: Values): Stated {
  return {
    account: Number(row["account"]),
    n: Number(row["n"]),
    statement: {
      key: String(row["key"]),
      counter: Number(row["counter"]),
      devices: JSON.parse(String(row["devices"])),
      signature: String(row["signature"]),
    },
  };
}

function entryIn({ n, user, key, hash }: Values): KeyEntry {
  const entry = { n: Number(n), user: String(user), hash: String(hash) };
  return key === null || key === undefined ? entry : { ...entry, key: String(key) };
}
