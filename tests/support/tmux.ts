/** A program in a real terminal: tmux draws it, we type, and wait until the screen says what we wait for. */

/** How long a screen may take to show what it must; only a failing test waits so long. */
const PATIENCE_MS = 30_000;
const LOOK_MS = 25;

/**
 * Waits until the log is ready, leaves the program's process number, runs it, leaves its exit code, and stays: tmux 3.3
 * does not always notice that a program has ended.
 */
const LAUNCH = `while [ ! -e "$0/go" ]; do sleep 0.02; done
sh -c 'echo $$ > "$0/pid"; exec "$@"' "$0" "$@"
echo $? > "$0/code.new"; mv "$0/code.new" "$0/code"; exec sleep 600`;

export interface PaneOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** One terminal with one program in it. */
export class Pane implements AsyncDisposable {
  readonly #dir: string;

  private constructor(dir: string) {
    this.#dir = dir;
  }

  /** Starts a program; every byte it writes is logged from the first one on. */
  static async open(
    command: readonly string[],
    { columns = 80, rows = 24, env = {} }: PaneOptions = {},
  ): Promise<Pane> {
    const dir = await Deno.makeTempDir({ prefix: "chat-tmux-" });
    const pane = new Pane(dir);
    const variables = Object.entries({ XDG_STATE_HOME: dir, ...env }).map(([name, value]) =>
      `${name}=${value}`
    );
    const size = ["-x", String(columns), "-y", String(rows)];
    const program = ["sh", "-c", LAUNCH, dir, "env", ...variables, ...command];
    await pane.#tmux("new-session", "-d", "-s", "s", ...size, ...program);
    await pane.#tmux("pipe-pane", "-t", "s", `cat > '${dir}/log'`);
    await Deno.writeTextFile(`${dir}/go`, "");
    return pane;
  }

  /** Types characters as they are. */
  async type(text: string): Promise<void> {
    await this.#tmux("send-keys", "-t", "s", "-l", "--", text);
  }

  /** Presses keys by tmux's names: Enter, Tab, C-c, Up. */
  async press(...keys: string[]): Promise<void> {
    await this.#tmux("send-keys", "-t", "s", ...keys);
  }

  /** Types a line and Enter. */
  async enter(line: string): Promise<void> {
    await this.type(line);
    await this.press("Enter");
  }

  /** Sends bytes to the program's input, past all that tmux knows of keys. */
  async send(bytes: string): Promise<void> {
    const codes = Array.from(new TextEncoder().encode(bytes), (byte) => byte.toString(16).padStart(2, "0"));
    await this.#tmux("send-keys", "-t", "s", "-H", ...codes);
  }

  async resize(columns: number, rows: number): Promise<void> {
    await this.#tmux("resize-window", "-t", "s", "-x", String(columns), "-y", String(rows));
  }

  /** What the screen shows; `styled` with its colours, `all` with what has scrolled off. */
  async screen({ styled = false, all = false } = {}): Promise<string> {
    const more = [...(styled ? ["-e"] : []), ...(all ? ["-S", "-"] : [])];
    return (await this.#tmux("capture-pane", "-p", "-t", "s", ...more)).trimEnd();
  }

  /** Resolves with the screen once it shows all of this. */
  async until(...wanted: readonly (string | RegExp | ((screen: string) => boolean))[]): Promise<string> {
    return await this.poll(
      () => this.screen(),
      (screen) =>
        wanted.every((each) =>
          typeof each === "string"
            ? screen.includes(each)
            : each instanceof RegExp
            ? each.test(screen)
            : each(screen)
        ),
      wanted.map(String).join(" and "),
    );
  }

  /** Resolves with what `look` gives as soon as it is right. */
  async poll<T>(look: () => Promise<T>, right: (seen: T) => boolean, what: string): Promise<T> {
    for (const deadline = Date.now() + PATIENCE_MS;;) {
      const seen = await look();
      if (right(seen)) return seen;
      if (Date.now() > deadline) {
        throw new Error(`Waited in vain for ${what}; the screen:\n${await this.screen({ all: true })}`);
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  /** Resolves with the program's exit code. */
  async exit(): Promise<number> {
    const look = () => Deno.readTextFile(`${this.#dir}/code`).catch(() => "");
    return Number(await this.poll(look, (code) => code !== "", "the end of the program"));
  }

  /** The program's process. */
  async pid(): Promise<number> {
    const look = () => Deno.readTextFile(`${this.#dir}/pid`).catch(() => "");
    return Number(await this.poll(look, (pid) => pid !== "", "the program's start"));
  }

  /** Where the cursor is, from 0. */
  async cursor(): Promise<{ readonly x: number; readonly y: number }> {
    const [x, y] = (await this.#tmux("display-message", "-p", "-t", "s", "#{cursor_x} #{cursor_y}")).split(
      " ",
    );
    return { x: Number(x), y: Number(y) };
  }

  /** Every byte the program wrote, as text. */
  async log(): Promise<string> {
    return await Deno.readTextFile(`${this.#dir}/log`);
  }

  /** Of the program: its state, and what the test likes to leave there. */
  get dir(): string {
    return this.#dir;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const pid = await this.pid();
    const over = await Deno.stat(`${this.#dir}/code`).then(() => true, () => false);
    try {
      if (!over) Deno.kill(pid, "SIGKILL");
    } catch { /* it has just ended */ }
    await this.exit(); // nothing is written into the directory any more
    await this.#tmux("kill-server").catch(() => {});
    await Deno.remove(this.#dir, { recursive: true });
  }

  async #tmux(...args: string[]): Promise<string> {
    const { success, stdout, stderr } = await new Deno.Command("tmux", {
      args: ["-S", `${this.#dir}/socket`, "-u", "-f", "/dev/null", ...args],
      env: { TERM: "xterm-256color", LC_ALL: "C.UTF-8" },
    }).output();
    if (!success) throw new Error(`tmux ${args[0]}: ${new TextDecoder().decode(stderr)}`);
    return new TextDecoder().decode(stdout);
  }
}

/** Registers a test that needs tmux; where there is none it is not run, and its name says so. */
export function terminalTest(name: string, test: () => Promise<void>): void {
  const there = hasTmux();
  Deno.test({ name: there ? name : `${name} (not run: there is no tmux here)`, ignore: !there, fn: test });
}

function hasTmux(): boolean {
  try {
    return new Deno.Command("tmux", { args: ["-V"], stdout: "null", stderr: "null" }).outputSync().success;
  } catch {
    return false;
  }
}
