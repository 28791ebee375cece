import { dumpOf } from "../checker/dump.ts";
import { judge, type Judgement } from "../checker/judge.ts";
import { FaultProxy } from "../proxy.ts";
import { randomFrom } from "../random.ts";
import { cast } from "./cast.ts";
import { readLog } from "./client_log.ts";
import { now } from "./clock.ts";
import { Crowd } from "./crowd.ts";
import { inFlight, type Life } from "./load.ts";
import { ServerProcess } from "./server_process.ts";
import { freePort } from "./free_port.ts";
import { within } from "./within.ts";

/** How long a server may take to end when asked to, and when killed. */
const DRAIN_MS = 5_000;
const PATIENCE_MS = 30_000;

/** How a campaign goes. Everything that is chosen at random follows from the seed; what time does to it does not. */
export interface CampaignOptions {
  readonly seed: number;
  readonly rounds: number;
  /** For the server's data and the clients' logs and memories. */
  readonly folder: string;
  /** Rounds after which faults stop, everybody comes to rest and all is judged. */
  readonly every: number;
  /** How long a server lives once somebody is back, from and to. */
  readonly lifeMs: readonly [number, number];
  /** How long it is stopped, where it is stopped instead of killed. */
  readonly stopMs: readonly [number, number];
  readonly killable: number;
  readonly perProcess: number;
  /** What ends a server's life: killed where nothing is said. */
  readonly fault?: "SIGTERM";
  /** Told each time that all was judged. */
  readonly judged?: (verdict: Verdict) => void;
}

/** What was found after so many rounds. */
export interface Verdict extends Judgement {
  readonly rounds: number;
  /** Rounds in which a send was in flight when the server was hit. */
  readonly loaded: number;
  readonly inFlight: number;
  readonly clientsKilled: number;
}

/** How a server dies, by how often. */
type Blow = "kill" | "kill with clients" | "cut, then kill" | "stop";

/** Twenty clients, and a server that is killed under their hands again and again. */
export class Campaign implements AsyncDisposable {
  readonly #options: CampaignOptions;
  readonly #random: () => number;
  readonly #lives: Life[] = [];
  readonly #port: number;
  readonly #proxy: FaultProxy;
  readonly #crowd: Crowd;
  #server: ServerProcess | undefined;
  #up = 0;

  constructor(options: CampaignOptions) {
    this.#options = options;
    this.#random = randomFrom(options.seed);
    this.#port = freePort();
    this.#proxy = new FaultProxy(this.#port);
    this.#crowd = new Crowd({ ...options, port: this.#port, cutPort: this.#proxy.port });
  }

  /** Resolves with the last verdict; rejects when something other than what is judged goes wrong. */
  async run(): Promise<Verdict> {
    const { rounds, every, judged } = this.#options;
    await this.#serve();
    const [firsts, seconds] = cast();
    await this.#crowd.start(firsts);
    await this.#crowd.start(seconds);
    let verdict: Verdict | undefined;
    for (let round = 1; round <= rounds; round++) {
      if (round % every === 1) await this.#crowd.ask("talk");
      await this.#round();
      if (round % every !== 0 && round !== rounds) continue;
      verdict = await this.#judge(round);
      judged?.(verdict);
      if (verdict.violations.length > 0) break;
    }
    await this.#crowd.ask("end");
    return verdict!;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#crowd[Symbol.asyncDispose]();
    await this.#server?.kill();
    await this.#proxy[Symbol.asyncDispose]();
  }

  async #round(): Promise<void> {
    const { lifeMs, fault } = this.#options;
    await delay(this.#between(lifeMs));
    const blow = this.#blow();
    if (blow === "cut, then kill") {
      this.#proxy.cut();
      await delay(this.#between([0, 50]));
    }
    this.#lives.push({ up: this.#up, down: now() });
    if (blow === "stop") return await this.#pause();
    this.#server!.signal(fault ?? "SIGKILL");
    if (blow === "kill with clients") {
      await this.#crowd.killSome(1 + Math.floor(this.#random() * 3), this.#random);
    }
    await this.#over();
    const before = this.#crowd.arrivals;
    await this.#serve();
    await this.#crowd.arrivalAfter(before);
  }

  #blow(): Blow {
    if (this.#options.fault) return "kill";
    const dice = this.#random();
    return dice < 0.1 ? "kill with clients" : dice < 0.2 ? "cut, then kill" : dice < 0.3 ? "stop" : "kill";
  }

  async #serve(): Promise<void> {
    const { folder } = this.#options;
    const flags = ["--no-limits", "--hold-seconds", "30", "--workers", "4"];
    this.#server = await ServerProcess.start("--port", `${this.#port}`, "--data", `${folder}/data`, ...flags);
    this.#up = now();
  }

  /** The server was told to end: it does, in the way in which it should. */
  async #over(): Promise<void> {
    const server = this.#server!;
    const { fault } = this.#options;
    const end = await within(fault ? DRAIN_MS : PATIENCE_MS, "the server's end", server.ended);
    await server.kill();
    await Deno.writeTextFile(`${this.#options.folder}/server.log`, `${server.said}\n`, { append: true });
    if (end !== (fault ? 0 : "SIGKILL")) throw new Error(`The server ended with ${end}: ${server.said}`);
  }

  async #pause(): Promise<void> {
    this.#server!.signal("SIGSTOP");
    await delay(this.#between(this.#options.stopMs));
    this.#server!.signal("SIGCONT");
    this.#up = now();
  }

  /** Nothing goes wrong any more; everybody comes to rest, and what came of it all is judged. */
  async #judge(rounds: number): Promise<Verdict> {
    const { folder } = this.#options;
    const unrest = await this.#unrest();
    const logs = await Promise.all(cast().flat().map(({ client }) => readLog(`${folder}/${client}.log`)));
    const lines = logs.flat();
    const judgement = judge({ lines, dump: await dumpOf(`${folder}/data/chat.db`) });
    if (unrest) {
      const found = judgement.violations.map(({ kind, where, detail }) => `${kind}: ${where}: ${detail}`);
      throw new Error([unrest, ...found].join("\n"));
    }
    const counts = inFlight(lines, this.#lives);
    return {
      ...judgement,
      rounds,
      loaded: counts.filter((count) => count > 0).length,
      inFlight: counts.reduce((sum, count) => sum + count, 0),
      clientsKilled: this.#crowd.killed,
    };
  }

  /** Why not everybody comes to rest. */
  async #unrest(): Promise<string | undefined> {
    try {
      await this.#crowd.ask("hush");
      await this.#crowd.ask("quiet");
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  #between([from, to]: readonly [number, number]): number {
    return from + this.#random() * (to - from);
  }
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
