import { lines } from "./lines.ts";
import type { Report, Sitting } from "./sitting.ts";

const HOST = new URL("host.ts", import.meta.url).pathname;
const encoder = new TextEncoder();

/** A process of clients, as the one who started it sees it. */
export class ClientProcess implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #reading: Promise<void>;
  readonly #waiting = new Map<string, PromiseWithResolvers<void>>();
  #killed = false;
  readonly sitting: Sitting;

  constructor(sitting: Sitting, heard: (report: Report) => void) {
    this.sitting = sitting;
    this.#process = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--quiet", "--no-check", HOST, JSON.stringify(sitting)],
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#input = this.#process.stdin.getWriter();
    this.#reading = this.#read(heard);
  }

  /** Resolves when the process has done what this word says; rejects when it ends instead. */
  async ask(word: "talk" | "hush" | "quiet" | "end"): Promise<void> {
    const done = Promise.withResolvers<void>();
    this.#waiting.set(word, done);
    await this.#input.write(encoder.encode(`${word}\n`)).catch(() => {}); // over: said below
    await done.promise;
  }

  async kill(): Promise<void> {
    this.#killed = true;
    try {
      this.#process.kill("SIGKILL");
    } catch { /* over already */ }
    await this.#reading;
    await this.#input.close().catch(() => {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }

  /** Never rejects. */
  async #read(heard: (report: Report) => void): Promise<void> {
    for await (const line of lines(this.#process.stdout)) {
      const report: Report = JSON.parse(line);
      if (report.what === "done") this.#waiting.get(report.detail)?.resolve();
      heard(report);
    }
    const { code } = await this.#process.status;
    const { client } = this.sitting.parts[0]!;
    if (code !== 0 && !this.#killed) heard({ client, what: "trouble", detail: `ended with ${code}` });
    const over = new Error(`${client} is over`);
    for (const done of this.#waiting.values()) {
      done.promise.catch(() => {}); // whoever waits is told
      done.reject(over);
    }
  }
}
