import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from "node:sqlite";
import type { AtOnce } from "./store_link.ts";
import type { Account, Device, PeopleStore } from "./store.ts";
import type { SqlDevices } from "./sql_devices.ts";

type Values = Record<string, SQLOutputValue>;

/** Accounts and the names that are taken. */
export class SqlAccounts implements
  Pick<
    AtOnce<PeopleStore>,
    "accounts" | "retired" | "enrol" | "repass" | "setRole" | "setDisabled" | "unregister"
  > {
  readonly #db: DatabaseSync;
  readonly #devices: SqlDevices;

  constructor(db: DatabaseSync, devices: SqlDevices) {
    this.#db = db;
    this.#devices = devices;
  }

  accounts(): readonly Account[] {
    const skeletons = new Map<number, string[]>();
    for (const row of this.#all("SELECT skeleton, account FROM name_skeleton ORDER BY account, place")) {
      skeletons.getOrInsertComputed(Number(row["account"]), () => []).push(String(row["skeleton"]));
    }
    return this.#all("SELECT * FROM account ORDER BY id")
      .map((row) => accountOf(row, skeletons.get(Number(row["id"])) ?? []));
  }

  retired(): ReadonlyMap<string, number> {
    return new Map(
      this.#all("SELECT skeleton, until FROM retired_skeleton").map((row) =>
        [String(row["skeleton"]), Number(row["until"])] as const
      ),
    );
  }

  enrol(
    account: Omit<Account, "id" | "disabled">,
    device: Omit<Device, "device">,
  ): Account | undefined {
    const { name, skeletons, identity, record, stretching, role, created } = account;
    const looks = new Set(skeletons);
    if (this.#taken(name, looks, created)) return undefined;
    const { iterations, memory, parallelism } = stretching;
    const { lastInsertRowid } = this.#run(
      `INSERT INTO account (name, identity, record, iterations, memory, parallelism, role, created)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      name,
      identity,
      record,
      iterations,
      memory,
      parallelism,
      role,
      created,
    );
    const id = Number(lastInsertRowid);
    let place = 0;
    for (const skeleton of looks) {
      this.#run(
        "INSERT INTO name_skeleton (skeleton, account, place) VALUES (?, ?, ?)",
        skeleton,
        id,
        place++,
      );
    }
    this.#devices.addDevice(id, device, Infinity);
    return { ...account, skeletons: [...looks], id, disabled: false };
  }

  repass(
    account: number,
    { record, stretching, vault }: Parameters<PeopleStore["repass"]>[1],
    keep: number | undefined,
  ): void {
    const { iterations, memory, parallelism } = stretching;
    this.#run(
      "UPDATE account SET record = ?, iterations = ?, memory = ?, parallelism = ? WHERE id = ?",
      record,
      iterations,
      memory,
      parallelism,
      account,
    );
    this.#run("DELETE FROM vault WHERE account = ?", account);
    if (vault !== undefined) this.#run("INSERT INTO vault VALUES (?, ?)", account, vault);
    this.#devices.keepOnly(account, keep);
  }

  setRole(account: number, role: Account["role"]): void {
    this.#run("UPDATE account SET role = ? WHERE id = ?", role, account);
  }

  setDisabled(account: number, disabled: boolean): void {
    this.#run("UPDATE account SET disabled = ? WHERE id = ?", Number(disabled), account);
    if (disabled) this.#devices.keepOnly(account, undefined);
  }

  unregister(account: number, until: number): void {
    this.#run(
      `INSERT INTO retired_name SELECT name, ? FROM account WHERE id = ?
       ON CONFLICT DO UPDATE SET until = max(until, excluded.until)`,
      until,
      account,
    );
    this.#run(
      `INSERT INTO retired_skeleton SELECT skeleton, ? FROM name_skeleton WHERE account = ?
       ON CONFLICT DO UPDATE SET until = max(until, excluded.until)`,
      until,
      account,
    );
    this.#run("DELETE FROM account WHERE id = ?", account); // its devices, rooms and marks go with it
  }

  /** Whether the name or one that looks like it belongs to somebody, or did until lately. */
  #taken(name: string, looks: ReadonlySet<string>, now: number): boolean {
    this.#run("DELETE FROM retired_name WHERE until <= ?", now);
    this.#run("DELETE FROM retired_skeleton WHERE until <= ?", now);
    const isOf = (sql: string, value: string) => this.#statement(sql).get(value) !== undefined;
    if (isOf("SELECT 1 FROM account WHERE name = ?", name)) return true;
    if (isOf("SELECT 1 FROM retired_name WHERE name = ?", name)) return true;
    for (const look of looks) {
      if (isOf("SELECT 1 FROM name_skeleton WHERE skeleton = ?", look)) return true;
      if (isOf("SELECT 1 FROM retired_skeleton WHERE skeleton = ?", look)) return true;
    }
    return false;
  }

  #statement(sql: string): StatementSync {
    return this.#db.prepare(sql);
  }
  #all(sql: string): Values[] {
    return this.#statement(sql).all();
  }
  #run(sql: string, ...values: SQLInputValue[]) {
    return this.#statement(sql).run(...values);
  }
}

function accountOf(row: Values, skeletons: readonly string[]): Account {
  return {
    id: Number(row["id"]),
    name: String(row["name"]),
    skeletons,
    identity: String(row["identity"]),
    record: String(row["record"]),
    stretching: {
      iterations: Number(row["iterations"]),
      memory: Number(row["memory"]),
      parallelism: Number(row["parallelism"]),
    },
    role: row["role"] === "owner" ? "owner" : "member",
    disabled: row["disabled"] !== 0,
    created: Number(row["created"]),
  };
}
