import { lines } from "../torture/lines.ts";
import type { Seat } from "./stated_client.ts";
import type { Wish } from "./whisperer.ts";

const PROGRAM = new URL("./whisperer.ts", import.meta.url).pathname;
const encoder = new TextEncoder();
/** A program that does nothing for so long hangs. */
const PATIENCE_MS = 30_000;

/** The process was killed before it had done what it was asked for. */
export class Killed extends Error {
  override readonly name = "Killed";
}

/** A client in a process of its own, that may be killed. */
export class Mortal implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #output: AsyncGenerator<string>;
  readonly #errors: Promise<string>;

  constructor(seat: Seat, env: Record<string, string>) {
    this.#process = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--quiet", "--no-check", PROGRAM, JSON.stringify(seat)],
      env,
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#input = this.#process.stdin.getWriter();
    this.#output = lines(this.#process.stdout);
    this.#errors = new Response(this.#process.stderr).text();
  }

  /** Resolves when it is done. Rejects with {@linkcode Killed} where the process is killed instead. */
  async do(wish: Wish): Promise<void> {
    await this.#input.write(encoder.encode(`${JSON.stringify(wish)}\n`)).catch(() => {}); // over: said below
    const timer = setTimeout(() => this.#kill(), PATIENCE_MS);
    const { value } = await this.#output.next().finally(() => clearTimeout(timer));
    if (value === wish.do) return;
    const { signal, code } = await this.#process.status;
    const errors = await this.#errors;
    if (signal === "SIGKILL" && errors === "") throw new Killed(wish.do);
    throw new Error(`The client ended with ${signal ?? code} over "${wish.do}": ${errors}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#kill();
    await this.#process.status;
    await this.#input.close().catch(() => {}); // over already
    await this.#output.return(undefined);
    await this.#errors;
  }

  #kill(): void {
    try {
      this.#process.kill("SIGKILL");
    } catch { /* over already */ }
  }
}
