import { assertEquals } from "@std/assert";
import { NO_LIMITS } from "../server/limits.ts";
import { serve } from "../server/serve.ts";
import { Auditor } from "./support/keys/auditor.ts";
import { recordsIn } from "./support/keys/key_files.ts";
import { saidIn, type Seat, seated } from "./support/keys/stated_client.ts";
import { Keyring } from "./support/keyring.ts";
import { temporary } from "./support/temporary.ts";
import type { Watched } from "./support/watched.ts";

async function copy(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) await copy(`${from}/${name}`, `${to}/${name}`);
    else await Deno.copyFile(`${from}/${name}`, `${to}/${name}`);
  }
}

Deno.test("[X16] a client whose folder is put back encrypts nothing under a key and nonce of before, and reads on", async () => {
  await using stack = new AsyncDisposableStack();
  const home = temporary(stack);
  const server = stack.use(await serve({ limits: NO_LIMITS }));
  const ring = stack.use(await Keyring.make(server.port));
  const bob = stack.use(await ring.registered("bob"));
  const auditor = await Auditor.open();
  const [state, told] = [`${home}/state`, `${home}/told`];
  const seat: Seat = {
    name: "alice",
    port: server.port,
    pocket: `${state}/pocket`,
    keys: `${state}/keys`,
    told,
  };
  const texts: string[] = [];
  const sealed = async () => (await saidIn(told)).flatMap((each) => "sealed" in each ? [each.sealed] : []);
  /** Alice comes, both whisper, and she leaves. */
  async function meet(name: string, first?: (alice: Watched) => Promise<unknown>): Promise<void> {
    await using alice = await seated(seat);
    await alice.next("online");
    await first?.(alice);
    for (const text of [`${name} one`, `${name} two`]) {
      alice.client.say("@bob", text);
      const { entry } = await bob.next("entry", ({ entry }) => entry.from === "alice");
      auditor.look(await recordsIn(ring.folder("bob")));
      assertEquals(await auditor.audit(await sealed()), []);
      assertEquals([entry.text, entry.seal], [text, "e2e"]);
    }
    bob.client.say("@alice", `${name} three`);
    const { entry } = await alice.next("entry", ({ entry }) => entry.text === `${name} three`);
    assertEquals(entry.seal, "e2e");
    texts.push(...["one", "two", "three"].map((nth) => `${name} ${nth}`));
    assertEquals(
      (await alice.client.historyPage("@bob", { limit: 100 })).entries.slice(-3).map(({ text }) => text),
      texts.slice(-3),
    );
  }
  await meet("before", (alice) => alice.client.register(ring.password));
  await copy(state, `${home}/old`);
  await meet("meanwhile");
  for (const time of ["again", "and again"]) {
    await Deno.remove(state, { recursive: true });
    await copy(`${home}/old`, state);
    await meet(time);
  }
  const all = await sealed();
  assertEquals([all.length, new Set(all).size], [8, 8]);
});
