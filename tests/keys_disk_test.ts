import { assert, assertEquals } from "@std/assert";
import { NO_LIMITS } from "../server/limits.ts";
import { serve } from "../server/serve.ts";
import { KeyScenario } from "./support/keys/key_scenario.ts";
import { saidIn } from "./support/keys/stated_client.ts";
import { Keyring } from "./support/keyring.ts";
import { buildShim, shimTest } from "./support/shim/shim.ts";
import { signedIn } from "./support/watched.ts";

/** Writes of the key store at which the disk is full: of its key, its first keys, trust, a whisper that is sealed. */
const POINTS = [1, 6, 24];

shimTest(
  "[F12] while the disk is full no whisper is sealed; that is told, and they go out when there is room",
  async (t) => {
    const home = await Deno.realPath(await Deno.makeTempDir());
    const shim = await buildShim(home);
    let told = 0;
    await Promise.all(POINTS.map(async (nth) => {
      await using scenario = await KeyScenario.open(`${home}/${nth}`);
      const fail = { what: "write", nth, times: 2, why: "ENOSPC" } as const;
      assert(!await scenario.run(shim, { fail }));
      const said = await saidIn(scenario.seat.told);
      told += said.filter((each) => "news" in each && each.news === "not_saved").length;
      await scenario.judge();
    }));
    await Deno.remove(home, { recursive: true });
    assertEquals(told, POINTS.length);
    await t.step(`${POINTS.length} full disks, each was told`, () => {});
  },
);

Deno.test("[F12] where there is no folder for keys whispers wait, the rest goes on, and they go out when there is one", async () => {
  await using server = await serve({ limits: NO_LIMITS });
  await using ring = await Keyring.make(server.port);
  await using bob = await ring.registered("bob");
  await using witness = await signedIn(server.port, "witness");
  await (await ring.registered("alice"))[Symbol.asyncDispose]();
  const folder = ring.folder("alice");
  await Deno.rename(folder, `${folder} away`);
  await Deno.writeTextFile(folder, "in the way");
  await using alice = await ring.back("alice");
  const news = await alice.next("keys");
  assertEquals(news.code, "not_saved");
  bob.client.say("@alice", "cannot be read yet");
  assertEquals((await alice.next("entry")).entry.unreadable, "no_keys");
  alice.client.say("#lobby", "said to all");
  await witness.next("entry", ({ entry }) => entry.text === "said to all");
  alice.client.say("@bob", "for bob alone");
  assertEquals(alice.client.pending.map(({ text }) => text), ["for bob alone"]);
  await Deno.remove(folder);
  await Deno.rename(`${folder} away`, folder);
  const { entry } = await bob.next("entry", ({ to, entry }) => to === "@alice" && entry.from === "alice");
  assertEquals([entry.text, entry.seal], ["for bob alone", "e2e"]);
  await alice.client.settled();
  const { entries } = await alice.client.historyPage("@bob");
  assertEquals(entries.map(({ text }) => text), ["cannot be read yet", "for bob alone"]);
  assertEquals(alice.count("refused"), 0);
});
