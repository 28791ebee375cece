import { Judge } from "./judge.ts";
import { buildShim, type Rules, shimmed } from "./shim.ts";

/** A program that works with the files of a folder and tells what was acknowledged. */
export interface Scenario {
  readonly script: URL;
  /** Come after the folder and the file to tell things in. */
  readonly args?: readonly string[];
  /** For `deno run`. */
  readonly options?: readonly string[];
  /** Fills the folder before, and the file for what was told. */
  prepare?(folder: string, told: string): Promise<void>;
}

/** How a scenario ended, and what it left. */
export interface Outcome {
  readonly folder: string;
  readonly told: string;
  readonly log: string;
  readonly code: number;
  readonly killed: boolean;
  readonly errors: string;
}

/** A scenario that takes longer hangs. */
const PATIENCE_MS = 20_000;
const LANES = [0, 1];

/** The compiled shim, room for files, and a judge for each of the programs that run side by side. */
export class Rig implements AsyncDisposable {
  readonly #judges = LANES.map(() => new Judge());
  readonly #shim: string;
  #runs = 0;

  private constructor(readonly root: string, shim: string) {
    this.#shim = shim;
  }

  static async open(): Promise<Rig> {
    const root = await Deno.realPath(await Deno.makeTempDir());
    return new Rig(root, await buildShim(root));
  }

  /** Does `work` in each lane; when all are done, fails if one has. */
  async side(work: (judge: Judge, lane: number) => Promise<void>): Promise<void> {
    const ends = await Promise.allSettled(LANES.map((lane) => work(this.#judges[lane]!, lane)));
    for (const end of ends) if (end.status === "rejected") throw end.reason;
  }

  /** Runs a scenario in a folder of its own to its end, looks at what it left, and removes that. */
  async run<T>(
    scenario: Scenario,
    rules: Pick<Rules, "kill" | "fail"> & { readonly record?: boolean },
    look: (outcome: Outcome) => Promise<T>,
  ): Promise<T> {
    const home = `${this.root}/${++this.#runs}`;
    const [folder, told, log] = [`${home}/data`, `${home}/told`, `${home}/log`];
    await Deno.mkdir(folder, { recursive: true });
    await scenario.prepare?.(folder, told);
    const env = shimmed(this.#shim, { ...rules, folder, acks: told, ...(rules.record === true && { log }) });
    const args = ["run", "-A", "--quiet", ...scenario.options ?? [], scenario.script.pathname, folder, told];
    const ending = await end(new Deno.Command(Deno.execPath(), {
      args: [...args, ...scenario.args ?? []],
      env,
      stdout: "null",
      stderr: "piped",
    }).spawn());
    const seen = await look({ folder, told, log, ...ending });
    await Deno.remove(home, { recursive: true });
    return seen;
  }

  /** Kills a scenario at its first call, its second … until it ends by itself, and looks each time; how often it was killed. */
  async everywhere(
    scenario: Scenario,
    when: "before" | "after",
    look: (outcome: Outcome, judge: Judge, nth: number) => Promise<void>,
  ): Promise<number> {
    let kills = 0;
    let next = 0;
    await this.side(async (judge) => {
      for (let killed = true; killed;) {
        const nth = ++next;
        killed = await this.run(scenario, { kill: { when, nth } }, async (outcome) => {
          await look(outcome, judge, nth);
          return outcome.killed;
        });
        if (killed) kills++;
      }
    });
    return kills;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#judges.map((judge) => judge[Symbol.asyncDispose]()));
    await Deno.remove(this.root, { recursive: true });
  }
}

async function end(process: Deno.ChildProcess): Promise<Pick<Outcome, "code" | "killed" | "errors">> {
  let hangs = false;
  const timer = setTimeout(() => {
    hangs = true;
    process.kill("SIGKILL");
  }, PATIENCE_MS);
  const { code, signal, stderr } = await process.output().finally(() => clearTimeout(timer));
  const errors = new TextDecoder().decode(stderr);
  if (hangs) throw new Error(`The scenario did nothing for ${PATIENCE_MS / 1000} s. It said: ${errors}`);
  return { code, killed: signal === "SIGKILL", errors };
}
