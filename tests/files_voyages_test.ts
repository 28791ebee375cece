import { assert } from "@std/assert";
import { inWords } from "./support/ferry/tally.ts";
import { voyages } from "./support/ferry/voyages.ts";

const SEED = 20_260_131;
const ROUNDS = 12;

Deno.test(
  `[H09] ${ROUNDS} files arrive once and as they are, whoever is killed at whatever byte of them (seed ${SEED})`,
  async (t) => {
    const folder = await Deno.makeTempDir({ prefix: "voyages_" });
    const { hits, missed, resumed, kills, ...more } = await voyages({ seed: SEED, rounds: ROUNDS, folder })
      .catch((error) => {
        throw new Error(`${error.message} (everything is in ${folder})`, { cause: error });
      });
    await t.step(inWords({ hits, missed, resumed, kills, ...more }), () => {});
    assert(hits >= 0.9 * (hits + missed), `${missed} kills came too late`);
    assert(resumed >= 3, `it went on from the middle only ${resumed} times`);
    for (const [victim, count] of Object.entries(kills)) assert(count > 0, `the ${victim} was never killed`);
    await Deno.remove(folder, { recursive: true });
  },
);
