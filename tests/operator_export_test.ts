import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { exportRoom } from "../server/operator/export_room.ts";
import { openToRead } from "../server/store/database.ts";
import { draft, Folder, kept, operate } from "./support/operator.ts";
import { Program } from "./support/program.ts";
import { ServerProcess } from "./support/torture/server_process.ts";
import { welcomed } from "./support/wire.ts";

Deno.test("--export: the very entries that members received, while the server runs", async () => {
  await using folder = await Folder.make();
  await using server = await ServerProcess.start("--data", folder.path, "--port", "0", "--no-limits");
  using ann = await welcomed(server.port, "ann");
  const texts = ["hi", "naïve 𝕥𝕖𝕩𝕥 👩‍👩‍👧", `"quoted"\n\\ and \x1b[31m \u202e`, "\u2028", "x".repeat(4_000)];
  await ann.send(...texts.map((text, n) => ({ type: "message", room: "lobby", id: `t${n}`, text })));
  await ann.until("message", ({ id }) => id === `t${texts.length - 1}`);
  const received = ann.payloads.filter((payload) => JSON.parse(payload).type === "message");

  const { code, out, err } = await operate(folder.path, "--data", folder.path, "--export", "#LOBBY");
  assertEquals([code, err], [0, ""]);
  assertEquals(out, received.map((payload) => `${payload}\n`).join(""));
});

Deno.test("--export: a room in which nothing was said is named, with the one that may be meant", async () => {
  await using folder = await Folder.make();
  await kept(folder.path, [draft(1, { conversation: "#operations" }), draft(2)]);
  const { code, out, err } = await operate(folder.path, "--data", folder.path, "--export", "#operatons");
  assertEquals([code, out], [1, ""]);
  assertEquals(err, "chat serve: nothing was ever said in #operatons. Did you mean #operations?\n");
  const whispers = await operate(folder.path, "--data", folder.path, "--export", "@ann ben");
  assertEquals([whispers.code, whispers.out], [2, ""]);
  assertStringIncludes(whispers.err, "whispers are private");
});

Deno.test("--export: a large room goes by in parts, of which nobody holds more than one", async () => {
  await using folder = await Folder.make();
  await kept(folder.path, Array.from({ length: 2_345 }, (_, n) => draft(n)));
  const db = openToRead(folder.path);
  const seqs: number[] = [];
  for (const part of exportRoom(db, "lobby")) {
    const lines = part.trimEnd().split("\n");
    assert(lines.length <= 500, `${lines.length} lines at once`);
    assert(!db.isTransaction, "nothing is held while the output is written");
    seqs.push(...lines.map((line) => JSON.parse(line).seq));
  }
  db.close();
  assertEquals(seqs, Array.from({ length: 2_345 }, (_, n) => n + 1));
});

Deno.test("--export: it ends when nobody reads any more", async () => {
  await using folder = await Folder.make();
  await kept(folder.path, Array.from({ length: 5_000 }, (_, n) => draft(n)));
  await using program = new Program("serve", "--data", folder.path, "--export", "#lobby");
  assertEquals(JSON.parse(await program.line()).seq, 1);
  await program.closeOutput();
  assertEquals([await program.code, await program.errors], [0, ""]);
});
