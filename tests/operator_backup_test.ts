import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { draft, entriesIn, Folder, kept, operate } from "./support/operator.ts";
import { ServerProcess } from "./support/torture/server_process.ts";
import { welcomed } from "./support/wire.ts";

Deno.test("--backup: a checked copy that only its owner may read, and never over another file", async () => {
  await using folder = await Folder.make();
  const [data, copy] = [`${folder.path}/data`, `${folder.path}/copy.db`];
  await kept(data, [draft(1), draft(2), draft(3, { conversation: "#ops" })]);
  const { code, out, err } = await operate(folder.path, "--data", data, "--backup", copy);
  assertEquals([code, out, err], [0, `${copy} has 3 messages in 2 conversations, 0 accounts\n`, ""]);
  assertEquals(entriesIn(copy), entriesIn(`${data}/chat.db`));
  assertEquals((await Deno.stat(copy)).mode! & 0o777, 0o600);

  const before = await Deno.readFile(copy);
  const again = await operate(folder.path, "--data", data, "--backup", copy);
  assertEquals([again.code, again.out], [1, ""]);
  assertStringIncludes(again.err, `${copy} is there already`);
  assertEquals(await Deno.readFile(copy), before);
  assertEquals(await folder.names(), ["copy.db", "data"]);
});

Deno.test("--backup: what cannot be copied, or written, leaves nothing behind", async () => {
  await using folder = await Folder.make();
  const data = `${folder.path}/data`;
  const none = await operate(folder.path, "--data", data, "--backup", `${folder.path}/copy.db`);
  assertEquals([none.code, none.out], [1, ""]);
  assertStringIncludes(none.err, `there is no ${data}/chat.db`);
  assertEquals(await folder.names(), []);

  await kept(data, [draft(1)]);
  const nowhere = await operate(folder.path, "--data", data, "--backup", `${folder.path}/no/copy.db`);
  assertEquals([nowhere.code, nowhere.out], [1, ""]);
  assertStringIncludes(nowhere.err, `there is no folder ${folder.path}/no`);
  const full = await operate(folder.path, "--data", data, "--backup", "/dev/full");
  assertEquals([full.code, full.out], [1, ""]);
  assertEquals(await folder.names(), ["data"]);
});

Deno.test("[F25] --backup while a server stores: the copy is whole, and all there was up to a moment", async () => {
  await using folder = await Folder.make();
  const data = `${folder.path}/data`;
  await kept(data, Array.from({ length: 3_000 }, (_, n) => draft(n, { conversation: `#room${n % 5}` })));
  const copies = [1, 2, 3].map((n) => `${folder.path}/copy${n}.db`);
  await using server = await ServerProcess.start("--data", data, "--port", "0", "--no-limits");
  using ann = await welcomed(server.port, "ann");
  using ben = await welcomed(server.port, "ben");
  let sent = 0;
  let over = false;
  const talking = [ann, ben].map(async (wire, who) => {
    while (!over) {
      const room = "lobby";
      const burst = Array.from({ length: 20 }, () => ({
        type: "message",
        room,
        id: `${who}-${sent++}`,
        text: `text ${sent}`,
      }));
      await wire.send(...burst);
      await wire.until("message", ({ id }) => id === burst.at(-1)!.id);
    }
  });
  const during: number[] = [];
  for (const copy of copies) {
    const before = sent;
    const { code, out, err } = await operate(folder.path, "--data", data, "--backup", copy);
    assertEquals([code, err], [0, ""]);
    assertMatch(out, /has \d{4,} messages in 6 conversations, 0 accounts\n$/);
    during.push(sent - before);
  }
  over = true;
  await Promise.all(talking);
  server.signal("SIGTERM");
  assertEquals(await server.ended, 0);

  assert(during.every((count) => count > 0), `nothing was sent during a backup: ${during}`);
  const all = new Set(entriesIn(`${data}/chat.db`));
  const heads = copies.map((copy) => {
    const lines = entriesIn(copy);
    const lobby = lines.filter((line) => line.startsWith("#lobby "));
    assertEquals(lines.filter((line) => !all.has(line)), [], "everything copied was stored");
    assertEquals(lobby.map((line) => Number(line.split(" ")[1])), lobby.map((_, i) => i + 1));
    assertEquals(lines.length, 3_000 + lobby.length);
    return lobby.length;
  });
  assert(heads[0]! < heads[1]! && heads[1]! < heads[2]!, `${heads}`);
});
