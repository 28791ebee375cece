import { assert, assertEquals } from "@std/assert";
import { randomFrom } from "./support/random.ts";
import { type Call, readLog } from "./support/shim/log.ts";
import { filesIn, lay, replay, type Replayed, type State } from "./support/shim/replay.ts";
import { type Outcome, Rig, type Scenario } from "./support/shim/rig.ts";
import { shimTest } from "./support/shim/shim.ts";
import { sayAgain } from "./support/store_scenario_again.ts";
import { toldIn } from "./support/store_scenario_told.ts";
import { goingOn, storeScenario } from "./support/store_scenario_runs.ts";

/** Two rounds, and between them so much that the log is written back into the file and begun anew. */
const LONG = storeScenario(2, 250);
/** The same store, that only thinks that SQLite syncs every transaction. */
const UNSYNCED: Scenario = {
  ...LONG,
  options: ["--import-map", new URL("./support/shim/normal_sqlite.json", import.meta.url).pathname],
};
const SEED = 3;
/** Every so manyth state is opened by the store itself, too. */
const SAMPLE = 80;

interface Cuts extends Replayed {
  readonly syncs: number;
  readonly opened: number;
}

/** Records a scenario once, and cuts the power of that recording in `most` ways. */
async function cut(rig: Rig, scenario: Scenario & { readonly left?: string }, most: number): Promise<Cuts> {
  return await rig.run(scenario, { record: true }, async (outcome) => {
    assertEquals(outcome.code, 0, outcome.errors);
    const calls = await readLog(outcome.log, outcome.folder);
    const before = scenario.left === undefined
      ? { files: new Map<string, Uint8Array>(), lines: 0 }
      : { files: await filesIn(scenario.left), lines: (await toldIn(`${rig.root}/told`)).length };
    if (scenario.left === undefined) assertBegunAnew(calls);
    let [seen, opened] = [0, 0];
    const visit = async (state: State) => {
      if (++seen % SAMPLE > 0 || scenario.options !== undefined) return;
      await open(rig, outcome, state, ++opened);
    };
    const replayed = await replay(rig, calls, {
      before,
      told: outcome.told,
      most,
      random: randomFrom(SEED),
      visit,
    });
    return { ...replayed, opened, syncs: calls.filter(({ kind }) => kind === "sync").length };
  });
}

function assertBegunAnew(calls: readonly Call[]): void {
  const headers = calls.filter((call) =>
    call.kind === "write" && call.path === "chat.db-wal" && call.at === 0
  );
  assert(headers.length > 1, "the log was never begun anew: this proves little");
}

/** Opens a state with the store, as the next server would, and says everything again. */
async function open(rig: Rig, { told }: Outcome, { files, lines, name }: State, nth: number): Promise<void> {
  const folder = `${rig.root}/opened${nth}`;
  await lay(folder, files);
  try {
    await sayAgain(folder, told, lines);
  } catch (cause) {
    throw new Error(`The store cannot go on ${name}`, { cause });
  }
  await Deno.remove(folder, { recursive: true });
}

shimTest(`[F03] no power cut loses what was acknowledged (seed ${SEED})`, async (t) => {
  await using rig = await Rig.open();
  const long = await cut(rig, LONG, 5_000);
  assertEquals(long.bad, []);
  assert(long.states >= 5_000, `only ${long.states} states`);
  const second = await cut(rig, await goingOn(rig), 500);
  assertEquals(second.bad, []);
  const { states, ambiguous, syncs, opened } = long;
  await t.step(
    `${states} different states after a power cut (${syncs} syncs), and ${second.states} after a second one: 0 bad`,
    () => {},
  );
  await t.step(
    `${ambiguous} had something nobody was told of; all said again after ${opened + second.opened}`,
    () => {},
  );
});

shimTest(
  `[F03] the same power cuts do lose messages of a store that does not sync (seed ${SEED})`,
  async (t) => {
    await using rig = await Rig.open();
    const { states, bad, syncs } = await cut(rig, UNSYNCED, 1_000);
    assert(bad.length > states / 10, `${bad.length} of ${states} states were bad: the replay proves nothing`);
    await t.step(`${bad.length} of ${states} states (${syncs} syncs) were bad`, () => {});
    await t.step(`one of them: ${bad[0]?.slice(0, 100)}`, () => {});
  },
);
