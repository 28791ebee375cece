/** Names given up by `bye` or by a restart, and sessions, that are remembered of guests. */
const MOST_GUESTS = 10_000;

/** Sets the newest key; the oldest one goes when there are too many. */
export function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > MOST_GUESTS) map.delete(map.keys().next().value!);
}
