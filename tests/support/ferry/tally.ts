import type { Plan, Victim } from "./plan.ts";

/** What so many rounds came to. */
export interface Tally {
  rounds: number;
  bytes: number;
  readonly whom: Record<Plan["whom"], number>;
  readonly kills: Record<Victim, number>;
  /** Kills while the file was under way; and those that never came, since it was there before. */
  hits: number;
  missed: number;
  /** Connections after a kill that went on from the middle of the file, and those that began it anew. */
  resumed: number;
  anew: number;
}

/** Nothing yet. */
export function newTally(): Tally {
  const whom = { here: 0, away: 0, room: 0 };
  const kills = { server: 0, sender: 0, receiver: 0 };
  return { rounds: 0, bytes: 0, whom, kills, hits: 0, missed: 0, resumed: 0, anew: 0 };
}

/** The same in one line. */
export function inWords({ rounds, bytes, whom, kills, hits, missed, resumed, anew }: Tally): string {
  const sum = kills.server + kills.sender + kills.receiver;
  return [
    `${rounds} files, ${
      Math.round(bytes / 1e6)
    } MB (${whom.here} for somebody, ${whom.away} for somebody away, ${whom.room} for a room)`,
    `${sum} kills: ${kills.server} of the server, ${kills.sender} of the sender, ${kills.receiver} of the receiver`,
    `${hits} while the file was under way, ${missed} found nothing under way any more`,
    `${resumed} times it went on from the middle, ${anew} times from its beginning`,
  ].join("; ");
}
