import { Kills, type When } from "./support/keys/kills.ts";

// `deno task torture:keys [first] [step]`: kills a client at every call of its key store: before it, in its midst, after it.

const WHENS = ["before", "within", "after"] as const;
const EVERY = 25;

const [first = 1, step = 1] = Deno.args.map(Number);
const started = performance.now();
const over = new Set<When>();
let [kills, acknowledged, sealed, amiss] = [0, 0, 0, 0];

function* places(): Generator<readonly [When, number]> {
  for (let nth = first; over.size < WHENS.length; nth += step) {
    for (const when of WHENS) if (!over.has(when)) yield [when, nth];
  }
}

await using all = await Kills.open();
await all.each(places(), (ending) => {
  if ("amiss" in ending) {
    amiss++;
    print(
      `  killed ${ending.when} call ${ending.nth}: ${
        ending.amiss instanceof Error ? ending.amiss.stack : ending.amiss
      }`,
    );
    return;
  }
  if (!ending.killed) {
    over.add(ending.when);
    return;
  }
  acknowledged += ending.acknowledged;
  sealed += ending.sealed;
  if (++kills % EVERY === 0) print(`${kills} kills`);
});
const seconds = Math.round((performance.now() - started) / 1_000);
print(
  `${kills + amiss} kills in ${seconds} s: ${acknowledged} whispers acknowledged before, ${sealed} sealed; ${
    amiss || "no"
  } faults`,
);
if (amiss > 0) Deno.exitCode = 1;

function print(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}
