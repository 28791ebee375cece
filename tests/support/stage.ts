import type { ClientEvent } from "../../client/chat_client.ts";
import { PasswordSource } from "../../client/password_source.ts";
import { runTerminal, type TerminalOptions } from "../../client/terminal/terminal.ts";
import type { Entry } from "../../client/entry.ts";
import { ScriptedChat } from "./scripted_chat.ts";

/** The terminal's front end with a scripted library and a terminal that only goes forward, all in this process. */
export class Stage implements AsyncDisposable {
  readonly chat = new ScriptedChat();
  /** Resolves with the exit code. */
  readonly exit: Promise<number>;
  /** Whether the terminal was told to give every key, and show none. */
  raw = false;
  /** All that was written. */
  log = "";
  readonly #keys = new TransformStream<string, string>();
  readonly #typing = this.#keys.writable.getWriter();

  constructor(
    { env = { TERM: "dumb", LC_ALL: "C.UTF-8" }, ...options }: Partial<Omit<TerminalOptions, "env">> & {
      readonly env?: Readonly<Record<string, string>>;
    } = {},
  ) {
    const tty = {
      size: { columns: 80, rows: 24 },
      input: this.#keys.readable,
      raw: (on: boolean) => void (this.raw = on),
      write: (text: string) => void (this.log += text),
    };
    this.exit = runTerminal(this.chat, {
      room: "lobby",
      source: PasswordSource.none,
      ...options,
      tty,
      env: (name) => env[name],
    });
  }

  /** Signs in, in the lobby and whatever rooms are named; waits until it is told. */
  async online(more: Partial<ClientEvent & { kind: "online" }> = {}): Promise<void> {
    const rooms = [{ room: "lobby", seq: 0, users: ["ada"] }];
    this.tell({
      kind: "online",
      name: "ada",
      rooms,
      first: true,
      log: "same",
      account: undefined,
      read: new Map(),
      ...more,
    });
    await this.until("Tab completes");
  }

  tell(...events: ClientEvent[]): void {
    for (const event of events) this.chat.events.push(event);
  }

  async type(text: string): Promise<void> {
    await this.#typing.write(text);
  }

  /** Resolves when all of this was written, or asked of the library. */
  async until(...wanted: string[]): Promise<void> {
    const has = (each: string) => this.log.includes(each) || this.chat.calls.includes(each);
    await this.poll(() => wanted.every(has), wanted.join(" and "));
  }

  /** Resolves when `fact` holds. */
  async poll(fact: () => boolean, what = "it"): Promise<void> {
    for (const deadline = Date.now() + 10_000; !fact();) {
      if (Date.now() > deadline) {
        throw new Error(`Waited in vain for ${what}\n${this.log}\n${this.chat.calls.join("\n")}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  /** The rows of the transcript, without prompts and trailing spaces. */
  get rows(): string[] {
    return this.log.split(/\n|(?:#\w+|@\w+|name)> |(?:new )?password: |the same again: /)
      .map((row) => row.trimEnd()).filter((row) => row !== "");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#typing.close().catch(() => {});
    this.tell({ kind: "ended", why: "bye", message: "The test is over" });
    await this.exit;
  }
}

/** A message of the lobby, or of another room, so many minutes before `now`. */
export function message(seq: number, text: string, { from = "bob", room = "lobby", ago = 0 } = {}): Entry {
  return { type: "message", room, seq, at: minutesAgo(ago), from, id: `m${seq}`, text };
}

/** A whisper between ada and somebody. */
export function whisper(seq: number, text: string, { from = "bob", to = "ada", ago = 0 } = {}): Entry {
  return { type: "whisper", to, seq, at: minutesAgo(ago), from, id: `w${seq}`, text };
}

/** The entry as the library tells it. */
export function told(entry: Entry): ClientEvent {
  const mine = entry.from === "ada";
  const to = entry.type === "message" ? `#${entry.room}` : `@${mine ? entry.to : entry.from}`;
  return { kind: "entry", to, entry, mine };
}

function minutesAgo(minutes: number): string {
  return new Date(Date.now() - minutes * 60_000).toISOString();
}
