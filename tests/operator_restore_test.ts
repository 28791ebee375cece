import { assert, assertEquals, assertMatch, assertNotEquals, assertStringIncludes } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { draft, entriesIn, Folder, kept, operate } from "./support/operator.ts";
import { ServerProcess } from "./support/torture/server_process.ts";
import { welcomed } from "./support/wire.ts";

/** What is in a folder with one message and a backup of it, and then another message. */
async function withBackup(): Promise<{ folder: Folder; data: string; copy: string }> {
  const folder = await Folder.make();
  const [data, copy] = [`${folder.path}/data`, `${folder.path}/copy.db`];
  await kept(data, [draft(1)]);
  assertEquals((await operate(folder.path, "--data", data, "--backup", copy)).code, 0);
  await kept(data, [draft(2)]);
  return { folder, data, copy };
}

function changed(path: string, sql: string): void {
  const db = new DatabaseSync(path);
  db.exec(sql);
  db.close();
}

Deno.test("--restore: the backup takes the place of the data, which are kept and can be restored in turn", async () => {
  const { folder, data, copy } = await withBackup();
  await using _folder = folder;
  const now = entriesIn(`${data}/chat.db`);
  const { code, out, err } = await operate(folder.path, "--data", data, "--restore", copy);
  assertEquals([code, out], [
    0,
    `${data} has what was in ${copy}: 1 message in 1 conversation, 0 accounts\n`,
  ]);
  const [, before = ""] = err.match(/^What was there before is in (.*\/chat\.db\.before-\d{8}T\d{6}Z)\n$/) ??
    [];
  assertEquals(entriesIn(`${data}/chat.db`), entriesIn(copy));
  assertEquals(entriesIn(before), now);
  assertEquals((await Deno.stat(`${data}/chat.db`)).mode! & 0o777, 0o600);

  const back = await operate(folder.path, "--data", data, "--restore", before);
  assertEquals(back.code, 0, back.err);
  assertEquals(entriesIn(`${data}/chat.db`), now);
});

Deno.test("[F21] --restore: the logs are others, so who has seen more of them is told so", async () => {
  const { folder, data, copy } = await withBackup();
  await using _folder = folder;
  const server = await ServerProcess.start("--data", data, "--port", "0");
  using early = await welcomed(server.port, "zoe");
  const { server: { log }, rooms: [lobby] } = early.welcome;
  assertEquals(lobby?.seq, 2);
  await server.kill();

  assertEquals((await operate(folder.path, "--data", data, "--restore", copy)).code, 0);
  await using restored = await ServerProcess.start("--data", data, "--port", "0");
  using late = await welcomed(restored.port, "zoe", { log, resume: { lobby: 2 } });
  assertNotEquals(late.welcome.server.log, log);
  assertEquals(late.welcome.rooms[0]?.seq, 1);
});

Deno.test("--restore: not under a server that runs, which goes on", async () => {
  const { folder, data, copy } = await withBackup();
  await using _folder = folder;
  await using server = await ServerProcess.start("--data", data, "--port", "0");
  const { code, out, err } = await operate(folder.path, "--data", data, "--restore", copy);
  assertEquals([code, out], [75, ""]);
  assertMatch(err, /another server uses .*: stop it/);
  using ann = await welcomed(server.port, "ann");
  assertEquals(ann.welcome.rooms[0]?.seq, 2);
});

Deno.test("--restore: not while another program reads the data, whose log would get into the wrong file", async () => {
  const { folder, data, copy } = await withBackup();
  await using _folder = folder;
  const reader = new DatabaseSync(`${data}/chat.db`);
  reader.prepare("SELECT count(*) FROM entry").get();
  const { code, err } = await operate(folder.path, "--data", data, "--restore", copy);
  reader.close();
  assertEquals(code, 75);
  assertStringIncludes(err, "let the backup or export end");
  assertEquals(entriesIn(`${data}/chat.db`).length, 2);
});

Deno.test("--restore: into a folder without data, and over damaged ones", async () => {
  const { folder, data, copy } = await withBackup();
  await using _folder = folder;
  const fresh = await operate(folder.path, "--data", `${folder.path}/fresh`, "--restore", copy);
  assertEquals([fresh.code, fresh.err], [0, ""]);
  assertEquals(entriesIn(`${folder.path}/fresh/chat.db`), entriesIn(copy));

  await Deno.writeTextFile(`${data}/chat.db`, "no database");
  await Deno.writeTextFile(`${data}/chat.db-wal`, "no log of it");
  const { code, err } = await operate(folder.path, "--data", data, "--restore", copy);
  assertEquals(code, 0, err);
  assertEquals(entriesIn(`${data}/chat.db`), entriesIn(copy));
  const names = await Array.fromAsync(Deno.readDir(data), ({ name }) => name);
  assertEquals(names.filter((name) => name.includes("-wal")).length, 1, "the log is kept beside its file");
});

Deno.test("--restore: what is no backup is refused, and the data stay as they are", async () => {
  const { folder, data, copy } = await withBackup();
  await using _folder = folder;
  const before = await Deno.readFile(`${data}/chat.db`);
  const names = (await Array.fromAsync(Deno.readDir(data), ({ name }) => name)).sort();
  const bad = async (name: string, make: (path: string) => void | Promise<void>) => {
    const path = `${folder.path}/${name}`;
    await Deno.copyFile(copy, path);
    await make(path);
    return path;
  };
  for (
    const [file, code, words] of [
      [`${folder.path}/none`, 1, "there is no file"],
      [folder.path, 1, "there is no file"],
      [`${data}/chat.db`, 1, "is what the server uses"],
      [await bad("text", (path) => Deno.writeTextFile(path, "no database")), 65, "not a database"],
      [await bad("empty", (path) => Deno.truncate(path)), 65, "it is empty"],
      [await bad("short", (path) => Deno.truncate(path, 20_000)), 65, "bytes"],
      [await bad("other", (path) => changed(path, "PRAGMA application_id = 7")), 65, "another program"],
      [await bad("newer", (path) => changed(path, "PRAGMA user_version = 999")), 78, "newer program"],
      [
        await bad("altered", (path) => changed(path, "UPDATE entry SET text = 'x'")),
        65,
        "not what was stored",
      ],
      [await bad("fewer", (path) => changed(path, "DELETE FROM entry")), 65, "missing"],
    ] as const
  ) {
    const said = await operate(folder.path, "--data", data, "--restore", file);
    assertEquals([said.code, said.out], [code, ""], `${file}: ${said.err}`);
    assertStringIncludes(said.err, words);
    assert(said.err.includes(file), said.err);
    assertEquals(await Deno.readFile(`${data}/chat.db`), before, file);
    assertEquals(
      (await Array.fromAsync(Deno.readDir(data), ({ name }) => name)).filter((name) => !names.includes(name)),
      [],
    );
  }
});
