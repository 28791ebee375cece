import { readRoom } from "../protocol/names.ts";
import { type ChatClient, type ClientEvent, Refused, type Search } from "./chat_client.ts";
import { exitCode } from "./exit_code.ts";
import { lines } from "./lines.ts";
import { PasswordSource } from "./password_source.ts";
import { jsonLine, noticeLine, plainLine, safe } from "./pipe_format.ts";
import { printFound } from "./pipe_search.ts";
import { PipeSignIn } from "./pipe_sign_in.ts";

/** Messages without an outcome beyond which the input is not read. */
const MOST_PENDING = 256;

/** How the pipe behaves. */
export interface PipeOptions {
  /** The room to talk in, and to print. */
  readonly room: string;
  readonly json: boolean;
  /** Go on after the end of the input. */
  readonly follow: boolean;
  /** How long to wait for outcomes after the end of the input. */
  readonly timeoutMs: number | undefined;
  /** Instead of all that: look for this. */
  readonly find?: Search | undefined;
  /** Make the name an account, if nobody has it. */
  readonly register?: boolean;
  /** Where a password comes from. */
  readonly source?: PasswordSource;
}

/** What the pipe is connected to. */
export interface PipeEnds {
  readonly input: AsyncIterable<Uint8Array>;
  /** Writes data; rejects when nobody reads any more. */
  readonly print: (text: string) => Promise<void>;
  /** Writes one notice for the person. */
  readonly tell: (notice: string) => void;
  /** Resolves with the exit code of a signal. */
  readonly interrupted: Promise<number>;
}

/** Lines in are messages out, and messages in are lines out; resolves with the exit code. */
export async function runPipe(client: ChatClient, options: PipeOptions, ends: PipeEnds): Promise<number> {
  return await new Pipe(client, options, ends).run();
}

/** How it came to an end: the input was dealt with, the events ended, nobody reads the output, or a signal. */
type End =
  | { readonly by: "input" | "events" | "signal"; readonly code: number }
  | { readonly by: "reader" | "client" };

class Pipe {
  readonly #client: ChatClient;
  readonly #options: PipeOptions;
  readonly #ends: PipeEnds;
  /** The room's name as the server writes it. */
  readonly #room: string;
  readonly #signIn: PipeSignIn;
  readonly #online = Promise.withResolvers<void>();
  /** The last entry of the room when this came. */
  #head = 0;
  /** The input's line that each message was, until it has an outcome. */
  readonly #lineOf = new Map<string, number>();
  #refused = false;

  constructor(client: ChatClient, options: PipeOptions, ends: PipeEnds) {
    this.#client = client;
    this.#options = options;
    this.#ends = ends;
    this.#room = readRoom(options.room).name;
    const { source = PasswordSource.none, register = false } = options;
    this.#signIn = new PipeSignIn(client, { source, register, tell: ends.tell });
  }

