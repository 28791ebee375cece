import { findCommand } from "../commands.ts";
import { parseInput } from "../parse_input.ts";

const MAX_LINES = 1_000;
/** Newlines inside an entry, and the character that writes them. */
const ESCAPES: Readonly<Record<string, string>> = { "\n": "\\n", "\\": "\\\\" };

/** Where lines typed are kept between runs; undefined where the environment names no home. */
export function historyPath(env: (name: string) => string | undefined): string | undefined {
  const state = env("XDG_STATE_HOME") || (env("HOME") ? `${env("HOME")}/.local/state` : env("LOCALAPPDATA"));
  return state ? `${state}/chat/history` : undefined;
}

/**
 * Whether a line may be kept. What begins with a slash must be a command that we know and that takes no secret, so
 * that no misspelt `/pasword` ever lands in a file. A line begun with a space is not kept either, as in a shell.
 */
export function mayKeep(line: string): boolean {
  if (line.trim() === "" || line.startsWith(" ")) return false;
  const input = parseInput(line, { interactive: true });
  if (input.kind === "problem") return false;
  return input.kind === "say" || findCommand(input.call.name).every(({ secret }) => !secret);
}

/** The file of lines typed. Its faults never disturb the chat: without it there is just no history. */
export class HistoryFile {
  readonly #path: string | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(path: string | undefined) {
    this.#path = path;
  }

  /** The lines kept, the oldest first. */
  async load(): Promise<string[]> {
    if (this.#path === undefined) return [];
    try {
      return (await Deno.readTextFile(this.#path)).split("\n").filter((line) => line !== "").slice(-MAX_LINES)
        .map((line) => line.replace(/\\([n\\])/g, (_, char) => char === "n" ? "\n" : char));
    } catch {
      return [];
    }
  }

  /** Adds a line, if it may be kept. Several clients may do so: each adds to what the file then holds. */
  add(line: string): void {
    if (this.#path === undefined || !mayKeep(line)) return;
    this.#writing = this.#writing.then(() => this.#append(this.#path!, line)).catch(() => {});
  }

  /** Resolves when all that was added is on disk, or could not be put there. */
  async flushed(): Promise<void> {
    await this.#writing;
  }

  async #append(path: string, line: string): Promise<void> {
    const lines = await this.load();
    if (lines.at(-1) === line) return;
    const text = [...lines, line].slice(-MAX_LINES)
      .map((each) => each.replace(/[\n\\]/g, (char) => ESCAPES[char]!) + "\n").join("");
    await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true, mode: 0o700 });
    const fresh = `${path}.${Deno.pid}`;
    await Deno.writeTextFile(fresh, text, { mode: 0o600 });
    await Deno.rename(fresh, path);
  }
}
