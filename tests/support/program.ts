const MAIN = new URL("../../main.ts", import.meta.url).pathname;
const encoder = new TextEncoder();

/** What a program finds around it. */
export interface Surroundings {
  readonly env?: Readonly<Record<string, string>>;
  /** Where it keeps what survives it; a folder of its own that is gone afterwards, unless said otherwise. */
  readonly state?: string;
  /** What stands before its command line: where it runs. */
  readonly prefix?: readonly string[];
}

/** `chat ARGS` as a process of its own, with its three streams in the hands of a test. */
export class Program implements AsyncDisposable {
  readonly #state: string | undefined;
  readonly #process: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #output: ReadableStreamDefaultReader<string>;
  #text = "";
  /** Resolves with what was said on standard error when the process is over. */
  readonly errors: Promise<string>;
  /** Resolves with the exit code. */
  readonly code: Promise<number>;

  /** What runs `chat`: the sources, unless said otherwise. */
  protected get chat(): readonly [string, ...string[]] {
    return [Deno.execPath(), "run", "--quiet", "-A", MAIN];
  }

  /** Takes the arguments; its surroundings may stand before them. */
  constructor(...given: readonly (string | Surroundings)[]) {
    const { env = {}, state, prefix = [] }: Surroundings = typeof given[0] === "object" ? given[0] : {};
    const args = given.filter((each) => typeof each === "string");
    if (state === undefined) this.#state = Deno.makeTempDirSync({ prefix: "chat-state-" });
    const [program, ...words] = [...prefix, ...this.chat];
    this.#process = new Deno.Command(program!, {
      args: [...words, ...args],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
      env: { XDG_STATE_HOME: state ?? this.#state!, CHAT_PASSWORD_COMMAND: "", ...env },
    }).spawn();
    this.#input = this.#process.stdin.getWriter();
    this.#output = this.#process.stdout.pipeThrough(new TextDecoderStream()).getReader();
    this.errors = new Response(this.#process.stderr).text();
    this.code = this.#process.status.then(({ code }) => code);
  }

  async write(text: string): Promise<void> {
    await this.#input.write(encoder.encode(text));
  }

  /** Ends the input. */
  async end(text = ""): Promise<void> {
    if (text !== "") await this.write(text);
    await this.#input.close().catch(() => {}); // over already
  }

  /** The next line of the output; rejects when it ends first. */
  async line(): Promise<string> {
    while (!this.#text.includes("\n")) {
      const { value, done } = await this.#output.read();
      if (done) throw new Error(`The output ended, with: ${await this.errors}`);
      this.#text += value;
    }
    const [line = "", ...rest] = this.#text.split("\n");
    this.#text = rest.join("\n");
    return line;
  }

  /** All output that is left. */
  async rest(): Promise<string> {
    for (let next; !(next = await this.#output.read()).done;) this.#text += next.value;
    return this.#text;
  }

  /** Nobody reads the output any more. */
  async closeOutput(): Promise<void> {
    await this.#output.cancel();
  }

  signal(signal: Deno.Signal): void {
    this.#process.kill(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try { // first of all: what is being read of a program that says nothing cannot be given up
      this.#process.kill("SIGKILL");
    } catch { /* over already */ }
    await this.#input.close().catch(() => {});
    await this.#output.cancel();
    await Promise.all([this.errors, this.code]);
    if (this.#state !== undefined) await Deno.remove(this.#state, { recursive: true });
  }

  /** Its process. */
  get pid(): number {
    return this.#process.pid;
  }
}

/** Runs `chat ARGS` with this input to its end. */
export async function run(
  args: readonly string[],
  input = "",
  surroundings: Surroundings = {},
): Promise<{ code: number; out: string; err: string }> {
  await using program = new Program(surroundings, ...args);
  const [out] = await Promise.all([program.rest(), program.end(input).catch(() => {})]);
  return { code: await program.code, out, err: await program.errors };
}
