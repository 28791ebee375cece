import { PIECE_BYTES } from "../../../client/files/pieces.ts";

/** Who can be killed. */
export type Victim = "server" | "sender" | "receiver";
/** A file goes up to the server, then down from it. */
export type Way = "up" | "down";

/** Who is killed, and when: once this share of what was left of the file has gone this way. */
export interface Blow {
  readonly victim: Victim;
  readonly way: Way;
  /** From 0 (nothing of it has gone) to less than 1. */
  readonly share: number;
}

/** What a round is about. */
export interface Plan {
  readonly size: number;
  /** For somebody who is here, or away until it is sent; or for a room. */
  readonly whom: "here" | "away" | "room";
  /** In their order: what goes up first. */
  readonly blows: readonly Blow[];
}

/** At the edges of a piece, with the hash behind the file and without it, things go wrong first. */
const EDGES = [0, 1, PIECE_BYTES - 32, PIECE_BYTES, 8 * PIECE_BYTES - 32, 8 * PIECE_BYTES].flatMap((size) =>
  size < 2 ? [size] : [size - 1, size, size + 1]
);
const SMALL = 300_000;
const LARGE = 12_000_000;
const MOST_BLOWS = 3;
const VICTIMS: Readonly<Record<Way, readonly Victim[]>> = {
  up: ["server", "sender", "receiver"],
  down: ["server", "receiver"], // the sender has gone home by then
};

/** Draws a round. */
export function planned(random: () => number): Plan {
  const pick = <T>(from: readonly T[]) => from[Math.floor(random() * from.length)]!;
  const dice = random();
  const size = dice < 0.15 ? pick(EDGES) : Math.floor(random() * (dice < 0.35 ? SMALL : LARGE));
  const whom = pick(["here", "here", "away", "room"] as const);
  const blows = Array.from({ length: 1 + Math.floor(random() * MOST_BLOWS) }, (): Blow => {
    const way = pick(["up", "down"] as const);
    const there = VICTIMS[way].filter((each) => whom !== "away" || way === "down" || each !== "receiver");
    return { victim: pick(there), way, share: random() };
  });
  return { size, whom, blows: blows.sort((a, b) => Number(a.way === "down") - Number(b.way === "down")) };
}

/** So many bytes, the same ones for the same numbers. */
export function contents(size: number, random: () => number): Uint8Array<ArrayBuffer> {
  const words = new Uint32Array(Math.ceil(size / 4));
  let state = Math.floor(random() * 2 ** 32) | 1;
  for (let at = 0; at < words.length; at++) { // xorshift32
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[at] = state;
  }
  return new Uint8Array(words.buffer, 0, size);
}
