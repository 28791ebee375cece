import { CUTS, Disk } from "./disk.ts";
import type { Judge, Verdict } from "./judge.ts";
import type { Call } from "./log.ts";
import type { Rig } from "./rig.ts";
import { quickFolder } from "./shim.ts";

/** What came of the power cuts of a replay. */
export interface Replayed {
  /** All different. */
  readonly states: number;
  /** States in which something that was acknowledged was lost, and what. */
  readonly bad: readonly string[];
  /** States with messages that were stored and not acknowledged. */
  readonly ambiguous: number;
}

/** What a power cut leaves. */
export interface State {
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** So many lines had been said. */
  readonly lines: number;
  readonly name: string;
}

interface Options {
  /** What was there before the recording begins. */
  readonly before: Omit<State, "name">;
  readonly told: string;
  /** How many different ways, if there are so many. */
  readonly most: number;
  readonly random: () => number;
  /** Has a look at each state of its own. */
  readonly visit: (state: State) => Promise<void>;
}

/** Cuts the power after the calls of a recording, in many ways, and has each outcome judged. */
export async function replay(
  rig: Rig,
  calls: readonly Call[],
  { before, told, most, random, visit }: Options,
): Promise<Replayed> {
  const all = statesOf(calls, before, most, random);
  const bad: string[] = [];
  let [states, ambiguous] = [0, 0];
  const root = await quickFolder();
  await rig.side(async (judge, lane) => {
    for (const state of all) {
      const verdict = await judged(judge, `${root}/${lane}`, told, state);
      if (verdict.wrong.length > 0) bad.push(`${state.name}: ${verdict.wrong.join("; ")}`);
      if (verdict.ambiguous > 0) ambiguous++;
      states++;
      await visit(state);
    }
  }).finally(() => Deno.remove(root, { recursive: true }));
  return { states, bad, ambiguous };
}

/** Puts the files of a state into `folder`, and asks. */
export async function judged(
  judge: Judge,
  folder: string,
  told: string,
  { files, lines }: Omit<State, "name">,
): Promise<Verdict> {
  await lay(folder, files);
  const verdict = await judge.ask(folder, told, lines);
  await Deno.remove(folder, { recursive: true });
  return verdict;
}

/** Makes a folder with these files. */
export async function lay(folder: string, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  await Deno.mkdir(folder);
  await Promise.all([...files].map(([path, bytes]) => Deno.writeFile(`${folder}/${path}`, bytes)));
}

/** All files in a folder. */
export async function filesIn(folder: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
  return new Map(
    await Promise.all(names.map(async (name) => [name, await Deno.readFile(`${folder}/${name}`)] as const)),
  );
}

/** Goes through the recording again and again, until there were enough different states or there are no more. */
export function* statesOf(
  calls: readonly Call[],
  start: Omit<State, "name">,
  most: number,
  random: () => number,
): Generator<State> {
  const seen = new Set<string>();
  for (let before = -1; seen.size > before;) {
    before = seen.size;
    for (const state of once(calls, start, random, seen)) {
      yield state;
      if (seen.size === most) return;
    }
  }
}

/** Cuts the power once after each call, in a way that was not seen yet. */
function* once(
  calls: readonly Call[],
  start: Omit<State, "name">,
  random: () => number,
  seen: Set<string>,
): Generator<State> {
  const disk = new Disk(start.files);
  let lines = start.lines;
  for (const [nth, call] of calls.entries()) {
    disk.do(call);
    if (call.kind === "ack") lines += call.lines;
    const cut = CUTS[Math.floor(random() * CUTS.length)]!;
    const { files, key } = disk.cut(cut, random);
    const whole = `${lines} ${key}`;
    if (seen.has(whole)) continue;
    seen.add(whole);
    yield { files, lines, name: `after call ${nth + 1} (${call.kind} ${call.path}), ${cut}` };
  }
}
