import { assert, assertEquals } from "@std/assert";
import { sealedSize } from "../client/files/pieces.ts";
import { bomb, bottom } from "./support/bomb.ts";
import { diskUse } from "./support/disk_use.ts";
import { Ferry } from "./support/ferry/ferry.ts";
import { eventually } from "./support/house.ts";
import { temporary } from "./support/temporary.ts";

/** What all the rest may grow meanwhile: messages, notes, keys. */
const REST = 1_000_000;
/** The most that is noted of a file. */
const NOTE = 1_000;

Deno.test("[H06] an archive bomb takes its own size on the server's disk and the receiver's, and is not looked into", async () => {
  await using after = new AsyncDisposableStack();
  const folder = temporary(after);
  const { bytes, unpacked } = await bomb();
  assertEquals([bytes.length < 100_000, unpacked > 1e12], [true, true], `${bytes.length} bytes`);
  assertEquals(await bottom(bytes), 64 * 1024 * 1024, "it is what it is meant to be");
  await Deno.writeFile(`${folder}/holiday.zip`, bytes);
  const ferry = after.use(await Ferry.open(folder));
  await ferry.receiver.end("SIGTERM");
  const before = await diskUse(folder);
  const { code, said } = await ferry.send(`${folder}/holiday.zip`, "bob").over();
  assertEquals(code, 0, said);
  const kept = await diskUse(`${folder}/data/files`);
  const sealed = sealedSize(bytes.length);
  assert(kept >= sealed && kept <= sealed + NOTE, `${kept} bytes of ${bytes.length} on the server`);
  await ferry.receiver.again();
  await ferry.receiver.until(({ state }) => state === "saved");
  assertEquals(await ferry.names("in"), ["holiday.zip"]);
  assertEquals(await Deno.readFile(`${folder}/in/holiday.zip`), bytes);
  await eventually("the server keeps nothing of it", async () => await diskUse(`${folder}/data/files`) === 0);
  const more = await diskUse(folder) - before;
  assert(more < bytes.length + REST, `${more} bytes more in all`);
});
