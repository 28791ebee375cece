import type { ClientEvent, Draft } from "./client_event.ts";
import type { Memory, Remembered, SignedIn } from "./memory/memory.ts";

/** The memory of a client that may have none, and whose faults never disturb the chat. */
export class Keeping {
  #memory: Memory | undefined;
  readonly #emit: (event: ClientEvent) => void;
  /** Set while one name's memory gives way to another's. */
  #moving: Promise<void> | undefined;
  #complained = false;

  constructor(memory: Memory | undefined, emit: (event: ClientEvent) => void) {
    this.#memory = memory;
    this.#emit = emit;
  }

  /** Does anything survive this process? */
  get keeps(): boolean {
    return this.#memory !== undefined;
  }

  get remembered(): Remembered | undefined {
    return this.#memory?.remembered;
  }

  /** Resolves when the draft may be sent: it is on disk, or cannot be put there. At once where nothing is kept. */
  keep(draft: Draft): Promise<void> | undefined {
    return this.#memory && this.#keep(draft);
  }

  done(id: string): void {
    this.#memory?.done(id);
  }

  seen(to: string, seq: number): void {
    this.#memory?.seen(to, seq);
  }

  read(to: string, seq: number): void {
    this.#memory?.read(to, seq);
  }

  forget(to: string): void {
    this.#memory?.forget(to);
  }

  /** Never rejects. */
  async signedIn(as: SignedIn | undefined): Promise<void> {
    await this.#memory?.signedIn(as).catch(() => {}); // then the next process asks for the password
  }

  /** Goes over to the memory of another name. Never rejects. */
  async rename(name: string): Promise<void> {
    const moving = this.#move(name, this.#moving);
    this.#moving = moving;
    await moving;
    if (this.#moving === moving) this.#moving = undefined;
  }

  /** Never rejects. */
  async close(): Promise<void> {
    await this.#moving;
    try {
      await this.#memory?.[Symbol.asyncDispose]();
    } catch { /* the next process takes over what is there */ }
  }

  async #keep(draft: Draft): Promise<void> {
    try {
      if (this.#moving) await this.#moving;
      await this.#memory?.keep(draft);
    } catch (error) {
      if (this.#complained) return;
      this.#complained = true;
      this.#emit({ kind: "notSaved", message: error instanceof Error ? error.message : String(error) });
    }
  }

  async #move(name: string, before: Promise<void> | undefined): Promise<void> {
    await before;
    try {
      this.#memory = await this.#memory?.renamed(name);
    } catch (error) {
      this.#memory = undefined;
      this.#emit({ kind: "notSaved", message: error instanceof Error ? error.message : String(error) });
    }
  }
}
