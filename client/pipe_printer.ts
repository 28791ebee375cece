import type { ChatClient, ClientEvent } from "./chat_client.ts";
import { jsonLine, plainLine } from "./pipe_format.ts";

/** What a {@linkcode PipePrinter} puts where. */
export interface PipePrinterOptions {
  /** The room's name as the server writes it; what is said elsewhere is left out. */
  readonly room: string;
  readonly json: boolean;
  /** What was said before this came is wanted, too. */
  readonly follow: boolean;
  /** Only what was searched for is printed. */
  readonly search: boolean;
  /** Writes data; rejects when nobody reads any more. */
  readonly print: (text: string) => Promise<void>;
}

/** The output of a pipe: prints what concerns it, and tells the library that it was shown. */
export class PipePrinter {
  readonly #client: Pick<ChatClient, "shown">;
  readonly #options: PipePrinterOptions;
  /** The last entry of the room when this came. */
  #head = 0;
  #left = false;

  constructor(client: Pick<ChatClient, "shown">, options: PipePrinterOptions) {
    this.#client = client;
    this.#options = options;
  }

  /** Signed in, for the first time. */
  arrived({ rooms }: ClientEvent & { kind: "online" }): void {
    this.#head = rooms.find(({ room }) => room === this.#options.room)?.seq ?? 0;
  }

  /** The client ends: what has not been printed yet could not be told as shown, and comes the next time. */
  left(): void {
    this.#left = true;
  }

  /** Prints an event, if it is data; resolves with whether somebody reads. */
  async event(event: ClientEvent): Promise<boolean> {
    if (!this.#concerns(event)) return true;
    const line = this.#options.json ? jsonLine(event) : plainLine(event);
    if (line !== undefined && !await this.line(line)) return false;
    if (event.kind === "entry") this.#client.shown(event.to, event.entry.seq);
    if (event.kind === "gap") this.#client.shown(event.to, event.until);
    return true;
  }

  /** Prints a line; resolves with whether somebody reads. */
  async line(line: string): Promise<boolean> {
    try {
      await this.#options.print(`${line}\n`);
      return true;
    } catch {
      return false;
    }
  }

  /** Is this about the room that the pipe stands in, or for this person alone? */
  #concerns(event: ClientEvent): boolean {
    const { room, search } = this.#options;
    if (search) return false;
    if (event.kind === "entry" && (this.#left || this.#isOld(event))) return false;
    if ("room" in event) return event.room === room;
    return !("to" in event) || event.to === `#${room}` || event.to.startsWith("@");
  }

  /** Said in the room before this came: only who follows it misses that. */
  #isOld({ to, entry, mine }: ClientEvent & { kind: "entry" }): boolean {
    return !this.#options.follow && !mine && to.startsWith("#") && entry.seq <= this.#head;
  }
}
