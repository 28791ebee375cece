import type { Draft } from "../client_event.ts";
import { type Device, writeDevice } from "./device_file.ts";
import { settle } from "./door.ts";
import { type Found, takeOver } from "./findings.ts";
import type { Memory, Remembered, SignedIn } from "./memory.ts";
import type { Note } from "./notes.ts";
import type { OutboxJournal } from "./outbox_journal.ts";
import { reason } from "./own_file.ts";
import { nameFolder } from "./state_folder.ts";

/** Where a {@linkcode FileMemory} lies. */
export interface FileMemoryPlace {
  /** Of the server, see `stateFolder`. */
  readonly folder: string;
  readonly name: string;
}

/** A memory in files that outlive the process, in whatever way it ends. Several processes may share a name. */
export class FileMemory implements Memory {
  readonly remembered: Remembered;
  readonly #place: FileMemoryPlace;
  readonly #folder: string | undefined;
  /** Where there is none, `#fault` says why. */
  readonly #journal: OutboxJournal | undefined;
  readonly #fault: unknown;
  #device: Device;
  /** The last write of the device file. */
  #writing: Promise<void> = Promise.resolve();

  private constructor(place: FileMemoryPlace, found: Found) {
    this.#place = place;
    this.#folder = found.folder;
    this.#journal = found.journal;
    this.#fault = found.fault;
    this.#device = found.device;
    this.remembered = found.remembered;
  }

  /** Reads what is there, and takes over what processes that died have left. A folder that cannot be written is still read. */
  static async open(place: FileMemoryPlace): Promise<FileMemory> {
    return new FileMemory(place, await takeOver(nameFolder(place.folder, place.name)));
  }

  async keep(draft: Draft): Promise<void> {
    try {
      if (this.#journal === undefined) throw this.#fault;
      this.#journal.note({ keep: draft });
      await this.#journal.synced();
    } catch (error) {
      throw new Error(`Cannot keep messages in ${this.#folder ?? this.#place.folder}: ${reason(error)}`, {
        cause: error,
      });
    }
  }

  done(id: string): void {
    if (this.#journal?.notes.drafts.has(id)) this.#try({ done: id });
  }

  async signedIn(as: SignedIn | undefined): Promise<void> {
    const { session, log = this.#device.log, account = false, serverKey = this.#device.server_key } = as ??
      {};
    const next: Device = { session, log, account, server_key: serverKey };
    if (same(next, this.#device)) return;
    this.#device = next;
    this.#try({ as: { session, log, account } });
    const folder = this.#folder;
    if (folder === undefined || this.#journal === undefined) return;
    const write = () => writeDevice(folder, next).catch(() => {}); // the next process asks for the password again
    await (this.#writing = this.#writing.then(write));
  }

  seen(to: string, seq: number): void {
    if (seq > (this.#journal?.notes.places.cursors.get(to) ?? -1)) this.#try({ seen: [to, seq] });
  }

  read(to: string, seq: number): void {
    if (seq > (this.#journal?.notes.places.read.get(to) ?? -1)) this.#try({ read: [to, seq] });
  }

  forget(to: string): void {
    this.#try({ forget: to });
  }

  async renamed(name: string): Promise<Memory> {
    await this[Symbol.asyncDispose]();
    return await FileMemory.open({ ...this.#place, name });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writing;
    const journal = this.#journal;
    if (journal === undefined || this.#folder === undefined) return;
    const { drafts, places } = journal.notes;
    await journal.close({
      remove: drafts.size === 0 && await settle(this.#folder, places),
    });
  }

  /** What is lost here costs a repetition, and no more. */
  #try(note: Note): void {
    try {
      this.#journal?.note(note);
    } catch { /* told when a message cannot be kept */ }
  }
}

function same(one: Device, other: Device): boolean {
  return one.session === other.session && one.log === other.log && one.account === other.account &&
    one.server_key === other.server_key;
}
