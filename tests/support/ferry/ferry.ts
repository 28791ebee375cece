import { Program, run } from "../program.ts";
import { freePort } from "../torture/free_port.ts";
import { ServerProcess } from "../torture/server_process.ts";
import { Hand } from "./hand.ts";
import type { Victim } from "./plan.ts";
import { Toll } from "./toll.ts";

const PASSWORD = "a long password";

/** A server, somebody who sends and somebody who receives: real programs, each on folders and a port that stay. */
export class Ferry implements AsyncDisposable {
  readonly folder: string;
  readonly #port = freePort();
  readonly up = new Toll("up", this.#port);
  readonly down = new Toll("down", this.#port);
  #server: ServerProcess | undefined;
  #sender: Hand | undefined;
  #receiver: Hand | undefined;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Both have accounts; the one who receives is there. */
  static async open(folder: string): Promise<Ferry> {
    const ferry = new Ferry(folder);
    try {
      await Deno.writeTextFile(`${folder}/password`, PASSWORD, { mode: 0o600 });
      await ferry.#serve();
      for (const who of ["alice", "bob"] as const) {
        const { code, err } = await run(
          [
            "connect",
            ferry.#at(who),
            ...ferry.#as(who),
            "--register",
            "--password-file",
            `${folder}/password`,
          ],
          "",
          ferry.#state(who),
        );
        if (code !== 0) throw new Error(`${who} cannot register: ${err}`);
      }
      ferry.receive();
      return ferry;
    } catch (error) {
      await ferry[Symbol.asyncDispose]();
      throw error;
    }
  }

  get sender(): Hand {
    return this.#sender!;
  }

  get receiver(): Hand {
    return this.#receiver!;
  }

  send(path: string, to: string): Hand {
    return this.#sender = this.#hand("alice", "--send", path, "--to", to);
  }

  receive(): Hand {
    return this.#receiver = this.#hand("bob", "--receive", `${this.folder}/in`, "--follow");
  }

  /** Kills one, and starts it again. */
  async strike(victim: Victim): Promise<void> {
    if (victim === "server") {
      await this.#server!.kill();
      await this.#serve();
      // A link on which nothing is said counts for nothing: the next one would be waited for longer and longer.
      return await this.#receiver?.say("still here");
    }
    const hand = victim === "sender" ? this.sender : this.receiver;
    const code = await hand.end("SIGKILL");
    if (code !== 128 + 9) throw new Error(`The ${victim}, killed, ended with ${code}`);
    await hand.again();
  }

  /** Asks the server to stop; resolves with how it ended. */
  async close(): Promise<number | Deno.Signal> {
    this.#server!.signal("SIGTERM");
    return await this.#server!.ended;
  }

  /** The names of what is in a folder of this. */
  async names(folder: "in" | "data/files"): Promise<string[]> {
    const names = [];
    try {
      for await (const { name } of Deno.readDir(`${this.folder}/${folder}`)) names.push(name);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
    return names.sort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#sender?.[Symbol.asyncDispose]();
    await this.#receiver?.[Symbol.asyncDispose]();
    await this.#server?.kill();
    await this.up[Symbol.asyncDispose]();
    await this.down[Symbol.asyncDispose]();
  }

  async #serve(): Promise<void> {
    const flags = ["--no-limits", "--hold-seconds", "30", "--workers", "2"];
    const where = ["--port", `${this.#port}`, "--data", `${this.folder}/data`];
    this.#server = await ServerProcess.start(...where, ...flags);
  }

  #hand(who: "alice" | "bob", ...args: readonly string[]): Hand {
    const start = () =>
      new Program(this.#state(who), "connect", this.#at(who), ...this.#as(who), "--json", ...args);
    return new Hand(start, { talks: who === "bob" });
  }

  #at(who: "alice" | "bob"): string {
    return `127.0.0.1:${(who === "alice" ? this.up : this.down).port}`;
  }

  #as(who: string): readonly string[] {
    return ["--name", who, "--plain"];
  }

  #state(who: string): { readonly state: string } {
    return { state: `${this.folder}/${who}` };
  }
}
