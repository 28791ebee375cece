import { assert, assertEquals, assertThrows } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { entrySum } from "../server/store/entry_sum.ts";
import { NewerSchema } from "../server/store/failures.ts";
import { APPLICATION_ID, migrate, MIGRATIONS } from "../server/store/migrations.ts";
import { SqlGuests } from "../server/store/sql_guests.ts";
import { SqliteStore } from "../server/store/store_client.ts";
import { pairKey, type Stored } from "../server/store/store.ts";
import { device, somebody } from "./people_store_contract.ts";
import { draft } from "./support/draft.ts";
import { temporary } from "./support/temporary.ts";

const FILE = "chat.db";
const PAIR = pairKey("ann", "ben");
const ENTRIES: readonly Stored[] = [
  { ...draft("a", { text: "the disk is full" }), seq: 1 },
  { ...draft("w", { conversation: PAIR, at: 3_600_000 }), seq: 1 },
  { ...draft("b", { at: 7_200_000 }), seq: 2 },
];

function versionOf(db: DatabaseSync): unknown {
  return db.prepare("PRAGMA user_version").get()?.["user_version"];
}

function tablesOf(db: DatabaseSync): unknown[] {
  return db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all().map((
    { name },
  ) => name);
}

/** A database as the program of that version left it. */
function old(path: string, version: number): void {
  const db = new DatabaseSync(path);
  db.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA journal_mode = WAL`);
  migrate(db, path, MIGRATIONS.slice(0, version));
  db.exec(`INSERT INTO conversation VALUES (1, '#lobby', 2, 1, 7200000), (2, '${PAIR}', 1, 1, 3600000);
    INSERT INTO sender VALUES (1, 'ann'); INSERT INTO spent VALUES (1, 'expired')`);
  const insert = db.prepare(
    `INSERT INTO entry (n, conversation, seq, at, author, sender, id, text, sum) VALUES (?, ?, ?, ?, ?, 1, ?, ?, ?)`,
  );
  ENTRIES.forEach((entry, i) => {
    const { conversation, seq, at, from, id, text } = entry;
    insert.run(i + 1, conversation === PAIR ? 2 : 1, seq, at, from, id, text, entrySum(entry));
  });
  if (version >= 2) {
    db.exec(`INSERT INTO account (name, identity, record, iterations, memory, parallelism, role, created)
      VALUES ('ann', 'ann', 'r', 1, 2, 3, 'owner', 5); INSERT INTO name_skeleton VALUES ('ann!', 1, 0);
      INSERT INTO mark VALUES (1, 2, 0, 0, 0, 0)`);
  }
  if (version >= 3) db.exec("INSERT INTO hour SELECT at / 3600000, min(n) FROM entry GROUP BY at / 3600000");
  db.close();
}

for (let version = 1; version < MIGRATIONS.length; version++) {
  Deno.test(`[F24] sqlite: what a program of schema ${version} stored is all there in this one`, async () => {
    await using after = new AsyncDisposableStack();
    const folder = temporary(after);
    old(`${folder}/${FILE}`, version);
    await using store = await SqliteStore.open({ folder });
    const lobby = await store.read("#lobby", { limit: 9 });
    assertEquals([...lobby, ...await store.read(PAIR, { limit: 9 })], [ENTRIES[0], ENTRIES[2], ENTRIES[1]]);
    const within = new Map([["#lobby", 0], [PAIR, 0]]);
    const found = async (query: { text?: string; since?: number }) =>
      (await store.search({ ...query, within, limit: 9 })).map(({ id }) => id);
    assertEquals(await found({ text: "disk" }), ["a"]);
    assertEquals(await found({ since: 3_600_000 }), ["b", "w"]);
    const accounts = await store.people.accounts();
    assertEquals(
      accounts.map(({ name, skeletons }) => [name, skeletons]),
      version < 2 ? [] : [["ann", ["ann!"]]],
    );
    const again = await store.append([draft("a"), draft("expired"), draft("c")]);
    assertEquals(again.map(({ entry }) => entry?.seq), [1, undefined, 3]);
    assert(await store.people.enrol(somebody("ben"), device("a")));
  });
}

Deno.test("[F24] sqlite: a migration that fails half-way leaves the version before, and what it had", () => {
  const db = new DatabaseSync(":memory:");
  migrate(db, FILE, MIGRATIONS.slice(0, 2));
  const before = tablesOf(db);
  const failing = [...MIGRATIONS.slice(0, 2), MIGRATIONS[2]!, (db: DatabaseSync) => {
    db.exec("CREATE TABLE half (way TEXT); DROP TABLE spent");
    throw new Error("half-way");
  }];
  assertThrows(() => migrate(db, FILE, failing), Error, "half-way");
  assertEquals(versionOf(db), 3); // the third one had been done
  assertEquals(tablesOf(db).filter((name) => !/^search|^hour$/.test(String(name))), before);
  migrate(db, FILE);
  assertEquals(versionOf(db), MIGRATIONS.length);
  db.close();
});

Deno.test("[F24] sqlite: migrations are done once, and a newer version is none of ours", () => {
  const db = new DatabaseSync(":memory:");
  let done = 0;
  const counting = MIGRATIONS.map((each) => (db: DatabaseSync) => {
    done++;
    each(db);
  });
  migrate(db, FILE, counting);
  migrate(db, FILE, counting);
  assertEquals(done, MIGRATIONS.length);
  db.exec("PRAGMA user_version = 99");
  assertThrows(() => migrate(db, FILE), NewerSchema, "99");
  assertEquals(versionOf(db), 99);
  db.close();
});

Deno.test("sqlite: of guests only the last ones are remembered", () => {
  const db = new DatabaseSync(":memory:");
  migrate(db, FILE);
  const guests = new SqlGuests(db, { most: 3, every: 1 });
  const come = (name: string, session: string, shown?: string) =>
    guests.identify({ name, session, shown, fresh: `fresh ${session}`, at: 1 });
  come("ann", "a1");
  for (const name of ["ben", "carl"]) come(name, `${name}1`);
  assertEquals(come("ann", "a2"), "fresh a1"); // makes ann the newest
  for (const name of ["dan", "eve"]) come(name, `${name}1`);
  assertEquals(come("ann", "a3"), "fresh a1");
  assertEquals(come("ben", "b2"), "fresh b2");
  guests.release("ann");
  assertEquals(come("ann", "a4", "a1"), "fresh a4");
  assertEquals(come("ann", "a5", "a3"), "fresh a1");
  for (const table of ["guest_name", "guest_session"]) {
    assertEquals(db.prepare(`SELECT count(*) AS rows FROM ${table}`).get()?.["rows"], 3);
  }
  db.close();
});
