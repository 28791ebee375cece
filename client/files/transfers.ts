import type { Entry } from "../entry.ts";
import { Refused } from "../refused.ts";
import { sizeText } from "../size_text.ts";
import { fetchFile } from "./fetch_file.ts";
import { safeName } from "./file_name.ts";
import type { FilesWorld, Heard } from "./files_world.ts";
import { openSource, targetOf } from "./places.ts";
import { persist } from "./persist.ts";
import { newKey } from "./pieces.ts";
import { Progress } from "./progress.ts";
import { sendFile } from "./send_file.ts";
import { isUnderWay, type Transfer } from "./transfer.ts";
import { type Job, Jobs, noTransfer } from "./jobs.ts";
import { viewOf } from "./transfer_view.ts";
import type { Incoming, Outgoing, TransferNotes } from "./transfer_notes.ts";

/** The files that somebody sends and is offered. What was under way when the last process ended goes on. */
export class Transfers implements AsyncDisposable {
  readonly #world: FilesWorld;
  readonly #downloads: string;
  readonly #jobs: Jobs;
  #over = false;

  /** `downloads`: the folder for what is accepted without saying where. */
  constructor(
    world: FilesWorld,
    { notes, downloads }: { readonly notes: TransferNotes; readonly downloads: string },
  ) {
    this.#world = world;
    this.#downloads = downloads;
    this.#jobs = new Jobs(notes);
  }

