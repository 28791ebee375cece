import { setImmediate } from "node:timers";

/** Something that has gathered and wants to be written. */
export interface Flushable {
  flush(): void;
}

/** After a round of writing, gather for this many times as long as it took … */
const REST_FACTOR = 1;
/** … but never longer than this. */
const LONGEST_REST_MS = 5;
/** A round for so few touches was no crowd: the next one need not wait. */
const FEW = 4;
/** Rests below this are not worth a timer. */
const SHORTEST_REST_MS = 0.5;

/**
 * Gathers what was touched and flushes each once, at the end of a turn of the event loop. Writing costs the same for one
 * message as for fifty, so after a costly round it gathers a little longer: a quiet room is told at once, a busy one in
 * fewer and larger writes.
 */
export class Turn {
  readonly #clock: () => number;
  readonly #schedule: (run: () => void, restMs: number) => void;
  #touched = new Set<Flushable>();
  #touches = 0;
  #notBefore = 0;

  constructor(clock: () => number, schedule = endOfTurn) {
    this.#clock = clock;
    this.#schedule = schedule;
  }

  touch(what: Flushable): void {
    if (this.#touched.size === 0) this.#schedule(this.#run, this.#notBefore - this.#clock());
    this.#touched.add(what);
    this.#touches++;
  }

  readonly #run = () => {
    const touched = this.#touched;
    this.#touched = new Set();
    const began = this.#clock();
    for (const what of touched) what.flush();
    const ended = this.#clock();
    const rest = this.#touches <= FEW ? 0 : Math.min(LONGEST_REST_MS, REST_FACTOR * (ended - began));
    this.#notBefore = ended + rest;
    this.#touches = 0;
  };
}

function endOfTurn(run: () => void, restMs: number): void {
  if (restMs < SHORTEST_REST_MS) setImmediate(run);
  else setTimeout(run, restMs);
}
