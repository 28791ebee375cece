const MAIN = new URL("../../main.ts", import.meta.url).pathname;
const SOURCES: readonly string[] = [Deno.execPath(), "run", "--quiet", "-A", "--no-check", MAIN];
const ADDRESS = /http:\/\/127\.0\.0\.1:\d+\/#[\w-]{43}/g;
const encoder = new TextEncoder();

/** How a client with a window is started. */
export interface GuiOptions {
  /** Who one is; asked in the page unless given. */
  readonly name?: string;
  /** What runs `chat`: the sources, unless said otherwise. */
  readonly chat?: readonly string[];
  /** Where it keeps what survives it; a folder of its own that is gone afterwards, unless said otherwise. */
  readonly state?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** It is started in a terminal, where Enter can be pressed. */
  readonly terminal?: boolean;
}

/** `chat connect --gui` as a process of its own, that tells its address and opens nothing itself. */
export class GuiProcess implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #own: string | undefined;
  readonly #reading: Promise<void>;
  #look = Promise.withResolvers<void>();
  #over = false;
  #taken = 0;
  /** What was said on standard error so far. */
  errors = "";
  /** Resolves with the exit code. */
  readonly code: Promise<number>;

  constructor(port: number, options: GuiOptions = {}) {
    const { name, chat = SOURCES, state, args = [], env = {}, terminal = false } = options;
    if (state === undefined) this.#own = Deno.makeTempDirSync({ prefix: "chat-state-" });
    const who = name === undefined ? [] : ["--name", name];
    const command = [...chat, "connect", `127.0.0.1:${port}`, "--gui", "--no-open", ...who, ...args];
    const quoted = command.map((word) => `'${word}'`).join(" ");
    const [program = "", ...words] = terminal ? ["script", "-qefc", `exec ${quoted}`, "/dev/null"] : command;
    this.#process = new Deno.Command(program, {
      args: words,
      stdin: "piped",
      stdout: terminal ? "piped" : "null",
      stderr: terminal ? "null" : "piped",
      env: { XDG_STATE_HOME: state ?? this.#own!, CHAT_PASSWORD_COMMAND: "", NO_COLOR: "1", ...env },
    }).spawn();
    this.#input = this.#process.stdin.getWriter();
    this.#reading = this.#read(terminal ? this.#process.stdout : this.#process.stderr);
    this.code = this.#process.status.then(({ code }) => code);
  }

  /** The next address that it tells; rejects when it ends first. */
  async address(): Promise<string> {
    while (true) {
      const address = [...this.errors.matchAll(ADDRESS)][this.#taken]?.[0];
      if (address !== undefined) {
        this.#taken++;
        return address;
      }
      if (this.#over) throw new Error(`It ended with ${await this.code}: ${this.errors}`);
      await this.#look.promise;
    }
  }

  /** Presses Enter in the terminal: resolves with one more address. */
  async another(): Promise<string> {
    await this.#input.write(encoder.encode("\n"));
    return await this.address();
  }

  signal(signal: Deno.Signal): void {
    this.#process.kill(signal);
  }

  get pid(): number {
    return this.#process.pid;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#input.close().catch(() => {});
    try {
      this.#process.kill("SIGKILL");
    } catch { /* over already */ }
    await Promise.all([this.#reading, this.code]);
    if (this.#own !== undefined) await Deno.remove(this.#own, { recursive: true });
  }

  async #read(said: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> {
    for await (const text of said.pipeThrough(new TextDecoderStream())) {
      this.errors += text;
      this.#wake();
    }
    this.#over = true;
    this.#wake();
  }

  #wake(): void {
    this.#look.resolve();
    this.#look = Promise.withResolvers();
  }
}
