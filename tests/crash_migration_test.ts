import { assert, assertEquals } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { entrySum } from "../server/store/entry_sum.ts";
import { APPLICATION_ID, migrate, MIGRATIONS } from "../server/store/migrations.ts";
import { SqliteStore } from "../server/store/store_client.ts";
import { Rig } from "./support/shim/rig.ts";
import { shimTest } from "./support/shim/shim.ts";
import { storeScenario } from "./support/store_scenario_runs.ts";

const TEXTS = ["the first", "the second", "the third"];
/** After every so manyth kill the store opens what is left. */
const SAMPLE = 3;
/** A store that is opened, and closed again. */
const OPENING = storeScenario(0);

/** Makes a database as a program made it that knew only the first `version` migrations, with some entries in it. */
function makeOld(path: string, version: number): void {
  const db = new DatabaseSync(path);
  db.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA journal_mode = WAL`);
  migrate(db, path, MIGRATIONS.slice(0, version));
  db.exec(
    `INSERT INTO conversation (id, key, head, floor, latest) VALUES (1, '#lobby', ${TEXTS.length}, 1, 1000);
    INSERT INTO sender (id, identity) VALUES (1, 'ann 1')`,
  );
  const insert = db.prepare(
    `INSERT INTO entry (n, conversation, seq, at, author, sender, id, text, sum)
     VALUES (?1, 1, ?1, 1000, 'ann', 1, ?2, ?3, ?4)`,
  );
  for (const entry of ENTRIES) insert.run(entry.seq, entry.id, entry.text, entrySum(entry));
  db.close();
}

const ENTRIES = TEXTS.map((text, i) => (
  { conversation: "#lobby", seq: i + 1, at: 1_000, from: "ann", sender: "ann 1", id: `m${i + 1}`, text }
));

/** The version of a database and all that its schema says, read without the store. */
function schemaOf(db: DatabaseSync): { readonly version: number; readonly schema: string } {
  const version = Number(db.prepare("PRAGMA user_version").get()!["user_version"]);
  const rows = db.prepare("SELECT type, name, sql FROM sqlite_schema ORDER BY name").all();
  return { version, schema: JSON.stringify(rows) };
}

/** What the schema of each version is. */
const SCHEMAS = MIGRATIONS.map((_, i) => {
  const db = new DatabaseSync(":memory:");
  migrate(db, ":memory:", MIGRATIONS.slice(0, i + 1));
  const { schema } = schemaOf(db);
  db.close();
  return schema;
});

for (const from of MIGRATIONS.keys()) {
  if (from === 0) continue;
  shimTest(
    `[F24] a kill before any call of a migration from version ${from} leaves an old schema or the new one, and all data`,
    async (t) => {
      await using rig = await Rig.open();
      const prepare = (folder: string) => Promise.resolve(makeOld(`${folder}/chat.db`, from));
      const left = new Map<number, number>();
      const kills = await rig.everywhere(
        { ...OPENING, prepare },
        "before",
        async ({ folder, errors, killed, code }, _, nth) => {
          assert(killed || code === 0, errors);
          const version = look(`${folder}/chat.db`);
          left.set(version, (left.get(version) ?? 0) + 1);
          if (nth % SAMPLE > 0) return;
          await using store = await SqliteStore.open({ folder });
          const entries = await store.read("#lobby", { limit: 10 });
          assertEquals(entries.map((entry) => ({ ...entry })), ENTRIES);
        },
      );
      assert(kills > 20, `only ${kills} calls: this proves little`);
      assertEquals([...left.keys()].sort(), Array.from(SCHEMAS.slice(from - 1), (_, i) => from + i));
      const versions = [...left].sort().map(([version, times]) => `${times} left version ${version}`);
      await t.step(`${kills} kills; with those that lived ${versions.join(", ")}`, () => {});
    },
  );
}

/** Resolves with the version of a database, whose schema has to be that of this version. */
function look(path: string): number {
  const db = new DatabaseSync(path);
  try {
    const { version, schema } = schemaOf(db);
    assertEquals(schema, SCHEMAS[version - 1], `version ${version}`);
    assertEquals(db.prepare("PRAGMA integrity_check").get()?.["integrity_check"], "ok");
    assertEquals(db.prepare("SELECT text FROM entry ORDER BY n").all().map(({ text }) => text), TEXTS);
    return version;
  } finally {
    db.close();
  }
}
