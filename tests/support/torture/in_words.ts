import type { Verdict } from "./campaign.ts";

/** What a campaign came to, in one line. */
export function inWords(
  seed: number,
  { rounds, loaded, inFlight, clientsKilled, counts, violations }: Verdict,
): string {
  const share = Math.round(100 * loaded / rounds);
  return [
    `seed ${seed}: ${rounds} rounds, ${share} % with sends in flight (${inFlight} in all)`,
    `${counts.acks} acks, ${counts.refusals} refusals, ${counts.shows} shown, ${counts.resent} sent again`,
    `${counts.duplicates} answered again, ${clientsKilled} clients killed, ${violations.length} violations`,
  ].join("; ");
}
