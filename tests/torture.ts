import { parseArgs } from "@std/cli/parse-args";
import { Campaign } from "./support/torture/campaign.ts";
import { inWords } from "./support/torture/in_words.ts";

// `deno task torture [rounds] [seed]`: kills servers and clients under load, and judges what became of what was said.

/** Rounds on one data folder: then the next one begins anew. */
const ROUNDS_EACH = 100;
const EVERY = 25;

const { _: [rounds = 1_000, first = Math.floor(Math.random() * 1e6)] } = parseArgs(Deno.args);
const started = performance.now();
let faulty = 0;
for (let done = 0; done < Number(rounds); done += ROUNDS_EACH) {
  const seed = Number(first) + done / ROUNDS_EACH;
  const folder = await Deno.makeTempDir({ prefix: `torture_${seed}_` });
  const count = Math.min(ROUNDS_EACH, Number(rounds) - done);
  if (await goesWell(seed, count, folder)) await Deno.remove(folder, { recursive: true });
  else faulty++;
}
print(`${rounds} rounds in ${Math.round((performance.now() - started) / 1_000)} s: ${faulty || "no"} faults`);
Deno.exit(faulty > 0 ? 1 : 0);

/** Says how it goes; what goes wrong can be looked at in the folder. */
async function goesWell(seed: number, rounds: number, folder: string): Promise<boolean> {
  try {
    await using campaign = new Campaign({
      seed,
      rounds,
      folder,
      every: EVERY,
      lifeMs: [50, 1_500],
      stopMs: [1_000, 5_000],
      killable: 20,
      perProcess: 1,
      judged: (verdict) => print(inWords(seed, verdict)),
    });
    const { violations } = await campaign.run();
    if (violations.length === 0) return true;
    for (const { kind, where, detail } of violations.slice(0, 20)) print(`  ${kind}: ${where}: ${detail}`);
    print(`  ${violations.length} violations`);
  } catch (error) {
    print(`  ${error instanceof Error ? error.message : error}`);
  }
  print(`  everything is in ${folder}; to try again: deno task torture ${rounds} ${seed}`);
  return false;
}

function print(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}
