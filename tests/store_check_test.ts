import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { Checkup } from "../server/store/checkup.ts";
import { Damaged } from "../server/store/failures.ts";
import { SqliteStore } from "../server/store/store_client.ts";
import { draft, Folder, kept } from "./support/operator.ts";

const DAMAGE = [
  "UPDATE entry SET text = text || '.' WHERE seq = 4321",
  "UPDATE entry SET author = 'eve' WHERE seq = 4321",
  "UPDATE entry SET at = at + 1 WHERE seq = 4321",
  "UPDATE entry SET sum = sum + 1 WHERE seq = 4321",
  "UPDATE sender SET identity = 'eve 1' WHERE identity = 'ann 1'",
];

function change(folder: string, sql: string): void {
  const db = new DatabaseSync(`${folder}/chat.db`);
  db.exec(sql);
  db.close();
}

Deno.test("[F15] a checkup reads everything while the data are used, and says how much there is", async () => {
  await using folder = await Folder.make();
  await kept(folder.path, Array.from({ length: 5_000 }, (_, n) => draft(n)));
  await using store = await SqliteStore.open({ folder: folder.path });
  using checkup = new Checkup(folder.path, "the file");
  assertEquals(await checkup.counts, { messages: 5_000, conversations: 1, accounts: 0 });
  await Promise.all([checkup.done, store.append([draft(5_000)])]);
});

for (const sql of [...DAMAGE, "UPDATE conversation SET head = 3000"]) {
  Deno.test(`[F15] a checkup finds ${sql}`, async () => {
    await using folder = await Folder.make();
    await kept(folder.path, Array.from({ length: 5_000 }, (_, n) => draft(n)));
    change(folder.path, sql);
    using checkup = new Checkup(folder.path, "the file");
    const error = await assertRejects(() => checkup.done, Damaged);
    assertStringIncludes(error.message, "the file is damaged: ");
  });
}

for (
  const sql of [
    ...DAMAGE,
    "DELETE FROM entry WHERE seq = 4321",
    "UPDATE entry SET seq = 9999 WHERE seq = 4321",
  ]
) {
  Deno.test(`[F15] nobody reads on over ${sql}`, async () => {
    await using folder = await Folder.make();
    await kept(folder.path, Array.from({ length: 5_000 }, (_, n) => draft(n)));
    await using store = await SqliteStore.open({ folder: folder.path });
    change(folder.path, sql);
    const range = { after: 4_300, limit: 100 };
    const error = await assertRejects(() => store.read("#lobby", range), Damaged);
    assertStringIncludes(error.message, `${folder.path}/chat.db is damaged: `);
    assertEquals((await store.failed).name, "Damaged");
  });
}
