import { assertEquals } from "@std/assert";
import { Ferry } from "./support/ferry/ferry.ts";
import { eventually } from "./support/house.ts";
import { temporary } from "./support/temporary.ts";

Deno.test("[H09] [V5] a server that is killed before it hears that a file was fetched hears it later, and keeps nothing of it", async () => {
  await using after = new AsyncDisposableStack();
  const folder = temporary(after);
  await Deno.writeTextFile(`${folder}/a.txt`, "a file");
  const ferry = after.use(await Ferry.open(folder));
  const caught = ferry.down.trap(1); // all of it has passed, and nothing that is said of it
  await using sender = ferry.send(`${folder}/a.txt`, "bob");
  await caught;
  await ferry.strike("server");
  ferry.down.release({ cut: true });
  await ferry.receiver.until(({ state }) => state === "saved");
  assertEquals((await sender.over()).code, 0);
  assertEquals(await ferry.names("in"), ["a.txt"]);
  await eventually("it keeps nothing", async () => (await ferry.names("data/files")).length === 0);
});
