import { parseArgs } from "@std/cli/parse-args";
import { inWords } from "./support/ferry/tally.ts";
import { voyages } from "./support/ferry/voyages.ts";

// `deno task torture:files [--rounds N] [--seed S]`: sends files, and kills the server, the sender and the receiver while
// they are under way.

const EVERY = 25;

const given = parseArgs(Deno.args, { string: ["rounds", "seed"] });
const rounds = Number(given.rounds ?? 300);
const seed = Number(given.seed ?? Math.floor(Math.random() * 1e6));
const folder = await Deno.makeTempDir({ prefix: `torture_files_${seed}_` });
const started = performance.now();
print(`seed ${seed}`);
try {
  const tally = await voyages({
    seed,
    rounds,
    folder,
    told: (tally) => tally.rounds % EVERY === 0 && print(inWords(tally)),
  });
  print(inWords(tally));
  print(`${rounds} rounds in ${Math.round((performance.now() - started) / 1_000)} s: no faults`);
  await Deno.remove(folder, { recursive: true });
} catch (error) {
  print(`${error instanceof Error ? error.message : error}`);
  print(
    `everything is in ${folder}; to try again: deno task torture:files --rounds ${rounds} --seed ${seed}`,
  );
  Deno.exit(1);
}

function print(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}
