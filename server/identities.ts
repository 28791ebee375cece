/** How many names and sessions of the past are remembered. */
const MOST = 10_000;

/**
 * Who a guest counts as when its ids are compared. It is its name, as long as the name is given up by `bye` or taken
 * back by its session; when a hold runs out instead, or when it has whispered, whoever comes next without the session
 * is somebody else.
 */
export class Identities {
  /** Identities of names given up by `bye`. */
  readonly #left = new Map<string, string>();
  /** Identities of sessions whose hold ran out, under `session name`. */
  readonly #expired = new Map<string, string>();

  /** The identity of a guest that has just taken `name`; `fresh` is what a new one would be called. */
  of(name: string, session: string | undefined, fresh: string): string {
    const key = `${session} ${name}`;
    const identity = this.#expired.get(key) ?? this.#left.get(name) ?? fresh;
    this.#expired.delete(key);
    this.#left.delete(name);
    return identity;
  }

  /** The guest has said bye. */
  left(name: string, identity: string): void {
    remember(this.#left, name, identity);
  }

  /** The guest's hold ran out. */
  expired(session: string, name: string, identity: string): void {
    remember(this.#expired, `${session} ${name}`, identity);
  }
}

/** Sets the newest key; the oldest one goes when there are too many. */
function remember(map: Map<string, string>, key: string, value: string): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > MOST) map.delete(map.keys().next().value!);
}
