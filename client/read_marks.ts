import type { Request } from "../protocol/schema.ts";
import { onWire } from "./conversation.ts";

/** What {@linkcode ReadMarks} act upon. */
export interface ReadMarksOptions {
  readonly send: (request: Request) => void;
  readonly keep: (to: string, seq: number) => void;
}

/** How far one has read, on this device and on the others of the account. Marks never go back. */
export class ReadMarks {
  readonly #options: ReadMarksOptions;
  readonly #marks = new Map<string, number>();
  /** What the server knows of them. */
  readonly #told = new Map<string, number>();
  /** There is an account, and a link to tell the server over. */
  #open = false;
  #telling = false;

  constructor(options: ReadMarksOptions) {
    this.#options = options;
  }

  get all(): ReadonlyMap<string, number> {
    return new Map(this.#marks);
  }

  /** What an earlier process knew. */
  restore(marks: ReadonlyMap<string, number>): void {
    this.clear();
    for (const [to, seq] of marks) this.#marks.set(to, seq);
  }

  /** The logs are others. */
  clear(): void {
    this.#marks.clear();
    this.#told.clear();
  }

  /** The person has read up to here; what gathers in one turn is told in one go. */
  read(to: string, seq: number): void {
    if (this.#raise(to, seq)) this.#tell();
  }

  /** The server says that another device is there; says whether that is news. */
  heard(to: string, seq: number): boolean {
    if (seq > (this.#told.get(to) ?? 0)) this.#told.set(to, seq);
    return this.#raise(to, seq);
  }

  /** Signed in to an account: the server says what it knows, and is told what it does not. */
  open(): void {
    this.#open = true;
    this.#tell();
  }

  /** The link is gone, and with it perhaps what was told last: the next `welcome` says what has arrived. */
  shut(): void {
    this.#open = false;
    this.#told.clear();
  }

  #raise(to: string, seq: number): boolean {
    if (seq <= (this.#marks.get(to) ?? 0)) return false;
    this.#marks.set(to, seq);
    this.#options.keep(to, seq);
    return true;
  }

  #tell(): void {
    if (!this.#open || this.#telling) return;
    this.#telling = true;
    queueMicrotask(() => {
      this.#telling = false;
      if (!this.#open) return;
      for (const [to, seq] of this.#marks) {
        if (seq <= (this.#told.get(to) ?? 0)) continue;
        this.#told.set(to, seq);
        this.#options.send({ type: "read", room: onWire(to), seq });
      }
    });
  }
}
