import { assertEquals } from "@std/assert";
import { randomFrom } from "../random.ts";
import { Ferry } from "./ferry.ts";
import { contents, planned } from "./plan.ts";
import { newTally, type Tally } from "./tally.ts";
import { Voyage } from "./voyage.ts";

/** How many files are sent, and where everything lies. */
export interface Voyages {
  readonly seed: number;
  readonly rounds: number;
  readonly folder: string;
  /** Told after each of them. */
  readonly told?: (tally: Tally) => void;
}

/** Sends file after file, and kills whoever has to do with it while it is under way. Rejects at the first fault. */
export async function voyages({ seed, rounds, folder, told }: Voyages): Promise<Tally> {
  const tally = newTally();
  const random = randomFrom(seed);
  await using ferry = await Ferry.open(folder);
  for (let round = 1; round <= rounds; round++) {
    const plan = planned(random);
    const bytes = contents(plan.size, random);
    try {
      await new Voyage(ferry, { plan, name: `${round}.bin`, tally }).run(bytes);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new Error(`Round ${round}, ${JSON.stringify(plan)}: ${why}`, { cause: error });
    }
    told?.(tally);
  }
  assertEquals(await ferry.receiver.end("SIGTERM"), 143, "the receiver's exit code");
  assertEquals(await ferry.close(), 0, "the server's exit code");
  return tally;
}
