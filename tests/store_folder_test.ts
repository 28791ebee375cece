import { assert, assertEquals, assertNotEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { Damaged, FolderInUse, NewerSchema, StoreFailed } from "../server/store/failures.ts";
import { MIGRATIONS } from "../server/store/migrations.ts";
import { SqliteStore } from "../server/store/store_client.ts";
import { device, somebody } from "./people_store_contract.ts";
import { draft } from "./support/draft.ts";
import { temporary } from "./support/temporary.ts";

/** A folder in which a store was, and the path of its database. */
async function used(
  after: AsyncDisposableStack,
): Promise<{ readonly folder: string; readonly path: string }> {
  const folder = temporary(after);
  await using store = await SqliteStore.open({ folder });
  await store.append([draft("a")]);
  return { folder, path: `${folder}/chat.db` };
}

/** A hash of each file that has something in it, but for the log's index. */
async function contents(folder: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for await (const { name } of Deno.readDir(folder)) {
    const bytes = await Deno.readFile(`${folder}/${name}`);
    if (bytes.length === 0 || name.endsWith("-shm")) continue;
    files.set(name, new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex());
  }
  return files;
}

/** Resolves with why a folder is refused, having made sure that nothing in it has changed. */
async function refusal<E extends Error>(folder: string, kind: new (message: string) => E): Promise<string> {
  const before = await contents(folder);
  const { message } = await assertRejects(() => SqliteStore.open({ folder }), kind);
  assertEquals(await contents(folder), before);
  return message;
}

Deno.test("sqlite: what was stored is there after it was closed and opened", async () => {
  await using after = new AsyncDisposableStack();
  const folder = `${temporary(after)}/new/data`;
  let incarnation: string;
  {
    await using store = await SqliteStore.open({ folder });
    incarnation = store.incarnation;
    await store.append([draft("a"), draft("b", { conversation: "#tea" })]);
    await store.people.enrol(somebody("ann"), device("laptop"));
    await store.people.identify({ name: "ben", shown: undefined, session: "s", fresh: "ben 1", at: 1 });
    await store.search({ within: new Map([["#lobby", 0]]), limit: 1 });
    await store.append([draft("c", { text: "not findable yet" })]);
    await store.expire((room) => room === "tea" ? 2_000 : undefined);
  }
  assert(!(await contents(folder)).has("chat.db-wal"));
  await using store = await SqliteStore.open({ folder });
  assertEquals(store.incarnation, incarnation);
  assertEquals((await store.read("#lobby", { limit: 9 })).map(({ id }) => id), ["a", "c"]);
  assertEquals(await store.extent("#tea"), { head: 1, floor: 2 });
  assertEquals((await store.people.accounts()).map(({ name }) => name), ["ann"]);
  const guest = { name: "ben", shown: undefined, session: "t", fresh: "ben 2", at: 2 };
  assertEquals(await store.people.identify(guest), "ben 1");
  const found = await store.search({ text: "findable", within: new Map([["#lobby", 0]]), limit: 9 });
  assertEquals(found.map(({ id }) => id), ["c"]);
  const again = await store.append([draft("a"), draft("b"), draft("d", { conversation: "#tea" })]);
  assertEquals(again.map(({ entry, duplicate }) => [entry?.seq, duplicate]), [[1, true], [undefined, true], [
    2,
    false,
  ]]);
});

Deno.test("sqlite: what is asked before it is closed is done", async () => {
  await using after = new AsyncDisposableStack();
  const folder = temporary(after);
  const store = await SqliteStore.open({ folder });
  const asked = [store.append([draft("a")]), store.append([draft("b")]), store.read("#lobby", { limit: 9 })];
  await store[Symbol.asyncDispose]();
  await Promise.all(asked);
  await assertRejects(() => store.append([draft("c")]), StoreFailed, "closed");
  await assertRejects(() => store.read("#lobby", { limit: 1 }), StoreFailed, "closed");
  await using next = await SqliteStore.open({ folder });
  assertEquals((await next.extent("#lobby")).head, 2);
});

Deno.test("sqlite: each folder is another incarnation", async () => {
  await using after = new AsyncDisposableStack();
  const one = after.use(await SqliteStore.open({ folder: temporary(after) }));
  const other = after.use(await SqliteStore.open({ folder: temporary(after) }));
  assertNotEquals(one.incarnation, other.incarnation);
});

Deno.test("sqlite: what has expired is not in the index any more, nor what had not got there", async () => {
  await using after = new AsyncDisposableStack();
  const folder = temporary(after);
  {
    await using store = await SqliteStore.open({ folder });
    await store.append([1, 2, 3, 4].map((n) => draft(`${n}`, { at: n })));
    await store.search({ within: new Map([["#lobby", 0]]), limit: 1 });
    await store.append([draft("tea", { conversation: "#tea" })]);
    await store.expire((room) => room === "tea" ? 9_000 : 3);
    await store.search({ within: new Map([["#lobby", 0]]), limit: 1 });
  }
  const db = new DatabaseSync(`${folder}/chat.db`, { readOnly: true });
  const rows = db.prepare("SELECT id FROM search_docsize ORDER BY id").all().map(({ id }) => id);
  db.close();
  assertEquals(rows, [3, 4]);
});

Deno.test("sqlite: nobody but the owner can look into the folder it makes", async () => {
  await using after = new AsyncDisposableStack();
  const folder = `${temporary(after)}/data`;
  await using store = await SqliteStore.open({ folder });
  await store.append([draft("a")]);
  const modes = new Map<string, number>();
  for (const name of [".", "chat.db", "chat.db-wal", "chat.db-shm", "lock.db"]) {
    modes.set(name, (await Deno.stat(`${folder}/${name}`)).mode! & 0o777);
  }
  assertEquals([...modes.values()], [0o700, 0o600, 0o600, 0o600, 0o600]);
});

Deno.test("[F26] sqlite: a second server on the folder is refused, and the first does not notice", async () => {
  await using after = new AsyncDisposableStack();
  const folder = temporary(after);
  await using store = await SqliteStore.open({ folder });
  await store.append([draft("a")]);
  for (let tries = 0; tries < 2; tries++) {
    await assertRejects(() => SqliteStore.open({ folder }), FolderInUse, folder);
  }
  await store.append([draft("b")]);
  assertEquals((await store.read("#lobby", { limit: 9 })).length, 2);
});

Deno.test("[F26] sqlite: a folder that was closed can be had by the next", async () => {
  await using after = new AsyncDisposableStack();
  const { folder } = await used(after);
  await using store = await SqliteStore.open({ folder });
  assertEquals((await store.extent("#lobby")).head, 1);
});

Deno.test("[F24] sqlite: a file of a newer program is refused and left as it is", async () => {
  await using after = new AsyncDisposableStack();
  const { folder, path } = await used(after);
  const db = new DatabaseSync(path);
  db.exec(`PRAGMA user_version = ${MIGRATIONS.length + 1}`);
  db.close();
  assertStringIncludes(await refusal(folder, NewerSchema), `schema ${MIGRATIONS.length + 1}`);
});

const WRONG:
  readonly (readonly [what: string, spoil: (path: string) => void | Promise<void>, says: string])[] = [
    ["no database", (path) => Deno.writeTextFile(path, "garbage ".repeat(1_000)), "not a database"],
    ["an empty file", (path) => Deno.truncate(path, 0), "empty"],
    ["a file of a few bytes", (path) => Deno.truncate(path, 50), "not a database"],
    ["half a database", async (path) => await Deno.truncate(path, (await Deno.stat(path)).size / 2), "bytes"],
    ["another program's database", (path) => execute(path, "PRAGMA application_id = 7"), "another program"],
    ["a database without its tables", (path) => execute(path, "DROP TABLE entry"), "entry"],
    [
      "a database without its incarnation",
      (path) => execute(path, "DELETE FROM meta WHERE key = 'incarnation'"),
      "incarnation",
    ],
  ];

for (const [what, spoil, says] of WRONG) {
  Deno.test(`[F15] sqlite: ${what} is refused, named and left as it is`, async () => {
    await using after = new AsyncDisposableStack();
    const { folder, path } = await used(after);
    await spoil(path);
    const message = await refusal(folder, Damaged);
    assertStringIncludes(message, path);
    assertStringIncludes(message, says);
  });
}

Deno.test("[F15] sqlite: a log without its database is not taken for nothing", async () => {
  await using after = new AsyncDisposableStack();
  const folder = temporary(after);
  await Deno.writeTextFile(`${folder}/chat.db-wal`, "x".repeat(9_000));
  assertStringIncludes(await refusal(folder, Damaged), "missing");
});

Deno.test("[F24] sqlite: a database that was not finished is begun again", async () => {
  await using after = new AsyncDisposableStack();
  const folder = temporary(after);
  for (const ending of ["", "-journal", "-wal", "-shm"]) {
    await Deno.writeTextFile(`${folder}/chat.db.new${ending}`, "half a database");
  }
  await using store = await SqliteStore.open({ folder });
  await store.append([draft("a")]);
  assertEquals([...(await contents(folder)).keys()].filter((name) => name.includes(".new")), []);
});

Deno.test("sqlite: a folder that cannot be made is told", async () => {
  await using after = new AsyncDisposableStack();
  const folder = temporary(after);
  await Deno.writeTextFile(`${folder}/file`, "");
  await assertRejects(() => SqliteStore.open({ folder: `${folder}/file/data` }), Error, "file");
});

function execute(path: string, sql: string): void {
  const db = new DatabaseSync(path);
  db.exec(`PRAGMA foreign_keys = OFF; ${sql}`);
  db.close();
}
