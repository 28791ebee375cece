import { assert, assertEquals } from "@std/assert";
import type { Kind } from "./support/checker/findings.ts";
import { judge } from "./support/checker/judge.ts";
import { COMPLETE } from "./support/checker/planted/complete.ts";
import { DURABLE } from "./support/checker/planted/durable.ts";
import { ONCE_AND_GENUINE } from "./support/checker/planted/once_and_genuine.ts";
import { ONE_ORDER } from "./support/checker/planted/one_order.ts";
import type { PlantedFault } from "./support/checker/planted/planted_fault.ts";
import { SimulatedChat } from "./support/checker/simulated_chat.ts";
import { Inapplicable, Tampering } from "./support/checker/tampering.ts";
import { randomFrom } from "./support/random.ts";

const CLEAN = 300;
/** Histories in which each fault is planted, and in how many of them there must be a place for it. */
const PLANTED = 100;
const LEAST = 20;
const STEPS = 1_000;

const histories = Array.from({ length: CLEAN }, (_, n) => new SimulatedChat(n + 1).run(STEPS));

Deno.test(`the checker finds nothing in ${CLEAN} histories of a chat that keeps its promises`, () => {
  const sums = {
    lines: 0,
    acks: 0,
    refusals: 0,
    shows: 0,
    reshown: 0,
    gaps: 0,
    resent: 0,
    duplicates: 0,
    lives: 0,
  };
  for (const [index, history] of histories.entries()) {
    const { violations, counts } = judge(history);
    assertEquals(violations, [], `seed ${index + 1}`);
    for (const key of Object.keys(sums) as (keyof typeof sums)[]) sums[key] += counts[key];
  }
  for (const [key, sum] of Object.entries(sums)) assert(sum >= CLEAN, `${key}: ${sum}`);
  print(`${CLEAN} clean histories: ${Object.entries(sums).map(([key, sum]) => `${sum} ${key}`).join(", ")}`);
});

for (const planted of [...DURABLE, ...ONCE_AND_GENUINE, ...ONE_ORDER, ...COMPLETE]) {
  const { fault, kinds } = planted;
  Deno.test(`the checker calls it ${kinds.join(" or ")} when ${fault}`, () => {
    let count = 0;
    for (const [index, history] of histories.slice(0, PLANTED).entries()) {
      const seed = index + 1;
      const found = kindsOf(planted, new Tampering(history, randomFrom(seed)));
      if (!found) continue;
      count++;
      assert(
        kinds.some((kind) => found.has(kind)),
        `seed ${seed}: found ${[...found].join(", ") || "nothing"}`,
      );
    }
    assert(count >= LEAST, `planted in ${count} of ${PLANTED} histories`);
    print(`${fault}: planted in ${count} histories, found in all of them`);
  });
}

function print(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}

/** What is found in a history with this fault; nothing where there is no place for it. */
function kindsOf({ plant }: PlantedFault, history: Tampering): ReadonlySet<Kind> | undefined {
  try {
    plant(history);
  } catch (error) {
    if (error instanceof Inapplicable) return undefined;
    throw error;
  }
  return new Set(judge(history.history).violations.map(({ kind }) => kind));
}
