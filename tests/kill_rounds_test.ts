import { assert, assertEquals } from "@std/assert";
import { Campaign, type Verdict } from "./support/torture/campaign.ts";
import { inWords } from "./support/torture/in_words.ts";

const SEED = 20_260_131;
const ROUNDS = 100;

/** Runs a campaign; its folder is kept where something goes wrong. */
async function campaign(rounds: number, { fault }: { readonly fault?: "SIGTERM" } = {}): Promise<Verdict> {
  const folder = await Deno.makeTempDir({ prefix: "kill_rounds_" });
  const hint = `(seed ${SEED}, everything is in ${folder})`;
  try {
    await using running = new Campaign({
      seed: SEED,
      rounds,
      folder,
      every: 25,
      lifeMs: [50, 400],
      stopMs: [200, 800],
      killable: 6,
      perProcess: 5,
      ...fault ? { fault } : {},
    });
    const verdict = await running.run();
    Deno.stdout.writeSync(new TextEncoder().encode(`${inWords(SEED, verdict)}\n`));
    assertEquals(verdict.violations, [], hint);
    await Deno.remove(folder, { recursive: true });
    return verdict;
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error} ${hint}`, { cause: error });
  }
}

Deno.test(`[F01] [F11] [F17] nothing is lost, doubled or disordered by ${ROUNDS} kills under load`, async () => {
  const { loaded, clientsKilled, counts } = await campaign(ROUNDS);
  assert(loaded >= ROUNDS * 0.9, `${loaded} of ${ROUNDS} servers were hit with a send in flight`);
  assert(clientsKilled > 0, "no client was killed");
  assert(counts.acks >= ROUNDS, `${counts.acks} acks`);
  assert(counts.resent >= ROUNDS, `${counts.resent} were sent again`);
  assert(counts.duplicates > 0, "nothing was answered with its original entry");
});

Deno.test("[F23] a server that is asked to stop under load ends well, and every send gets its outcome", async () => {
  const { counts } = await campaign(8, { fault: "SIGTERM" });
  assert(counts.acks > 0);
});