  async run(): Promise<number> {
    this.#client.start();
    const printing = this.#printEvents();
    const signal = this.#ends.interrupted.then((code): End => ({ by: "signal", code }));
    const end = await Promise.race([printing, this.#work(), signal]);
    switch (end.by) {
      case "signal":
        this.#tellUnsent();
        await this.#client.bye();
        return end.code;
      case "reader":
        await this.#client.settled().catch(() => {}); // what was said before the reader went is still sent
        await this.#client.bye();
        return 0;
      case "input":
        await this.#client.bye();
        await Promise.race([printing, signal]);
        return end.code || (this.#refused ? 5 : 0);
      case "client": {
        const last = await printing;
        return "code" in last ? last.code : 1;
      }
      case "events":
        return end.code;
      default:
        return end satisfies never;
    }
  }

  async #work(): Promise<End> {
    const { room, find } = this.#options;
    try {
      await this.#online.promise;
      if (!this.#client.rooms.has(this.#room)) await this.#client.join(room);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.code === "ended") return { by: "client" };
      this.#ends.tell(`cannot join ${safe(room)}: ${safe(error.message)} (${safe(error.code)})`);
      return { by: "input", code: 5 };
    }
    return await (find === undefined ? this.#sendInput() : this.#search(find));
  }

  async #search(what: Search): Promise<End> {
    const { json } = this.#options;
    try {
      const more = await printFound(this.#client, what, { json, print: (line) => this.#print(line) });
      if (more) this.#ends.tell("there are more: narrow it with from:, in:, since:");
      return { by: "input", code: 0 };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.code === "ended") return { by: "client" };
      this.#ends.tell(`cannot search: ${safe(error.message)} (${safe(error.code)})`);
      return { by: "input", code: 5 };
    }
  }

  async #sendInput(): Promise<End> {
    const { follow } = this.#options;
    try {
      for await (const { number, text } of lines(this.#ends.input)) {
        if (text === undefined) this.#refuse(number, "the line is too long for a message");
        else if (text !== "") this.#lineOf.set(this.#client.say(`#${this.#room}`, text).id, number);
        await this.#client.fewerPending(MOST_PENDING);
      }
      if (!await this.#settle()) {
        this.#tellUnsent();
        return { by: "input", code: 7 };
      }
    } catch (error) {
      if (error instanceof Refused) return { by: "client" };
      throw error;
    }
    return follow ? await new Promise(() => {}) : { by: "input", code: 0 };
  }

  /** Waits for an outcome of everything; `false` when there was none in time. */
  async #settle(): Promise<boolean> {
    const { timeoutMs } = this.#options;
    const done = this.#client.fewerPending(1).then(() => true);
    if (timeoutMs === undefined) return await done;
    const late = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => late.resolve(false), timeoutMs);
    try {
      return await Promise.race([done, late.promise]);
    } finally {
      clearTimeout(timer);
      done.catch(() => {}); // it is too late for its outcome
    }
  }

  async #printEvents(): Promise<End> {
    for await (const event of this.#client.events) {
      const notice = noticeLine(event);
      if (notice !== undefined && !(this.#options.json && event.kind === "gap")) this.#ends.tell(notice);
      switch (event.kind) {
        case "online":
          if (!event.first) break;
          if (!await this.#signIn.online(event)) return { by: "events", code: await this.#giveUp() };
          this.#head = event.rooms.find(({ room }) => room === this.#room)?.seq ?? 0;
          this.#online.resolve();
          break;
        case "passwordWanted":
          if (await this.#signIn.wanted(event)) break;
          return { by: "events", code: await this.#giveUp() };
        case "nameRefused":
          return { by: "events", code: await this.#giveUp() };
        case "entry":
          this.#lineOf.delete(event.entry.id);
          break;
        case "refused":
          this.#refuse(this.#lineOf.get(event.draft.id), `${safe(event.message)} (${safe(event.code)})`);
          this.#lineOf.delete(event.draft.id);
          break;
        case "ended":
          return { by: "events", code: exitCode(event) };
      }
      if (!this.#concerns(event)) continue;
      const line = this.#options.json ? jsonLine(event) : plainLine(event);
      if (line !== undefined && !await this.#print(line)) return { by: "reader" };
      if (event.kind === "entry") this.#client.shown(event.to, event.entry.seq);
      if (event.kind === "gap") this.#client.shown(event.to, event.until);
    }
    return { by: "events", code: 1 };
  }

  async #print(line: string): Promise<boolean> {
    try {
      await this.#ends.print(`${line}\n`);
      return true;
    } catch {
      return false; // nobody reads any more
    }
  }

  async #giveUp(): Promise<number> {
    await this.#client.bye();
    return 4;
  }

  /** Is this about the room that the pipe stands in, or for this person alone? */
  #concerns(event: ClientEvent): boolean {
    if (this.#options.find !== undefined) return false;
    if (event.kind === "entry" && this.#isOld(event)) return false;
    if ("room" in event) return event.room === this.#room;
    return !("to" in event) || event.to === `#${this.#room}` || event.to.startsWith("@");
  }

  /** Said in the room before this came: only who follows it misses that. */
  #isOld({ to, entry, mine }: ClientEvent & { kind: "entry" }): boolean {
    return !this.#options.follow && !mine && to.startsWith("#") && entry.seq <= this.#head;
  }

  #refuse(line: number | undefined, why: string): void {
    this.#refused = true;
    this.#ends.tell(`${line === undefined ? "a message" : `line ${line}`} was refused: ${why}`);
  }

  #tellUnsent(): void {
    const count = this.#client.pending.length;
    if (count > 0) {
      this.#ends.tell(`${count === 1 ? "1 message has" : `${count} messages have`} not been delivered`);
    }
  }
}
