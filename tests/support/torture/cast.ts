/** One client of the torture: a name, and for an account its password. Two terminals may have one name. */
export interface Part {
  readonly client: string;
  readonly name: string;
  readonly password?: string;
  /** Makes the account, if nobody has yet; else it is signed in to. */
  readonly registers?: boolean;
  /** Whom it whispers to. */
  readonly peers: readonly string[];
  /** Its links go through a proxy that cuts them. */
  readonly cut: boolean;
}

/** Rooms everybody is in, more or less. */
export const ROOMS: readonly string[] = ["lobby", "ops", "tea"];

const NAMES = [
  "ada",
  "bob",
  "cyd",
  "dora",
  "emil",
  "finn",
  "greta",
  "hugo",
  "ines",
  "jonas",
  "kira",
  "luis",
  "mara",
  "nils",
  "olga",
  "pia",
  "quin",
  "rosa",
];
const ACCOUNTS = 6;
const NEIGHBOURS = 3;

/** Twenty clients: accounts and guests, and then a second terminal each for the first two accounts. */
export function cast(): readonly [firsts: readonly Part[], seconds: readonly Part[]] {
  const parts = NAMES.map((name, index): Part => ({
    client: name,
    name,
    peers: Array.from({ length: NEIGHBOURS }, (_, step) => NAMES[(index + step + 1) % NAMES.length]!),
    cut: index % 4 === 3,
    ...index < ACCOUNTS ? { password: `${name}'s long password`, registers: true } : {},
  }));
  const seconds = parts.slice(0, 2).map((part) => ({
    ...part,
    client: `${part.client}-2`,
    registers: false,
  }));
  return [parts, seconds];
}
