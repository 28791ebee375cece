import type { Part } from "./cast.ts";
import { ClientProcess } from "./client_process.ts";
import type { Report, Sitting } from "./sitting.ts";
import { within } from "./within.ts";

/** How long everybody may take to come to rest once nothing goes wrong any more: who takes longer never will. */
const PATIENCE_MS = 30_000;

/** Where the clients of a {@linkcode Crowd} live, and which of them may be killed: those have a process of their own. */
export interface CrowdOptions {
  readonly port: number;
  readonly cutPort: number;
  readonly folder: string;
  readonly seed: number;
  readonly killable: number;
  /** Of the others. */
  readonly perProcess: number;
}

/** All clients, in their processes. */
export class Crowd implements AsyncDisposable {
  readonly #options: CrowdOptions;
  #processes: ClientProcess[] = [];
  /** How often each client has come online. */
  readonly #online = new Map<string, number>();
  #waiters: (() => void)[] = [];
  readonly #troubles: string[] = [];
  /** How many processes were killed. */
  killed = 0;

  constructor(options: CrowdOptions) {
    this.#options = options;
  }

  /** Starts clients; resolves when all of them have signed in. */
  async start(parts: readonly Part[]): Promise<void> {
    const { killable, perProcess, port, cutPort, folder, seed } = this.#options;
    const alone = Math.max(0, killable - this.#processes.length);
    const tables = parts.slice(0, alone).map((part) => [part]);
    for (let at = alone; at < parts.length; at += perProcess) tables.push(parts.slice(at, at + perProcess));
    for (const table of tables) {
      this.#sit({ parts: table, port, cutPort, folder, seed: seed + 1_000 * this.#processes.length });
    }
    await this.#until("signing in", () => parts.every(({ client }) => this.#online.has(client)));
  }

  /** How often anybody has come online. */
  get arrivals(): number {
    return this.#online.values().reduce((sum, count) => sum + count, 0);
  }

  /** Resolves when somebody has come online since then. */
  async arrivalAfter(before: number): Promise<void> {
    await this.#until("coming back", () => this.arrivals > before);
  }

  /** Everybody does what this word says. */
  async ask(word: "talk" | "hush" | "quiet" | "end"): Promise<void> {
    const done = Promise.all(this.#processes.map((process) => process.ask(word)));
    await within(PATIENCE_MS, `everybody: ${word}`, done);
    this.#check();
  }

  /** Kills some of those who have a process of their own, and starts them again with what they remember. */
  async killSome(count: number, random: () => number): Promise<void> {
    const alone = this.#processes.filter(({ sitting }) => sitting.parts.length === 1);
    for (let left = count; left > 0 && alone.length > 0; left--) {
      const [process] = alone.splice(Math.floor(random() * alone.length), 1);
      await process!.kill();
      this.killed++;
      this.#processes = this.#processes.filter((each) => each !== process);
      const { sitting } = process!;
      void this.#sit({ ...sitting, seed: sitting.seed + 17 }).ask("talk").catch(() => {}); // it may be killed again
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#processes.map((process) => process.kill()));
  }

  #sit(sitting: Sitting): ClientProcess {
    const process = new ClientProcess(sitting, (report) => this.#heard(report));
    this.#processes.push(process);
    return process;
  }

  #heard({ client, what, detail }: Report): void {
    if (what === "online") this.#online.set(client, (this.#online.get(client) ?? 0) + 1);
    if (what === "trouble") this.#troubles.push(`${client}: ${detail}`);
    for (const wake of this.#waiters.splice(0)) wake();
  }

  async #until(what: string, reached: () => boolean): Promise<void> {
    const wait = async () => {
      while (!reached() && this.#troubles.length === 0) {
        const { promise, resolve } = Promise.withResolvers<void>();
        this.#waiters.push(resolve);
        await promise;
      }
    };
    await within(PATIENCE_MS, what, wait());
    this.#check();
  }

  #check(): void {
    if (this.#troubles.length > 0) throw new Error(this.#troubles.join("\n"));
  }
}
