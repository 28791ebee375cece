import { buildShim, type Rules } from "../shim/shim.ts";
import { KeyScenario } from "./key_scenario.ts";

export type When = Exclude<NonNullable<Rules["kill"]>["when"], "told">;

/** What came of one run. */
export interface Ending {
  readonly when: When;
  readonly nth: number;
  /** Not where the scenario makes fewer calls. */
  readonly killed: boolean;
  readonly acknowledged: number;
  readonly sealed: number;
}

/** Kills Alice, of whom {@linkcode KeyScenario} tells, once in each run; two runs side by side. */
export class Kills implements AsyncDisposable {
  readonly #root: string;
  readonly #shim: string;
  #runs = 0;

  private constructor(root: string, shim: string) {
    this.#root = root;
    this.#shim = shim;
  }

  static async open(): Promise<Kills> {
    const root = await Deno.realPath(await Deno.makeTempDir());
    return new Kills(root, await buildShim(root));
  }

  /** Kills her at each of these places, and tells what came of it, or what was amiss. */
  async each(
    places: Iterator<readonly [When, number]>,
    ended: (ending: Ending | { readonly when: When; readonly nth: number; readonly amiss: unknown }) => void,
  ): Promise<void> {
    const lane = async () => {
      for (let next = places.next(); next.done !== true; next = places.next()) {
        const [when, nth] = next.value;
        try {
          ended(await this.#at(when, nth));
        } catch (amiss) {
          ended({ when, nth, amiss });
        }
      }
    };
    await Promise.all([lane(), lane()]);
  }

  async #at(when: When, nth: number): Promise<Ending> {
    const home = `${this.#root}/${++this.#runs}`;
    await using scenario = await KeyScenario.open(home);
    const killed = await scenario.run(this.#shim, { kill: { when, nth } });
    return { when, nth, killed, ...await scenario.judge() };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.#root, { recursive: true });
  }
}
