import { assert, assertEquals } from "@std/assert";
import type { Judge } from "./support/shim/judge.ts";
import { type Outcome, Rig, type Scenario } from "./support/shim/rig.ts";
import { shimTest } from "./support/shim/shim.ts";
import { sayAgain } from "./support/store_scenario_again.ts";
import { goingOn, storeScenario } from "./support/store_scenario_runs.ts";
import { toldIn } from "./support/store_scenario_told.ts";

/** After every so manyth kill all is said again. */
const SAMPLE = 8;

shimTest(
  "[F02] [D16] a kill before any call of beginning, sending, registering and resuming loses nothing acknowledged",
  async (t) => {
    await using rig = await Rig.open();
    await killed(t, rig, storeScenario(1), "before", 250);
  },
);

shimTest(
  "[F02] [D16] a second kill, after any call of recovering, sending, registering and resuming, loses nothing either",
  async (t) => {
    await using rig = await Rig.open();
    await killed(t, rig, await goingOn(rig), "after", 100);
  },
);

/** Kills the scenario everywhere, which are `least` places at least, and reports. */
async function killed(
  t: Deno.TestContext,
  rig: Rig,
  scenario: Scenario,
  when: "before" | "after",
  least: number,
): Promise<void> {
  let [acknowledged, ambiguous, again] = [0, 0, 0];
  const kills = await rig.everywhere(scenario, when, async (outcome, judge, nth) => {
    assertEnded(outcome, nth);
    ambiguous += await assertWhole(outcome, judge, nth);
    acknowledged += (await toldIn(outcome.told)).filter((line) => "did" in line).length;
    if (nth % SAMPLE > 0) return;
    await sayAgain(outcome.folder, outcome.told);
    await assertWhole(outcome, judge, nth);
    again++;
  });
  assert(kills >= least, `only ${kills} calls: this proves little`);
  assert(ambiguous > 0, "no kill came between storing and acknowledging: this proves little");
  await t.step(`${kills} kills, ${acknowledged} steps acknowledged before them, none lost`, () => {});
  await t.step(
    `${ambiguous} messages stored that nobody was told of; after ${again} kills all said again`,
    () => {},
  );
}

function assertEnded({ killed, code, errors }: Outcome, nth: number): void {
  assert(killed || code === 0, `The scenario, to be killed at call ${nth}, ended with ${code}: ${errors}`);
}

/** Resolves with how many messages are there without having been acknowledged. */
async function assertWhole({ folder, told }: Outcome, judge: Judge, nth: number): Promise<number> {
  const { wrong, ambiguous } = await judge.ask(folder, told);
  assertEquals(wrong, [], `killed at call ${nth}`);
  return ambiguous;
}
