import { lines } from "./lines.ts";

const MAIN = new URL("../../../main.ts", import.meta.url).pathname;

/** `chat serve` on a data folder, in a process of its own. */
export class ServerProcess implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  readonly #reading: Promise<void>;
  readonly #listening = Promise.withResolvers<number>();
  #said: string[] = [];

  constructor(...args: readonly string[]) {
    this.#process = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--quiet", "--no-check", MAIN, "serve", "--host", "127.0.0.1", ...args],
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    this.#listening.promise.catch(() => {}); // somebody may only want to know how it ends
    this.#reading = this.#read();
  }

  /** Starts one, and resolves when it can be reached; rejects with what it said, when it ends instead. */
  static async start(...args: readonly string[]): Promise<ServerProcess & { readonly port: number }> {
    const server = new ServerProcess(...args);
    const port = await server.#listening.promise;
    return Object.assign(server, { port });
  }

  /** What it said on standard error. */
  get said(): string {
    return this.#said.join("\n");
  }

  /** Resolves with the exit code, or the signal, with which it ended. */
  get ended(): Promise<number | Deno.Signal> {
    return this.#process.status.then(({ code, signal }) => signal ?? code);
  }

  /** Throws where it has ended by itself. */
  signal(signal: Deno.Signal): void {
    try {
      this.#process.kill(signal);
    } catch (error) {
      throw new Error(`The server is over: ${this.said}`, { cause: error });
    }
  }

  /** Resolves when it is gone. */
  async kill(): Promise<void> {
    try {
      this.signal("SIGKILL");
    } catch { /* over already */ }
    await this.#reading;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }

  async #read(): Promise<void> {
    for await (const line of lines(this.#process.stderr)) {
      this.#said.push(line);
      if (!line.startsWith("{")) continue;
      const { event, port } = JSON.parse(line);
      if (event === "listening") this.#listening.resolve(port);
    }
    await this.#process.status;
    this.#listening.reject(new Error(`The server ended: ${this.said}`));
  }
}
