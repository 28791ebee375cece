// Appends without an end to the store in a folder, and prints the seq of each entry that was acknowledged: run by tests
// that kill it.
import { SqliteStore } from "../../server/store/store_client.ts";
import { device, somebody } from "../people_store_contract.ts";
import { draft } from "./draft.ts";

const store = await SqliteStore.open({ folder: Deno.args[0]! });
const encoder = new TextEncoder();
const { head } = await store.extent("#lobby");
for (let n = head; n < head + 100_000; n += 5) {
  const drafts = Array.from({ length: 5 }, (_, i) => draft(`m${n + i + 1}`, { text: `text ${n + i + 1}` }));
  const [appended] = await Promise.all([
    store.append(drafts),
    store.people.setSetting("last", `${n + 5}`),
    n === head ? store.people.enrol(somebody(`user${head}`), device("a")) : undefined,
  ]);
  for (const { entry } of appended) Deno.stdout.writeSync(encoder.encode(`${entry?.seq}\n`));
}
