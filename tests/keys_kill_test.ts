import { assert, assertEquals } from "@std/assert";
import { Kills, type When } from "./support/keys/kills.ts";
import { KeyScenario } from "./support/keys/key_scenario.ts";
import { saidIn } from "./support/keys/stated_client.ts";
import { unfounded } from "./support/keys/told_before.ts";
import { randomFrom } from "./support/random.ts";
import { readLog } from "./support/shim/log.ts";
import { statesOf } from "./support/shim/replay.ts";
import { buildShim, quickFolder, shimTest } from "./support/shim/shim.ts";

/** The calls of the key store, of which these are killed here; `deno task torture:keys` kills all. */
const PLACES: readonly (readonly [When, number])[] = [
  ["within", 4],
  ["before", 14],
  ["within", 16],
  ["before", 23],
  ["within", 45],
  ["within", 64],
  ["after", 77],
  ["within", 104],
];
const SEED = 5;
const STATES = 1_500;

shimTest(
  "[X15] a client that is killed at calls of its key store loses nothing, and uses no key twice",
  async (t) => {
    await using kills = await Kills.open();
    let [killed, acknowledged, sealed] = [0, 0, 0];
    const amiss: Error[] = [];
    await kills.each(PLACES.values(), (ending) => {
      if ("amiss" in ending) {
        amiss.push(new Error(`Killed ${ending.when} call ${ending.nth}`, { cause: ending.amiss }));
        return;
      }
      if (ending.killed) killed++;
      acknowledged += ending.acknowledged;
      sealed += ending.sealed;
    });
    for (const each of amiss) throw each;
    assertEquals(killed, PLACES.length, "the scenario has become shorter");
    assert(acknowledged > 0);
    await t.step(
      `${killed} kills, ${acknowledged} whispers acknowledged before, ${sealed} ciphertexts`,
      () => {},
    );
  },
);

shimTest(`[X15] no power cut takes keys away that something was sent with (seed ${SEED})`, async (t) => {
  const home = await Deno.realPath(await Deno.makeTempDir());
  const root = await quickFolder();
  try {
    await using scenario = await KeyScenario.open(`${home}/scenario`);
    const log = `${home}/log`;
    assert(!await scenario.run(await buildShim(home), { log }));
    const { told, keys } = scenario.seat;
    const [said, calls] = [await saidIn(told), await readLog(log, keys)];
    const before = { files: new Map<string, Uint8Array>(), lines: 0 };
    const bad: string[] = [];
    let states = 0;
    for (const { files, lines, name } of statesOf(calls, before, STATES, randomFrom(SEED))) {
      const folder = `${root}/${++states}`;
      for (const [path, bytes] of files) {
        await Deno.mkdir(`${folder}/${path}`.slice(0, -path.split("/").at(-1)!.length), { recursive: true });
        await Deno.writeFile(`${folder}/${path}`, bytes);
      }
      const wrong = await unfounded(said.slice(0, lines), `${folder}/alice`, "alice");
      if (wrong.length > 0) bad.push(`${name}: ${wrong.join("; ")}`);
      await Deno.remove(folder, { recursive: true }).catch(() => {}); // nothing was left
    }
    assertEquals(bad.slice(0, 5), []);
    await t.step(`${states} different states after a power cut: 0 bad`, () => {});
  } finally {
    for (const folder of [home, root]) await Deno.remove(folder, { recursive: true });
  }
});
