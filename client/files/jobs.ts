import { Refused } from "../refused.ts";
import { Offering } from "./offering.ts";
import type { Source } from "./places.ts";
import type { Progress } from "./progress.ts";
import type { Noted, TransferNotes } from "./transfer_notes.ts";

/** One transfer: what is remembered of it, and while it runs how it gets on and what ends it. */
export interface Job {
  noted: Noted;
  progress: Progress | undefined;
  halt: AbortController | undefined;
  done: Promise<void>;
  readonly offering: Offering;
  /** Who has fetched it while it was still being sent: all of it is there, whatever its sender has heard. */
  fetchedBy: string | undefined;
}

/** The transfers there are, by their numbers, and what is kept of them. */
export class Jobs implements Disposable {
  readonly #notes: TransferNotes;
  readonly #jobs = new Map<number, Job>();
  /** Those of a process that was cut off: whoever ran it has not heard how they ended. */
  readonly #unheard: ReadonlySet<Job>;

  constructor(notes: TransferNotes) {
    this.#notes = notes;
    for (const noted of notes.remembered) this.add(noted);
    this.#unheard = new Set(this.all.filter(({ noted }) => noted.direction === "out" && !noted.closed));
    this.close(); // it is told now, or never
  }

  /** The oldest first. */
  get all(): readonly Job[] {
    return [...this.#jobs.values()];
  }
  /** The number of one that is to be added. */
  get next(): number {
    return Math.max(0, ...this.#jobs.keys()) + 1;
  }

  add(noted: Noted): Job {
    const job: Job = {
      noted,
      progress: undefined,
      halt: undefined,
      done: Promise.resolve(),
      offering: new Offering(),
      fetchedBy: undefined,
    };
    this.#jobs.set(noted.number, job);
    return job;
  }

  /** The one with the number, or the last that fits. Throws `Refused`, `no_transfer` where there is none. */
  find(number: number | undefined, fits: (noted: Noted) => boolean): Job {
    const job = number === undefined ? this.all.findLast(({ noted }) => fits(noted)) : this.#jobs.get(number);
    if (job === undefined || !fits(job.noted)) throw noTransfer(number);
    return job;
  }

  /** The one of this file. */
  of(direction: Noted["direction"], file: string): Job | undefined {
    return this.all.find(({ noted }) => noted.direction === direction && noted.file === file);
  }

  /** What an earlier process was doing with this very file, if that is not over, or nobody has heard that it is. */
  cutOff(to: string, { path, size, modified }: Source): Job | undefined {
    return this.all.findLast((job) => {
      const { noted } = job;
      if (noted.direction !== "out" || noted.to !== to || noted.path !== path) return false;
      const same = noted.size === size && noted.modified === modified;
      return noted.state === "sending" || noted.state !== "failed" && this.#unheard.has(job) && same;
    });
  }

  /** What is sent is known to be so from now on. */
  close(): void {
    for (const job of this.all) if (job.noted.direction === "out") this.change(job, { closed: true });
  }

  change(job: Job, more: Partial<Noted>): void {
    job.noted = { ...job.noted, ...more } as Noted;
  }

  /** Resolves when what is remembered is on the disk. */
  async keep(): Promise<void> {
    await this.#notes.write(this.all.map(({ noted }) => noted));
  }

  [Symbol.dispose](): void {
    this.#notes[Symbol.dispose]();
  }
}

/** What is said where there is no such transfer. */
export function noTransfer(number: number | undefined): Refused {
  const which = number === undefined
    ? "There is nothing to do that with"
    : `There is no such transfer ${number}`;
  return new Refused("no_transfer", `${which}: /transfers lists them`);
}
