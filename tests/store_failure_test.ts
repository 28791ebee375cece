import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { StoreFailed } from "../server/store/failures.ts";
import { SqliteStore } from "../server/store/store_client.ts";
import { draft } from "./support/draft.ts";
import { temporary } from "./support/temporary.ts";

const FAILING = new URL("./support/failing_store_worker.ts", import.meta.url);
const LOBBY = { within: new Map([["#lobby", 0]]), limit: 9 };

/** A store that fails at `fail`: everything asked rejects, everybody is told, and nothing is done after that. */
async function fails(
  open: { readonly folder: string; readonly entry?: URL },
  { prepare, fail = () => undefined }: {
    readonly prepare?: (store: SqliteStore) => Promise<unknown>;
    readonly fail?: (store: SqliteStore) => Promise<unknown> | undefined;
  } = {},
): Promise<Error> {
  const reports: Error[] = [];
  await using store = await SqliteStore.open({ ...open, report: (error) => reports.push(error) });
  await prepare?.(store);
  const failing = fail(store);
  const asked = [
    store.append([draft("a"), draft("b")]),
    store.people.setSetting("key", "value"),
    store.append([draft("c")]),
  ];
  if (failing) await assertRejects(() => failing, Error);
  for (const each of asked) await assertRejects(() => each, Error);
  const error = await store.failed;
  assertEquals(reports, [error]);
  for (
    const late of [
      () => store.append([draft("d")]),
      () => store.read("#lobby", { limit: 1 }),
      () => store.search(LOBBY),
      () => store.people.accounts(),
      () => store.expire(() => 1),
    ]
  ) await assertRejects(late, Error);
  assertEquals(reports, [error]);
  return error;
}

Deno.test("[F14] sqlite: what the writing Worker dies of ends the store, once and for all", async () => {
  await using after = new AsyncDisposableStack();
  const error = await fails({ folder: temporary(after), entry: FAILING });
  assert(error instanceof StoreFailed);
  assertStringIncludes(error.message, "out of luck");
});

Deno.test("[F14] sqlite: what the reading Worker dies of ends the store too", async () => {
  await using after = new AsyncDisposableStack();
  await fails({ folder: temporary(after), entry: FAILING }, {
    fail: (store) => store.read("#lobby", { limit: 1 }),
  });
});

Deno.test("sqlite: a Worker that leaves out an answer is not waited for", async () => {
  await using after = new AsyncDisposableStack();
  await using store = await SqliteStore.open({ folder: temporary(after), entry: FAILING });
  await assertRejects(() => store.people.accounts(), StoreFailed, "answer");
  await store.failed;
});

Deno.test("sqlite: a Worker that does not open is told to whoever opens", async () => {
  await using after = new AsyncDisposableStack();
  const folder = `${temporary(after)}/never opens`;
  await assertRejects(() => SqliteStore.open({ folder, entry: FAILING }), StoreFailed, "no such luck");
});

Deno.test("[F14] sqlite: after an error of the database nothing is written any more", async () => {
  await using after = new AsyncDisposableStack();
  const folder = temporary(after);
  const spoil = (sql: string) => {
    const db = new DatabaseSync(`${folder}/chat.db`, { timeout: 5_000 });
    db.exec(sql);
    db.close();
  };
  const trigger = "BEFORE INSERT ON entry WHEN NEW.id = 'b' BEGIN SELECT RAISE(ABORT, 'disk I/O error'); END";
  await fails({ folder }, {
    async prepare(store) {
      await store.append([draft("before")]);
      spoil(`CREATE TRIGGER broken ${trigger}`);
    },
  });
  spoil("DROP TRIGGER broken");
  await using store = await SqliteStore.open({ folder });
  assertEquals((await store.read("#lobby", { limit: 9 })).map(({ id }) => id), ["before"]);
  assertEquals(await store.people.setting("key"), undefined);
});
