import type { Socket } from "../socket.ts";
import { Arrival } from "./arrival.ts";
import type { Courtesy } from "./courtesy.ts";
import type { Reached } from "./file_link.ts";
import { type FileRecord, handable, isWhole } from "./file_record.ts";
import type { FileThread } from "./file_thread.ts";
import { handOut, takeIn } from "./transfer.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** The files there are, also those that are still coming in, and their ways in and out. */
export class FileStock {
  readonly #thread: FileThread;
  readonly #courtesy: Courtesy;
  readonly #wall: () => number;
  readonly #files: Map<string, FileRecord>;
  /** Uploads under way, and how each is ended. */
  readonly #uploads = new Map<string, () => void>();
  /** How far files are that are not whole yet. */
  readonly #arrivals = new Map<string, Arrival>();
  /** Those that are gone because they were fetched, for a while: their senders may not have heard that all came. */
  readonly #fetched = new Map<string, FileRecord>();

  /** `wall`: milliseconds since 1970. */
  constructor(
    records: readonly FileRecord[],
    { thread, courtesy, wall }: {
      readonly thread: FileThread;
      readonly courtesy: Courtesy;
      readonly wall: () => number;
    },
  ) {
    this.#thread = thread;
    this.#courtesy = courtesy;
    this.#wall = wall;
    this.#files = new Map(records.map((record) => [record.id, record]));
  }

  get all(): readonly FileRecord[] {
    return [...this.#files.values()];
  }

  get(file: string): FileRecord | undefined {
    return this.#files.get(file);
  }

  /** One that was fetched not long ago. */
  fetched(file: string): FileRecord | undefined {
    return this.#fetched.get(file);
  }

  /** Whether it is being sent just now. */
  isComing(file: string): boolean {
    return this.#uploads.has(file);
  }

  /** From this call on it counts; resolves when it can be sent. */
  async create(record: FileRecord): Promise<void> {
    this.#files.set(record.id, record);
    await this.#thread.ask("create", record);
  }

  /** Forgets a file, and whoever is in the middle of it. */
  async remove({ id: file, ...record }: FileRecord): Promise<void> {
    this.#files.delete(file);
    this.#arrivals.get(file)?.end();
    this.#arrivals.delete(file);
    if (!isWhole(record)) this.#uploads.get(file)?.(); // else its sender is just being told that it is there
    await this.#thread.ask("remove", file);
  }

  /** The one it was for has it. */
  async letGo(record: FileRecord): Promise<void> {
    this.#fetched.set(record.id, { ...record, touched: this.#wall() });
    await this.remove(record);
  }

  /** Forgets those that were fetched before then. */
  forgetFetched(before: number): void {
    for (const [file, { touched }] of this.#fetched) if (touched < before) this.#fetched.delete(file);
  }

  /** Hands a file out from the byte `have` on. */
  async handOut(socket: Socket, record: FileRecord, have: number): Promise<void> {
    const { id: file, size, owner } = record;
    const arrival = this.#arrivalOf(record);
    const pace = (bytes: number) => this.#courtesy.pace(owner, bytes);
    await handOut({ socket, thread: this.#thread, file, size, pace, have, arrival });
  }

  /** Takes a file in; resolves with what was wrong with what came, if something was. `rest` was read already. */
  async takeIn(socket: Socket, record: FileRecord, rest: Bytes): Promise<string | undefined> {
    const { id: file, size, owner } = record;
    this.#uploads.get(file)?.(); // its last connection may be dead without anybody knowing
    const end = () => socket.close();
    this.#uploads.set(file, end);
    this.#arrivalOf(record); // from here on it is known how much there is
    const pace = (bytes: number) => this.#courtesy.pace(owner, bytes);
    const moved = (reached: Reached) => this.#moved(file, reached);
    try {
      return await takeIn({ socket, thread: this.#thread, file, size, pace, rest, now: this.#wall(), moved });
    } finally {
      if (this.#uploads.get(file) === end) this.#uploads.delete(file);
    }
  }

  /** So much of it has come. */
  #moved(file: string, { have, stored }: Reached): void {
    const known = this.#files.get(file);
    if (known === undefined) return;
    const record = stored === known.have ? known : { ...known, have: stored, touched: this.#wall() };
    this.#files.set(file, record);
    this.#arrivals.get(file)?.reach(handable(have, record));
    if (isWhole(record)) this.#arrivals.delete(file);
  }

  #arrivalOf(record: FileRecord): Arrival {
    const arrival = () => new Arrival(handable(record.have, record));
    return isWhole(record) ? arrival() : this.#arrivals.getOrInsertComputed(record.id, arrival);
  }
}
