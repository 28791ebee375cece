import type { DatabaseSync, StatementSync } from "node:sqlite";
import { noAccount } from "./failures.ts";
import type { Device, PeopleStore } from "./store.ts";
import type { AtOnce } from "./store_link.ts";

/** What may sign in to accounts without their passwords. */
export class SqlDevices
  implements Pick<AtOnce<PeopleStore>, "devices" | "addDevice" | "seenDevice" | "removeDevice"> {
  readonly #all: StatementSync;
  readonly #number: StatementSync;
  readonly #add: StatementSync;
  readonly #trim: StatementSync;
  readonly #seen: StatementSync;
  readonly #remove: StatementSync;
  readonly #removeOthers: StatementSync;

  constructor(db: DatabaseSync) {
    this.#all = db.prepare(
      "SELECT device, hash, label, created, seen FROM device WHERE account = ? ORDER BY device",
    );
    this.#number = db.prepare("UPDATE account SET devices = devices + 1 WHERE id = ? RETURNING devices");
    this.#add = db.prepare(
      "INSERT INTO device (account, device, hash, label, created, seen) VALUES (?, ?, ?, ?, ?, ?)",
    );
    this.#trim = db.prepare(
      `DELETE FROM device WHERE account = ?1 AND device IN
       (SELECT device FROM device WHERE account = ?1 AND device <> ?2 ORDER BY seen DESC, device DESC LIMIT -1 OFFSET ?3)`,
    );
    this.#seen = db.prepare("UPDATE device SET seen = ? WHERE account = ? AND device = ?");
    this.#remove = db.prepare("DELETE FROM device WHERE account = ? AND device = ?");
    this.#removeOthers = db.prepare("DELETE FROM device WHERE account = ? AND device IS NOT ?");
  }

  devices(account: number): readonly Device[] {
    return this.#all.all(account).map((row) => ({
      device: Number(row["device"]),
      hash: String(row["hash"]),
      label: String(row["label"]),
      created: Number(row["created"]),
      seen: Number(row["seen"]),
    }));
  }

  addDevice(account: number, added: Omit<Device, "device">, most: number): Device {
    const device = Number(this.#number.get(account)?.["devices"] ?? 0);
    if (device === 0) throw noAccount(account);
    const { hash, label, created, seen } = added;
    this.#add.run(account, device, hash, label, created, seen);
    if (most !== Infinity) this.#trim.run(account, device, most - 1);
    return { device, hash, label, created, seen };
  }

  seenDevice(account: number, device: number, at: number): void {
    this.#seen.run(at, account, device);
  }

  removeDevice(account: number, device: number): void {
    this.#remove.run(account, device);
  }

  /** Removes all devices of an account but one, or all. */
  keepOnly(account: number, device: number | undefined): void {
    this.#removeOthers.run(account, device ?? null);
  }
}
