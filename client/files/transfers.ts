import type { Entry } from "../entry.ts";
import { Refused } from "../refused.ts";
import { fetchFile } from "./fetch_file.ts";
import { safeName } from "./file_name.ts";
import type { FilesWorld } from "./files_world.ts";
import { openSource, targetOf } from "./places.ts";
import { persist } from "./persist.ts";
import { newSeed } from "./pieces.ts";
import { Progress } from "./progress.ts";
import { sendFile } from "./send_file.ts";
import { isUnderWay, type Transfer } from "./transfer.ts";
import { viewOf } from "./transfer_view.ts";
import type { Incoming, Noted, Outgoing, TransferNotes } from "./transfer_notes.ts";

/** An entry of the conversation `to`, as it is shown. */
export interface Heard {
  readonly to: string;
  readonly entry: Pick<Entry, "from" | "file">;
  readonly mine: boolean;
}

/** One transfer: what is remembered of it, and while it runs how it gets on and what ends it. */
interface Job {
  noted: Noted;
  progress: Progress | undefined;
  halt: AbortController | undefined;
  done: Promise<void>;
}

/** The files that somebody sends and is offered. What was under way when the last process ended goes on. */
export class Transfers implements AsyncDisposable {
  readonly #world: FilesWorld;
  readonly #notes: TransferNotes;
  readonly #downloads: string;
  readonly #jobs = new Map<number, Job>();
  #over = false;

  /** `downloads`: the folder for what is accepted without saying where. */
  constructor(
    world: FilesWorld,
    { notes, downloads }: { readonly notes: TransferNotes; readonly downloads: string },
  ) {
    this.#world = world;
    this.#notes = notes;
    this.#downloads = downloads;
    for (const noted of notes.remembered) this.#add(noted);
  }

  /** All there are, the oldest first. */
  get list(): readonly Transfer[] {
    return Array.from(this.#jobs.values(), (job) => viewOf(job));
  }

  /** Signed in for the first time: what an earlier process has left goes on. */
  resume(): void {
    for (const job of this.#jobs.values()) {
      const { noted } = job;
      if (job.halt !== undefined) continue;
      if (noted.state === "sending" || noted.state === "receiving") this.#start(job);
    }
  }

  /** Sends a file to `"#room"` or `"@name"`. Rejects with `Refused`, `no_file` where it cannot be read. */
  async send(to: string, path: string): Promise<Transfer> {
    const source = await openSource(path);
    const sending = { direction: "out", to, seed: newSeed(), state: "sending" } as const;
    const job = this.#add({ ...sending, ...source, name: safeName(source.name), number: this.#next() });
    await this.#keep();
    this.#start(job);
    return viewOf(job);
  }

  /**
   * Fetches what was offered, the last that was unless a number says which, into the folder or under the name that `path`
   * says. Rejects with `Refused`, `no_transfer` where there is none.
   */
  async accept(number?: number, path?: string): Promise<Transfer> {
    const job = this.#find(number, (noted) => noted.direction === "in" && isAcceptable(noted));
    const { noted } = job;
    if (noted.direction !== "in") throw nothing(number);
    const { folder, name } = await targetOf(path, { downloads: this.#downloads, name: noted.name });
    const { message: _, ...rest } = noted;
    job.noted = { ...rest, folder, as: name, state: "receiving" };
    await this.#keep();
    this.#start(job);
    return viewOf(job);
  }

  /** Ends a transfer: the one that is under way, or that with the number. Nobody can fetch a file any more that was sent. */
  async cancel(number?: number): Promise<Transfer> {
    const job = this.#find(number, (noted) => number !== undefined || isUnderWay(noted));
    const { noted } = job;
    const over = noted.state === "saved" || noted.state === "cancelled" || noted.state === "fetched";
    if (over) {
      throw new Refused("no_transfer", `Transfer ${noted.number} is over: there is nothing to cancel`);
    }
    this.#change(job, { state: "cancelled" });
    job.halt?.abort();
    await job.done;
    if (noted.direction === "in") {
      const part = job.noted.direction === "in" ? job.noted.part : undefined;
      if (part !== undefined) await Deno.remove(part).catch(() => {}); // there may be none yet
    } else if (job.noted.direction === "out" && job.noted.file !== undefined) {
      const ask = await this.#world.linked();
      await ask({ type: "withdraw", file: job.noted.file }).catch(() => {}); // gone already
    }
    return viewOf(job);
  }

  /** An entry was shown, live or from history: it may offer a file. */
  heard({ to, entry: { from, file }, mine }: Heard): void {
    if (file === undefined || mine) return;
    const known = this.#jobs.values().some(({ noted }) =>
      noted.direction === "in" && noted.file === file.file
    );
    if (known) return;
    const { name, ...rest } = file;
    const job = this.#add({
      direction: "in",
      number: this.#next(),
      to,
      from,
      ...rest,
      name: safeName(name),
      state: "offered",
    });
    void this.#keep();
    this.#world.tell(viewOf(job));
  }

