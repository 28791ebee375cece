/** Letters from which on a word can be the beginning of what was meant. */
const BEGINNING = 3;

/** The word most like a mistyped or unfinished one, when it is like enough to be what was meant. */
export function nearest(word: string, words: Iterable<string>): string | undefined {
  const all = [...words];
  const typed = word.toLowerCase();
  const begun = word.length < BEGINNING
    ? undefined
    : all.find((each) => each.toLowerCase().startsWith(typed));
  if (begun !== undefined || word.length < 2) return begun;
  let best: string | undefined;
  let least = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of all) {
    const steps = distance(typed, candidate.toLowerCase());
    if (steps >= least) continue;
    best = candidate;
    least = steps;
  }
  return best;
}

/** Letters to add, drop, change or swap with their neighbour to get from one word to the other. */
function distance(from: string, to: string): number {
  let before: number[] = [];
  let above = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const same = from[i - 1] === to[j - 1];
      let least = Math.min(above[j]! + 1, row[j - 1]! + 1, above[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]) {
        least = Math.min(least, before[j - 2]! + 1);
      }
      row.push(least);
    }
    before = above;
    above = row;
  }
  return above[to.length]!;
}
