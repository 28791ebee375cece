import { assert } from "@std/assert";
import type { Rig, Scenario } from "./shim/rig.ts";

const SCRIPT = new URL("./store_scenario.ts", import.meta.url);
/** A call in the midst of the first round: of those that make the database and those that use it there are more. */
const MIDST = 230;

/** So many rounds of store_scenario.ts, with so many settings after the first one. */
export function storeScenario(rounds: number, settings = 0, first = 0): Scenario {
  return { script: SCRIPT, args: [rounds, settings, first].map(String) };
}

/** Runs a round, kills it in its midst, and keeps what it left in a folder; then a scenario that goes on from there. */
export async function goingOn(rig: Rig): Promise<Scenario & { readonly left: string }> {
  const left = `${rig.root}/left`;
  await rig.run(
    storeScenario(1),
    { kill: { when: "before", nth: MIDST } },
    async ({ folder, told, killed }) => {
      assert(killed && (await Deno.stat(`${folder}/chat.db-wal`)).size > 0, "nothing was left to recover");
      await Deno.mkdir(left);
      await Deno.remove(`${folder}/chat.db-shm`); // which is made anew
      for await (const { name } of Deno.readDir(folder)) {
        await Deno.copyFile(
          `${folder}/${name}`,
          `${left}/${name}`,
        );
      }
      await Deno.copyFile(told, `${rig.root}/told`);
    },
  );
  return {
    ...storeScenario(1, 0, 1),
    left,
    async prepare(folder, told) {
      for await (const { name } of Deno.readDir(left)) {
        await Deno.copyFile(`${left}/${name}`, `${folder}/${name}`);
      }
      await Deno.copyFile(`${rig.root}/told`, told);
    },
  };
}