  /** Somebody has fetched a file that was sent. */
  fetched(file: string, user: string): void {
    for (const job of this.#jobs.values()) {
      const { noted } = job;
      if (noted.direction !== "out" || noted.file !== file || noted.state === "cancelled") continue;
      // In a room others may still want it.
      if (noted.to.startsWith("@")) this.#change(job, { state: "fetched", message: user });
      this.#world.tell({ ...viewOf(job), state: "fetched", message: user });
    }
  }

  /** Resolves when nothing is under way. */
  async settled(): Promise<void> {
    await Promise.all(Array.from(this.#jobs.values(), ({ done }) => done));
  }

  /** Stops what is under way; the next process goes on with it. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#over = true;
    for (const { halt } of this.#jobs.values()) halt?.abort();
    await this.settled();
    await this.#keep();
    this.#notes[Symbol.dispose]();
  }

  #add(noted: Noted): Job {
    const job: Job = { noted, progress: undefined, halt: undefined, done: Promise.resolve() };
    this.#jobs.set(noted.number, job);
    return job;
  }

  #next(): number {
    return Math.max(0, ...this.#jobs.keys()) + 1;
  }

  #find(number: number | undefined, fits: (noted: Noted) => boolean): Job {
    const all = [...this.#jobs.values()];
    const job = number === undefined ? all.findLast(({ noted }) => fits(noted)) : this.#jobs.get(number);
    if (job === undefined || !fits(job.noted)) throw nothing(number);
    return job;
  }

  #start(job: Job): void {
    const halt = new AbortController();
    const { size } = job.noted;
    job.halt = halt;
    job.progress = new Progress(size, () => this.#world.tell(viewOf(job)));
    const waiting = () => job.progress?.step("waiting");
    const attempt = job.noted.direction === "out"
      ? () => this.#send(job, halt.signal)
      : () => this.#fetch(job, halt.signal);
    job.done = persist(attempt, { halted: halt.signal, waiting }).then(
      () => this.#ended(job, undefined),
      (error: unknown) => this.#ended(job, error),
    );
  }

  async #send(job: Job, halted: AbortSignal): Promise<void> {
    await sendFile({
      noted: job.noted as Outgoing,
      world: this.#world,
      halted,
      note: (more) => this.#note(job, more),
      moved: (state, done) => job.progress?.step(state, done),
    });
    this.#change(job, { state: "sent" });
  }

  async #fetch(job: Job, halted: AbortSignal): Promise<void> {
    const { folder, as, ...noted } = job.noted as Incoming;
    const path = await fetchFile({
      noted: { ...noted, folder: folder!, as: as! }, // accepted: it has both
      world: this.#world,
      halted,
      note: (more) => this.#note(job, more),
      moved: (done) => job.progress?.step("receiving", done),
    });
    this.#change(job, { state: "saved", path });
  }

  /** Whatever came of it; what was only halted stays as it is, for the next process. */
  async #ended(job: Job, error: unknown): Promise<void> {
    job.progress = undefined;
    job.halt = undefined;
    const halted = this.#over || job.noted.state === "cancelled" ||
      error instanceof Refused && error.code === "ended";
    if (error !== undefined && !halted) {
      const message = error instanceof Error ? error.message : String(error);
      this.#change(job, { state: "failed", message });
    }
    await this.#keep();
    if (!this.#over) this.#world.tell(viewOf(job));
  }

  async #note(job: Job, more: Partial<Noted>): Promise<void> {
    this.#change(job, more);
    await this.#keep();
  }

  #change(job: Job, more: Partial<Noted>): void {
    job.noted = { ...job.noted, ...more } as Noted;
  }

  async #keep(): Promise<void> {
    await this.#notes.write(Array.from(this.#jobs.values(), ({ noted }) => noted));
  }
}

function isAcceptable({ state }: Noted): boolean {
  return state === "offered" || state === "failed";
}

function nothing(number: number | undefined): Refused {
  const which = number === undefined
    ? "There is nothing to do that with"
    : `There is no such transfer ${number}`;
  return new Refused("no_transfer", `${which}: /transfers lists them`);
}
