import { UsageError } from "../cli/usage_error.ts";
import { Refused } from "./refused.ts";

/** More than any password may have. */
const MAX_LINE_BYTES = 4_096;
/** Bits of a file's mode that let others than its owner read it. */
const READABLE_BY_OTHERS = 0o044;
const NEWLINE = 10;

/** Where a password comes from that nobody types. Each is given once: one that was wrong would be wrong again. */
export class PasswordSource {
  #password: string | undefined;
  #command: string | undefined;
  readonly #stderr: "inherit" | "null";

  private constructor(
    { password, command, stderr }: {
      password?: string;
      command?: string | undefined;
      stderr: "inherit" | "null";
    },
  ) {
    this.#password = password;
    this.#command = command;
    this.#stderr = stderr;
  }

  /** Nowhere. */
  static get none(): PasswordSource {
    return new PasswordSource({ stderr: "null" });
  }

  /** Reads the file at once, so that its faults are told before anything is done; a command runs when it is needed. */
  static async open(
    { file, command, stderr, warn }: {
      readonly file: string | undefined;
      readonly command: string | undefined;
      readonly stderr: "inherit" | "null";
      readonly warn: (text: string) => void;
    },
  ): Promise<PasswordSource> {
    if (file === undefined) return new PasswordSource({ command: command || undefined, stderr });
    return new PasswordSource({ password: await fromFile(file, warn), stderr });
  }

  /** Whether there is something to take. */
  get ready(): boolean {
    return this.#password !== undefined || this.#command !== undefined;
  }

  /** The password, which is then no longer kept here; `undefined` where there is none. Rejects with {@linkcode Refused}. */
  async take(): Promise<string | undefined> {
    const password = this.#password;
    const command = this.#command;
    this.forget();
    return password ?? (command === undefined ? undefined : await fromCommand(command, this.#stderr));
  }

  /** It is not needed any more. */
  forget(): void {
    this.#password = this.#command = undefined;
  }
}

async function fromFile(path: string, warn: (text: string) => void): Promise<string> {
  let line: string;
  try {
    using file = await Deno.open(path);
    const { isFile, isDirectory, mode } = await file.stat();
    if (isDirectory) throw new UsageError(`--password-file ${path} is a directory`);
    if (isFile && mode !== null && (mode & READABLE_BY_OTHERS) !== 0) {
      warn(`${path} can be read by others on this machine: chmod 600 keeps it to you`);
    }
    line = await firstLine(file.readable, { drain: false });
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const why = error instanceof Deno.errors.NotFound ? "there is no such file" : "it cannot be read";
    throw new UsageError(`--password-file ${path}: ${why}`);
  }
  if (line === "") throw new UsageError(`--password-file ${path}: the first line is empty`);
  return line;
}

async function fromCommand(command: string, stderr: "inherit" | "null"): Promise<string> {
  let child: Deno.ChildProcess;
  try {
    child = new Deno.Command("sh", { args: ["-c", command], stdin: "null", stdout: "piped", stderr }).spawn();
  } catch {
    throw failed("cannot be run: there is no sh");
  }
  const line = await firstLine(child.stdout, { drain: true });
  const { success, code, signal } = await child.status;
  if (!success) throw failed(signal === null ? `ended with status ${code}` : `was ended by ${signal}`);
  if (line === "") throw failed("printed no password");
  return line;
}

/** The first line, without its end. `drain`: what follows is read and dropped, so that no writer fails. */
async function firstLine(
  input: AsyncIterable<Uint8Array>,
  { drain }: { readonly drain: boolean },
): Promise<string> {
  const bytes = new Uint8Array(MAX_LINE_BYTES);
  let size = 0;
  let ended = false;
  for await (const chunk of input) {
    if (!ended) {
      const newline = chunk.indexOf(NEWLINE);
      const part = chunk.subarray(0, newline < 0 ? undefined : newline).subarray(0, MAX_LINE_BYTES - size);
      bytes.set(part, size);
      size += part.length;
      ended = newline >= 0 || size >= MAX_LINE_BYTES;
    }
    chunk.fill(0);
    if (ended && !drain) break;
  }
  const line = new TextDecoder().decode(bytes.subarray(0, size)).replace(/\r$/, "");
  bytes.fill(0);
  return line;
}

function failed(how: string): Refused {
  return new Refused("password_command", `CHAT_PASSWORD_COMMAND ${how}`);
}
