import { Program } from "../program.ts";
import { type TransferLine, untilTransfer } from "../transfer_lines.ts";

/** The server cannot be reached: whoever keeps a program running starts it again. */
const UNREACHABLE = 3;

/** One of those who are killed and started again: the same command, on the same folders. */
export class Hand implements AsyncDisposable {
  readonly #start: () => Program;
  readonly #talks: boolean;
  #program: Program;
  /** Those that were ended from outside, and when there is another one in their place. */
  readonly #after = new Map<Program, PromiseWithResolvers<void>>();
  #over = false;

  /** `talks`: its input stays open. */
  constructor(start: () => Program, { talks = false } = {}) {
    this.#start = start;
    this.#talks = talks;
    this.#program = this.#begun();
  }

  /** Resolves with how it ended. */
  async end(signal: Deno.Signal): Promise<number> {
    const program = this.#program;
    this.#after.set(program, Promise.withResolvers());
    program.signal(signal);
    return await program.code;
  }

  /** Starts it again, once it has ended. */
  async again(): Promise<void> {
    const before = this.#program;
    await before[Symbol.asyncDispose]();
    this.#program = this.#begun();
    this.#after.get(before)?.resolve();
  }

  /** Says something, where it is there. */
  async say(text: string): Promise<void> {
    if (!this.#after.has(this.#program)) await this.#program.write(`${text}\n`).catch(() => {}); // it may be over
  }

  /** Reads what it says of files until it fits, also when it is killed and started again in between. */
  async until(fits: (line: TransferLine) => boolean): Promise<TransferLine> {
    while (true) {
      const program = this.#program;
      try {
        return await untilTransfer(program, fits);
      } catch (error) {
        if (!await this.#goesOn(program)) throw error;
      }
    }
  }

  /** Resolves with the exit code of the one that came to its own end, and what it said. */
  async over(): Promise<{ readonly code: number; readonly said: string }> {
    while (true) {
      const program = this.#program;
      const [code, said] = await Promise.all([program.code, program.errors]);
      if (!await this.#goesOn(program)) return { code, said };
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over = true;
    for (const { resolve } of this.#after.values()) resolve();
    await this.#program[Symbol.asyncDispose]();
  }

  /** Resolves with whether there is another one in place of this one, which is over. */
  async #goesOn(program: Program): Promise<boolean> {
    const after = this.#after.get(program);
    if (after !== undefined) await after.promise;
    else if (await program.code === UNREACHABLE && !this.#over) await this.again();
    return this.#program !== program;
  }

  #begun(): Program {
    const program = this.#start();
    if (!this.#talks) program.end().catch(() => {}); // it may be over already
    return program;
  }
}
