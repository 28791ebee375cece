import type { Draft } from "../../../client/client_event.ts";
import type { Memory, Remembered, SignedIn } from "../../../client/memory/memory.ts";
import { type ClientLog, conversationOf, hashOf } from "./client_log.ts";

/** A memory that has it written down before it keeps a draft, and after. */
export class NotingMemory implements Memory {
  readonly #memory: Memory;
  readonly #log: ClientLog;
  readonly #name: string;

  constructor(memory: Memory, log: ClientLog, name: string) {
    this.#memory = memory;
    this.#log = log;
    this.#name = name;
    const cursors = Array.from(memory.remembered.cursors, ([to, seq]) => [conversationOf(name, to), seq]);
    log.note({ kind: "start", name, cursors: Object.fromEntries(cursors) });
    // Killed while it was being kept, a draft may be here all the same.
    for (const draft of memory.remembered.drafts) this.#attempt(draft);
  }

  get remembered(): Remembered {
    return this.#memory.remembered;
  }

  async keep(draft: Draft): Promise<void> {
    this.#attempt(draft);
    await this.#memory.keep(draft);
    this.#log.note({ kind: "kept", id: draft.id });
  }

  done(id: string): void {
    this.#memory.done(id);
  }

  async signedIn(as: SignedIn | undefined): Promise<void> {
    await this.#memory.signedIn(as);
  }

  seen(to: string, seq: number): void {
    this.#memory.seen(to, seq);
  }

  read(to: string, seq: number): void {
    this.#memory.read(to, seq);
  }

  forget(to: string): void {
    this.#memory.forget(to);
  }

  async renamed(name: string): Promise<Memory> {
    return new NotingMemory(await this.#memory.renamed(name), this.#log, name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#memory[Symbol.asyncDispose]();
    this.#log.note({ kind: "end" });
  }

  #attempt({ id, to, text }: Draft): void {
    const conversation = conversationOf(this.#name, to);
    this.#log.note({ kind: "attempt", conversation, id, hash: hashOf(text) });
  }
}
