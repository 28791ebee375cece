import { assert, assertEquals, assertRejects } from "@std/assert";
import { SqliteStore } from "../server/store/store_client.ts";
import { type Draft, pairKey, StoreFull } from "../server/store/store.ts";
import { device, somebody } from "./people_store_contract.ts";
import { draft } from "./support/draft.ts";
import { temporary } from "./support/temporary.ts";

const KIB = "x".repeat(1_024);

function big(id: string, more: Partial<Draft> = {}): Draft {
  return draft(id, { text: KIB, ...more });
}

/** Appends one after the other until there is no room; resolves with how many were stored. */
async function fill(store: SqliteStore): Promise<number> {
  for (let n = 0;; n++) {
    try {
      await store.append([big(`fill ${n}`)]);
    } catch (error) {
      assert(error instanceof StoreFull, String(error));
      return n;
    }
  }
}

Deno.test("[F13] sqlite: a full store refuses, keeps what it has, answers, and goes on when there is room", async () => {
  await using after = new AsyncDisposableStack();
  const folder = temporary(after);
  let stored: number;
  {
    const reports: Error[] = [];
    await using store = await SqliteStore.open({
      folder,
      pages: 200,
      report: (error) => reports.push(error),
    });
    const ann = await store.people.enrol(somebody("ann"), device("a"));
    stored = await fill(store);
    assert(stored > 50);
    const batch = [draft("small"), ...Array.from({ length: 50 }, (_, n) => big(`${n}`)), draft("last")];
    const asked = [store.append(batch), store.people.setSetting("key", KIB.repeat(100))];
    const reading = store.people.devices(ann!.id); // in the same batch: looking needs no room
    for (const each of asked) await assertRejects(() => each, StoreFull);
    assertEquals((await reading).length, 1);
    assertEquals(await store.extent("#lobby"), { head: stored, floor: 1 });
    assertEquals((await store.read("#lobby", { limit: 1, last: true }))[0]?.id, `fill ${stored - 1}`);
    assertEquals(await store.find("ann", "small"), undefined);
    await store.search({ text: KIB, within: new Map([["#lobby", 0]]), limit: 1 }); // the index needs room, looking does not
    const again = await store.append([big("fill 0")]); // needs no room
    assertEquals(again.map(({ duplicate }) => duplicate), [true]);
    assertEquals(reports, []);
  }
  await using store = await SqliteStore.open({ folder });
  const appended = await store.append([draft("small"), big("more")]);
  assertEquals(appended.map(({ entry, duplicate }) => [entry?.seq, duplicate]), [[stored + 1, false], [
    stored + 2,
    false,
  ]]);
  const found = await store.search({ text: KIB, within: new Map([["#lobby", 0]]), limit: 10_000 });
  assertEquals(found.length, stored + 1);
});

Deno.test("[F13] sqlite: expiry makes room", async () => {
  await using after = new AsyncDisposableStack();
  await using store = await SqliteStore.open({ folder: temporary(after), pages: 400 });
  const pair = pairKey("ann", "ben");
  await store.append([big("whisper", { conversation: pair })]);
  const stored = await fill(store);
  await assertRejects(() => store.append([big("no room"), big("no room 2")]), StoreFull);
  const searched = { text: KIB, within: new Map([[pair, 0], ["#lobby", 0]]), limit: 10_000 };
  await store.search(searched);
  await store.expire(() => 1_001);
  const [next] = await store.append([big("room", { at: 2_000 })]);
  assertEquals(next?.entry?.seq, stored + 1);
  assertEquals((await store.search(searched)).map(({ id }) => id), ["room", "whisper"]);
});

Deno.test({
  name: "[F13] sqlite: a disk that is full for a while",
  ignore: Deno.build.os !== "linux" || Deno.uid() !== 0 || !canMount(),
  async fn() {
    await using after = new AsyncDisposableStack();
    const disk = temporary(after);
    mount("-t", "tmpfs", "-o", "size=3m", "tmpfs", disk);
    after.defer(() => void new Deno.Command("umount", { args: [disk] }).outputSync());
    await using store = await SqliteStore.open({ folder: `${disk}/data` });
    await Deno.writeFile(`${disk}/ballast`, new Uint8Array(512 * 1024));
    const stored = await fill(store);
    assert(stored > 50);
    await assertRejects(() => store.append([big("no room")]), StoreFull);
    assertEquals((await store.read("#lobby", { limit: 9_999 })).length, stored);
    await Deno.remove(`${disk}/ballast`);
    const [next] = await store.append([big("room")]);
    assertEquals(next?.entry?.seq, stored + 1);
  },
});

function mount(...args: string[]): void {
  const { success, stderr } = new Deno.Command("mount", { args }).outputSync();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

/** Whether this machine lets tests have a small disk of their own. */
function canMount(): boolean {
  using after = new DisposableStack();
  const disk = temporary(after);
  try {
    mount("-t", "tmpfs", "-o", "size=1m", "tmpfs", disk);
  } catch {
    return false;
  }
  return new Deno.Command("umount", { args: [disk] }).outputSync().success;
}