  /** All there are, the oldest first. */
  get list(): readonly Transfer[] {
    return Array.from(this.#jobs.all, (job) => viewOf(job));
  }

  /** Signed in for the first time: what an earlier process has left goes on. */
  resume(): void {
    for (const job of this.#jobs.all) {
      const { noted } = job;
      if (job.halt !== undefined) continue;
      const owed = noted.direction === "in" && noted.owed === true;
      if (noted.state === "sending" || noted.state === "receiving" || owed) this.#start(job);
    }
  }

  /** What became of this file, as it is now, when an earlier process that sent it was cut off. */
  async cutOff(to: string, path: string): Promise<Transfer | undefined> {
    const job = this.#jobs.cutOff(to, await openSource(path));
    return job && viewOf(job);
  }

  /** Sends a file to `"#room"` or `"@name"`. Rejects with `Refused`, `no_file` where it cannot be read. */
  async send(to: string, path: string): Promise<Transfer> {
    const source = await openSource(path);
    const sending = { direction: "out", to, key: newKey(), state: "sending" } as const;
    const what = { ...source, name: safeName(source.name), number: this.#jobs.next };
    const job = this.#jobs.add({ ...sending, ...what });
    await this.#jobs.keep();
    this.#start(job);
    return viewOf(job);
  }

  /**
   * Fetches what was offered, the last that was unless a number says which, into the folder or under the name that `path`
   * says. Rejects with `Refused`, `no_transfer` where there is none.
   */
  async accept(number?: number, path?: string): Promise<Transfer> {
    const job = this.#jobs.find(number, (noted) => noted.direction === "in" && isAcceptable(noted));
    const { noted } = job;
    if (noted.direction !== "in") throw noTransfer(number);
    const { folder, name } = await targetOf(path, { downloads: this.#downloads, name: noted.name });
    const { message: _, ...rest } = noted;
    job.noted = { ...rest, folder, as: name, state: "receiving" };
    await this.#jobs.keep();
    this.#start(job);
    return viewOf(job);
  }

  /** Ends a transfer: the one that is under way, or that with the number. Nobody can fetch a file any more that was sent. */
  async cancel(number?: number): Promise<Transfer> {
    const job = this.#jobs.find(number, (noted) => number !== undefined || isUnderWay(noted));
    const { noted } = job;
    const { state } = viewOf(job);
    if (state === "saved" || state === "cancelled" || state === "fetched") {
      throw new Refused("no_transfer", `Transfer ${noted.number} is over: there is nothing to cancel`);
    }
    this.#jobs.change(job, { state: "cancelled" });
    job.halt?.abort();
    await job.done;
    if (noted.direction === "in") {
      const part = job.noted.direction === "in" ? job.noted.part : undefined;
      if (part !== undefined) await Deno.remove(part).catch(() => {}); // there may be none yet
    } else await this.#withdraw(job);
    return viewOf(job);
  }

  /**
   * An entry is about to be shown, live or from history: it may offer a file. Resolves when that will not be forgotten,
   * with what tells of it.
   */
  async heard({ to, entry: { from, file }, mine }: Heard): Promise<() => void> {
    let tell = () => {};
    const direction = mine ? "out" : "in";
    if (file === undefined) return tell;
    const known = this.#jobs.of(direction, file.file);
    if (mine === (known === undefined)) return tell;
    if (known !== undefined) {
      this.#jobs.change(known, { offered: true });
      known.offering.taken();
    } else {
      const { name, ...rest } = file;
      const offered = { direction: "in", to, from, ...rest, state: "offered" } as const;
      const job = this.#jobs.add({ ...offered, name: safeName(name), number: this.#jobs.next });
      tell = () => this.#world.tell(viewOf(job));
    }
    await this.#jobs.keep();
    return tell;
  }

  /** The server does not take a message; says whether it offers a file, and will be said again. */
  refused({ file }: Pick<Entry, "file">, why: Refused): boolean {
    const job = file && this.#jobs.of("out", file.file);
    return job?.halt !== undefined && job.offering.refused(why);
  }

  /** Somebody has fetched a file that was sent. */
  fetched(file: string, user: string): void {
    for (const job of this.#jobs.all) {
      const { noted } = job;
      if (noted.direction !== "out" || noted.file !== file || noted.state === "cancelled") continue;
      if (noted.state === "sending") job.fetchedBy = user; // told when it is sent
      else this.#fetchedBy(job, user);
    }
  }

  /** Resolves when nothing is under way. */
  async settled(): Promise<void> {
    await Promise.all(this.#jobs.all.map(({ done }) => done));
  }

  /** Stops what is under way; the next process goes on with it. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#over = true;
    for (const { halt } of this.#jobs.all) halt?.abort();
    await this.settled();
    this.#jobs.close();
    await this.#jobs.keep();
    this.#jobs[Symbol.dispose]();
  }

  #start(job: Job): void {
    const halt = new AbortController();
    const { size } = job.noted;
    job.halt = halt;
    halt.signal.addEventListener("abort", () => job.offering.halt(halt.signal.reason));
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
    try {
      await sendFile({
        noted: job.noted as Outgoing,
        world: this.#world,
        halted,
        note: (more) => this.#note(job, { ...more, offered: false }),
        offer: (file) => this.#offer(job, file),
        moved: (state, done) => job.progress?.step(state, done),
      });
    } catch (error) {
      if (job.fetchedBy === undefined) throw error;
    }
    this.#jobs.change(job, { state: "sent" });
  }

  async #offer({ noted, offering }: Job, file: string): Promise<void> {
    const { to, name, size, key, offered } = noted as Outgoing;
    if (offered) return;
    const more = { id: `file-${file}`, file: { file, name, size, key } };
    await offering.say(() => this.#world.offer(to, `${name} (${sizeText(size)})`, more));
  }

  #fetchedBy(job: Job, user: string): void {
    const { to } = job.noted;
    if (to.startsWith("@")) this.#jobs.change(job, { state: "fetched", message: user }); // in a room others may still want it
    this.#world.tell({ ...viewOf(job), state: "fetched", message: user });
  }

  async #fetch(job: Job, halted: AbortSignal): Promise<void> {
    const { folder, as, ...noted } = job.noted as Incoming;
    await fetchFile({
      noted: { ...noted, folder: folder!, as: as! }, // accepted: it has both
      world: this.#world,
      halted,
      note: (more) => this.#note(job, more),
      moved: (done) => job.progress?.step("receiving", done),
      landed: () => job.progress?.step("saved", noted.size),
    });
  }

  /** Whatever came of it; what was only halted stays as it is, for the next process. */
  async #ended(job: Job, error: unknown): Promise<void> {
    const told = job.progress?.view.state;
    job.progress = undefined;
    job.halt = undefined;
    const halted = this.#over || job.noted.state === "cancelled" ||
      error instanceof Refused && error.code === "ended";
    const failed = error !== undefined && !halted;
    if (failed) {
      const message = error instanceof Error ? error.message : String(error);
      this.#jobs.change(job, { state: "failed", message });
    }
    await this.#jobs.keep();
    if (!this.#over && job.noted.state !== told) this.#world.tell(viewOf(job));
    if (job.fetchedBy !== undefined && job.noted.state === "sent") this.#fetchedBy(job, job.fetchedBy);
    if (failed) await this.#withdraw(job); // it was offered: nobody shall wait for it; there may be no link for long
  }

  /** The server forgets a file that was being sent. Never rejects. */
  async #withdraw({ noted }: Job): Promise<void> {
    if (noted.direction !== "out" || noted.file === undefined) return;
    try {
      const ask = await this.#world.linked();
      await ask({ type: "withdraw", file: noted.file });
    } catch { /* gone already, or we are */ }
  }

  async #note(job: Job, more: Partial<Outgoing> | Partial<Incoming>): Promise<void> {
    this.#jobs.change(job, more);
    await this.#jobs.keep();
  }
}

function isAcceptable({ state }: Job["noted"]): boolean {
  return state === "offered" || state === "failed";
}
