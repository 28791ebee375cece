/**
 * A server as a process of its own, on a free port of this machine unless told which with `--port`, or where with `--host`.
 * It keeps nothing, unless told where with `--data`.
 */
export class Served implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  readonly #lines: ReadableStreamDefaultReader<string>;
  #port = 0;
  /** What came along with the line that says where it listens. */
  #log = "";

  private constructor(process: Deno.ChildProcess) {
    this.#process = process;
    this.#lines = process.stderr.pipeThrough(new TextDecoderStream()).getReader();
  }

  /** Resolves when it listens. */
  static async start(chat: readonly string[], ...args: readonly string[]): Promise<Served> {
    const [program = "", ...words] = chat;
    const kept = args.includes("--data") ? [] : ["--ephemeral"]; // what is in the home folder is nobody's business
    const host = args.includes("--host") ? [] : ["--host", "127.0.0.1"];
    const port = args.includes("--port") ? [] : ["--port", "0"];
    const process = new Deno.Command(program, {
      args: [...words, "serve", ...host, ...port, ...kept, ...args],
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const served = new Served(process);
    let text = "";
    while (!text.includes("\n")) {
      const { value, done } = await served.#lines.read();
      if (done) throw new Error(`The server ended, with: ${text}`);
      text += value;
    }
    const end = text.indexOf("\n");
    served.#port = Number(JSON.parse(text.slice(0, end)).port);
    served.#log = text.slice(end + 1);
    return served;
  }

  get pid(): number {
    return this.#process.pid;
  }

  get port(): number {
    return this.#port;
  }

  /** Asks it to stop; resolves with the exit code and what it said after it listened. */
  async stop(signal: Deno.Signal = "SIGTERM"): Promise<{ readonly code: number; readonly log: string }> {
    this.#process.kill(signal);
    let log = this.#log;
    for (let next; !(next = await this.#lines.read()).done;) log += next.value;
    return { code: (await this.#process.status).code, log };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#process.kill("SIGKILL");
    } catch { /* over already */ }
    await this.#lines.cancel();
    await this.#process.status;
  }
}
