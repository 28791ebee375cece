import { readRoom } from "../protocol/names.ts";
import { type ChatClient, type ClientEvent, Refused, type Search } from "./chat_client.ts";
import { exitCode, isAlarm, refusalCode } from "./exit_code.ts";
import { lines } from "./lines.ts";
import { PasswordSource } from "./password_source.ts";
import { PipeFiles } from "./pipe_files.ts";
import type { PipeEnds, PipeOptions } from "./pipe_options.ts";
import { noticeLine, safe } from "./pipe_format.ts";
import { isKnown } from "./pipe_known.ts";
import { PipePrinter } from "./pipe_printer.ts";
import { printFound } from "./pipe_search.ts";
import { PipeSignIn } from "./pipe_sign_in.ts";

/** Messages without an outcome beyond which the input is not read. */
const MOST_PENDING = 256;

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
  /** For whom the input is. */
  readonly #to: string;
  readonly #signIn: PipeSignIn;
  readonly #online = Promise.withResolvers<void>();
  readonly #printer: PipePrinter;
  readonly #files: PipeFiles;
  #member = false;
  /** The input's line that each message was, until it has an outcome. */
  readonly #lineOf = new Map<string, number>();
  /** What something was refused with: 6 is worse than 5. */
  #refused: 0 | 5 | 6 = 0;

  constructor(client: ChatClient, options: PipeOptions, ends: PipeEnds) {
    this.#client = client;
    this.#options = options;
    this.#ends = ends;
    this.#room = readRoom(options.room).name;
    this.#to = options.to ?? `#${this.#room}`;
    const { source = PasswordSource.none, register = false, json, follow, find } = options;
    this.#signIn = new PipeSignIn(client, { source, register, tell: ends.tell });
    this.#files = new PipeFiles(client.files, options, (notice) => ends.tell(safe(notice)));
    const search = find !== undefined;
    this.#printer = new PipePrinter(client, { room: this.#room, json, follow, search, print: ends.print });
  }

  async run(): Promise<number> {
    this.#client.start();
    const printing = this.#printEvents();
    const signal = this.#ends.interrupted.then((code): End => ({ by: "signal", code }));
    const end = await Promise.race([printing, this.#work(), signal]);
    switch (end.by) {
      case "signal":
        this.#tellUnsent();
        await this.#bye();
        return end.code;
      case "reader":
        await this.#client.settled().catch(() => {}); // what was said before the reader went is still sent
        await this.#client.bye();
        return 0;
      case "input":
        await this.#bye();
        await Promise.race([printing, signal]);
        if (this.#refused === 6) return 6;
        return end.code || this.#refused || (this.#files.incomplete ? 8 : 0);
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
      if (this.#to.startsWith("#") && this.#to !== `#${this.#room}`) {
        await this.#client.join(this.#to.slice(1));
      }
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
      const more = await printFound(this.#client, what, { json, print: (line) => this.#printer.line(line) });
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
      if (this.#member && !await isKnown(this.#client.keys, this.#to, this.#ends.tell)) {
        return { by: "input", code: 6 };
      }
      await this.#files.begin();
      for await (const { number, text } of lines(this.#ends.input)) {
        if (text === undefined) this.#refuse(number, "too_long", "the line is too long for a message");
        else if (text !== "") this.#lineOf.set(this.#client.say(this.#to, text).id, number);
        await this.#client.fewerPending(MOST_PENDING);
      }
      if (!await this.#settle()) {
        this.#tellUnsent();
        return { by: "input", code: 7 };
      }
      if (!follow) {
        await this.#caughtUp();
        await this.#files.settled();
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
    const done = this.#files.settled().then(() => this.#client.fewerPending(1)).then(() => true);
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
      const end = await this.#take(event);
      if (end !== undefined) return end;
    }
    return { by: "events", code: 1 };
  }

  async #take(event: ClientEvent): Promise<End | undefined> {
    const notice = noticeLine(event);
    if (notice !== undefined && !(this.#options.json && event.kind === "gap")) this.#ends.tell(notice);
    switch (event.kind) {
      case "online":
        if (!event.first) break;
        if (!await this.#signIn.online(event)) return await this.#giveUp();
        this.#member = event.account !== undefined;
        this.#printer.arrived(event);
        this.#online.resolve();
        break;
      case "passwordWanted":
        if (!await this.#signIn.wanted(event)) return await this.#giveUp();
        break;
      case "nameRefused":
        return await this.#giveUp();
      case "transfer":
        this.#files.heard(event);
        break;
      case "entry":
        this.#lineOf.delete(event.entry.id);
        break;
      case "refused":
        this.#refuse(
          this.#lineOf.get(event.draft.id),
          event.code,
          `${safe(event.message)} (${safe(event.code)})`,
        );
        this.#lineOf.delete(event.draft.id);
        break;
      case "keys":
        if (isAlarm(event.code)) {
          this.#refused = 6;
          if (this.#to.startsWith("@")) return await this.#giveUp(6);
        }
        break;
      case "ended":
        return { by: "events", code: exitCode(event) };
    }
    return await this.#printer.event(event) ? undefined : { by: "reader" };
  }

  /** Resolves when everything that has come by now was printed, and what was kept for this account has come. */
  async #caughtUp(): Promise<void> {
    if (this.#member) { // it comes before the answer to a question
      await this.#client.historyPage(`#${this.#room}`, { limit: 1 }).catch((error: unknown) => {
        if (!(error instanceof Refused) || error.code === "ended") throw error;
      });
    }
    await this.#client.dealtWith();
  }

  async #bye(): Promise<void> {
    this.#printer.left();
    await this.#client.bye();
  }

  async #giveUp(code = 4): Promise<End> {
    this.#tellUnsent();
    await this.#bye();
    return { by: "events", code };
  }

  #refuse(line: number | undefined, code: string, why: string): void {
    if (this.#refused !== 6) this.#refused = refusalCode(code);
    this.#ends.tell(`${line === undefined ? "a message" : `line ${line}`} was refused: ${why}`);
  }

  #tellUnsent(): void {
    const count = this.#client.pending.length;
    if (count > 0) {
      this.#ends.tell(`${count === 1 ? "1 message has" : `${count} messages have`} not been delivered`);
    }
  }
}
