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
    // A file goes both ways at once: some of what was planned has nothing left to strike at, and strikes nobody.
    const struck = Object.values(kills).reduce((sum, count) => sum + count, 0);
    assert(struck >= ROUNDS, `only ${struck} kills`);
    assert(hits >= 0.9 * struck, `${struck - hits} of ${struck} kills came when all was there`);
    assert(resumed >= 3, `it went on from the middle only ${resumed} times`);
    for (const [victim, count] of Object.entries(kills)) assert(count > 0, `the ${victim} was never killed`);
    await Deno.remove(folder, { recursive: true });
  },
);
