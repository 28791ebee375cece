import { assert, assertEquals } from "@std/assert";
import { Disk } from "./support/shim/disk.ts";
import type { Judge } from "./support/shim/judge.ts";
import { type Call, readLog } from "./support/shim/log.ts";
import { judged } from "./support/shim/replay.ts";
import { type Outcome, Rig } from "./support/shim/rig.ts";
import { type Rules, shimTest } from "./support/shim/shim.ts";
import { sayAgain } from "./support/store_scenario_again.ts";
import { storeScenario } from "./support/store_scenario_runs.ts";
import { type Told, toldIn } from "./support/store_scenario_told.ts";

type Fault = NonNullable<Rules["fail"]>;

const SCENARIO = storeScenario(2);
const POINTS = 100;
/** How a program ends whose store has failed. */
const IO_ERROR = 74;

/** What came of a run that met a fault. */
interface Injected {
  readonly outcome: Outcome;
  readonly calls: readonly Call[];
  readonly told: readonly Told[];
  readonly judge: Judge;
}

shimTest(
  `[F14] an I/O error at ${POINTS} points: nothing is acknowledged after it, nothing before it is lost`,
  async (t) => {
    await using rig = await Rig.open();
    const points = [...await pointsOf(rig, "sync", POINTS / 2), ...await pointsOf(rig, "write", POINTS / 2)];
    const faults = points.map((point): Fault => ({ ...point, times: 1, why: "EIO" }));
    let [failed, late, tolerated, ambiguous] = [0, 0, 0, 0];
    await inject(rig, faults, async ({ outcome, calls, told, judge }) => {
      ambiguous += (await judge.ask(outcome.folder, outcome.told)).ambiguous;
      await assertDropped(judge, outcome, calls, told.length);
      if (outcome.code === 0 && isMinor(calls)) {
        tolerated++;
        return;
      }
      const after = told.slice(linesBefore(calls));
      assertEquals(doneIn(after), [], "acknowledged after the error");
      if (outcome.code === 0) {
        assertEquals(after, [], "the error went unnoticed");
        late++;
      } else {
        assertEquals(outcome.code, IO_ERROR);
        failed++;
      }
    });
    assert(failed > POINTS / 2, `only ${failed} errors were noticed: this proves little`);
    await t.step(
      `${faults.length} errors: the store failed ${failed} times; ${ambiguous} messages stored and not acknowledged`,
      () => {},
    );
    await t.step(
      `${late} came when all was told and the store was closed, ${tolerated} where nothing hung on it`,
      () => {},
    );
  },
);

shimTest(
  `[F13] a full disk at ${POINTS} points: told as such and tried again, or the end; nothing is lost`,
  async (t) => {
    await using rig = await Rig.open();
    const points = await pointsOf(rig, "write", POINTS);
    const faults = points.map((point, i): Fault => ({ ...point, times: 2 + i % 9, why: "ENOSPC" }));
    let [recovered, refused, ended] = [0, 0, 0];
    await inject(rig, faults, ({ outcome: { code }, told }) => {
      const count = (kind: string) => told.filter((line) => kind in line).length;
      refused += count("full");
      if (code === IO_ERROR) ended++;
      else {
        assertEquals(code, 0);
        assertEquals(count("did"), count("try"));
        if (count("full") > 0) recovered++;
      }
      return Promise.resolve();
    });
    assert(recovered > POINTS / 4, `only ${recovered} times a full disk was survived: this proves little`);
    await t.step(
      `${faults.length} full disks: the store went on after ${recovered}, having refused ${refused} times`,
      () => {},
    );
    await t.step(`${ended} ended the program, as it began`, () => {});
  },
);

/** So many calls of a kind, spread over the whole scenario. */
async function pointsOf(
  rig: Rig,
  what: Fault["what"],
  most: number,
): Promise<readonly Pick<Fault, "what" | "nth">[]> {
  const calls = await rig.run(SCENARIO, { record: true }, ({ log, folder }) => readLog(log, folder));
  const all = calls.filter(({ kind }) => kind === what).length;
  assert(all >= most, `only ${all} calls of the kind ${what}: this proves little`);
  return Array.from({ length: most }, (_, i) => ({ what, nth: 1 + Math.floor(i * all / most) }));
}

/** Runs the scenario with each fault. Whatever comes of it, the store is whole, and in order when all is said again. */
async function inject(
  rig: Rig,
  faults: readonly Fault[],
  look: (injected: Injected) => Promise<void>,
): Promise<void> {
  const left = faults.values();
  await rig.side(async (judge) => {
    for (const fault of left) {
      // No two runs make the same number of calls: one of the last may not be made again.
      for (let nth = fault.nth; !await tried(rig, judge, { ...fault, nth }, look); nth--);
    }
  });
}

/** Resolves with whether the call was made that was to fail. */
async function tried(
  rig: Rig,
  judge: Judge,
  fail: Fault,
  look: (injected: Injected) => Promise<void>,
): Promise<boolean> {
  return await rig.run(SCENARIO, { fail, record: true }, async (outcome) => {
    const { folder, told: path, log, code, errors } = outcome;
    const calls = await readLog(log, folder);
    const fault = calls.find(({ kind }) => kind === "fault");
    if (fault === undefined) return false;
    try {
      assertEquals((await judge.ask(folder, path)).wrong, []);
      await look({ outcome, calls, told: await toldIn(path), judge });
      await sayAgain(folder, path);
      assertEquals((await judge.ask(folder, path)).wrong, []);
    } catch (cause) {
      const { why, what, nth, times } = fail;
      throw new Error(
        `${why} at ${what} ${nth} (${fault.path}), ${times} times; it ended with ${code}: ${errors}`,
        {
          cause,
        },
      );
    }
    return true;
  });
}

/** How many lines had been said when the fault came. */
function linesBefore(calls: readonly Call[]): number {
  const fault = calls.findIndex(({ kind }) => kind === "fault");
  assert(fault >= 0, "nothing failed");
  return calls.slice(0, fault).reduce((sum, call) => sum + (call.kind === "ack" ? call.lines : 0), 0);
}

/** Whether nothing hung on what failed: SQLite's own sync of names, which the store does too, or a number that it only compares. */
function isMinor(calls: readonly Call[]): boolean {
  return calls.some(({ kind, path }) => kind === "fault" && (path === "" || path === "chat.db-stored"));
}

/** What of these lines was both tried and acknowledged. */
function doneIn(lines: readonly Told[]): readonly Told[] {
  const tried = new Set(lines.flatMap((line) => "try" in line ? [JSON.stringify(line.asked)] : []));
  return lines.filter((line) => "did" in line && tried.has(JSON.stringify(line.asked)));
}

/** After a failed sync the kernel may have dropped what was to be written. */
async function assertDropped(
  judge: Judge,
  { folder, told }: Outcome,
  calls: readonly Call[],
  lines: number,
): Promise<void> {
  const disk = new Disk();
  for (const call of calls) disk.do(call);
  const { files } = disk.cut("nothing", Math.random);
  assertEquals((await judged(judge, `${folder}-dropped`, told, { files, lines })).wrong, []);
}
