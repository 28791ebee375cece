import type { ClientEvent } from "./client_event.ts";
import { isUnderWay, type Transfer } from "./files/transfer.ts";
import type { Transfers } from "./files/transfers.ts";
import { Refused } from "./refused.ts";

/** What a pipe is to do with files. */
export interface PipeFilesOptions {
  readonly send?: { readonly path: string; readonly to: string } | undefined;
  /** Where what is offered is saved; without it nothing is. */
  readonly receive?: string | undefined;
}

/** The files of a pipe: sends the one it was asked to, and saves what is offered where it was told to. */
export class PipeFiles {
  readonly #files: Transfers | undefined;
  readonly #options: PipeFilesOptions;
  readonly #tell: (notice: string) => void;
  /** Those that it has begun to save: one that is offered while this begins is heard of twice. */
  readonly #taken = new Set<number>();
  /** What was asked for, until it has begun. */
  readonly #beginning = new Set<Promise<void>>();
  #failed = false;
  /** What failed before that is no affair of this run. */
  #begun = false;

  constructor(files: Transfers | undefined, options: PipeFilesOptions, tell: (notice: string) => void) {
    this.#files = files;
    this.#options = options;
    this.#tell = tell;
  }

  /** Whether one did not arrive, or is still on its way. */
  get incomplete(): boolean {
    return this.#failed || (this.#files?.list.some(isUnderWay) ?? false);
  }

  /** Sends what is to be sent, and takes what was offered before. Never rejects. */
  async begin(): Promise<void> {
    const { send } = this.#options;
    for (const transfer of this.#files?.list ?? []) this.heard({ kind: "transfer", transfer });
    this.#begun = true;
    if (send === undefined) return;
    const { to, path } = send;
    await this.#do(async (files) => await files.cutOff(to, path) ?? await files.send(to, path));
  }

  /** Takes what is offered, where that is wanted. */
  heard({ transfer: { number, direction, state } }: ClientEvent & { kind: "transfer" }): void {
    const { receive } = this.#options;
    if (direction === "in" && state === "offered" && receive !== undefined && !this.#taken.has(number)) {
      this.#taken.add(number);
      const beginning = this.#do((files) => files.accept(number, `${receive}/`));
      this.#beginning.add(beginning);
      void beginning.then(() => this.#beginning.delete(beginning));
    }
    if (state === "failed" && this.#begun) this.#failed = true;
  }

  /** Resolves when nothing is on its way any more. */
  async settled(): Promise<void> {
    while (this.#beginning.size > 0) await Promise.all(this.#beginning);
    await this.#files?.settled();
  }

  /** Never rejects. */
  async #do(what: (files: Transfers) => Promise<Transfer>): Promise<void> {
    try {
      if (this.#files === undefined) throw new Refused("file", "This program sends no files");
      await what(this.#files);
    } catch (error) {
      this.#failed = true;
      this.#tell(error instanceof Error ? error.message : String(error));
    }
  }
}
