import { TextLineStream } from "@std/streams/text-line-stream";

/** What the judge found in what a crash left. */
export interface Verdict {
  /** Nothing, where all is well. */
  readonly wrong: readonly string[];
  readonly stored: number;
  /** Of the stored entries those that nobody was told of. */
  readonly ambiguous: number;
}

const PROGRAM = new URL("./judge.py", import.meta.url).pathname;
const encoder = new TextEncoder();

/** A program in another language, with another build of SQLite, that looks at one folder after the other. */
export class Judge implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  readonly #questions: WritableStreamDefaultWriter<Uint8Array>;
  readonly #answers: ReadableStreamDefaultReader<string>;

  constructor() {
    this.#process = new Deno.Command("python3", { args: [PROGRAM], stdin: "piped", stdout: "piped" }).spawn();
    this.#questions = this.#process.stdin.getWriter();
    this.#answers = this.#process.stdout
      .pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream()).getReader();
  }

  /** Opens the store in `folder`, and holds it to the first `lines` of what was said in `told`, or to all of it. */
  async ask(folder: string, told: string, lines?: number): Promise<Verdict> {
    await this.#questions.write(
      encoder.encode(`${JSON.stringify({ folder, told, lines: lines ?? null })}\n`),
    );
    const { value, done } = await this.#answers.read();
    if (done) throw new Error("The judge has ended: run tests/support/shim/judge.py to see why.");
    return JSON.parse(value);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#questions.close().catch(() => {}); // it has ended already
    await this.#answers.cancel();
    await this.#process.status;
  }
}
