/** Knows the keys that people have published. */
export interface Sealing {
  /** Whether one of the two has others by now than `keys`, the counters of the recipient's and the sender's statement. */
  isStale(from: string, to: string, keys: readonly [theirs: number, own: number] | undefined): boolean;
}
