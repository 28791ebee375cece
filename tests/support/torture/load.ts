import type { Line } from "../checker/history.ts";

/** One life of a server under load, from when it could be reached to when it was stopped, on the clock of the logs. */
export interface Life {
  readonly up: number;
  readonly down: number;
}

/** How many sends each life left without an answer: they had left for this server, and nothing had come back. */
export function inFlight(lines: readonly Line[], lives: readonly Life[]): readonly number[] {
  const sent = new Map<string, number[]>();
  const answered = new Map<string, number[]>();
  for (const line of lines) {
    if (line.kind !== "sent" && line.kind !== "ack" && line.kind !== "refused") continue;
    const times = line.kind === "sent" ? sent : answered;
    const key = `${line.client} ${line.id}`;
    times.set(key, [...times.get(key) ?? [], line.t]);
  }
  const counts = lives.map(() => 0);
  for (const [key, times] of sent) {
    for (const [index, { up, down }] of lives.entries()) {
      const left = times.findLast((t) => t > up && t <= down);
      if (left === undefined) continue;
      if (!answered.get(key)?.some((t) => t > left && t <= down)) counts[index]!++;
    }
  }
  return counts;
}
