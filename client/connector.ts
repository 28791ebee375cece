import type { Event, Request } from "../protocol/schema.ts";
import { Alarm } from "./alarm.ts";
import type { Backoff } from "./backoff.ts";
import type { ClientEvent } from "./client_event.ts";
import { inTime } from "./in_time.ts";
import { Link } from "./link.ts";
import { isAboutName, Refused } from "./refused.ts";
import type { Transport } from "./transport.ts";

type Ended = Extract<ClientEvent, { kind: "ended" }>;
type ErrorEvent = Extract<Event, { type: "error" }>;

/** How long the server may take to close after `bye`. */
const BYE_MS = 1_000;

/** What a {@linkcode Connector} needs from the client it connects. */
export interface ConnectorOptions {
  readonly dial: (tell: (notice: string) => void) => Promise<Transport>;
  readonly backoff: Backoff;
  readonly pulse: { readonly quietMs: number; readonly patienceMs: number };
  /** Says the first words over a new link; throws {@linkcode Refused} where the name cannot even be sent. */
  readonly greet: () => void;
  /** Deals with an error that came before `welcome`; says whether it was about an account or a password. */
  readonly greetingRefused: (error: ErrorEvent) => boolean;
  readonly receive: (event: Event) => void;
  readonly roomy: () => Promise<void> | undefined;
  /** The server wants another name: {@linkcode Connector.greetAgain} says it, or `bye` gives up. */
  readonly nameRefused: (code: string, message: string) => void;
  /** The link is gone. */
  readonly lost: () => void;
  readonly emit: (event: ClientEvent) => void;
  /** There will be no other link. */
  readonly ended: (message: string) => void;
}

/** `asking`: somebody is asked for another name, or for a password; `away`: to try again, now or later. */
type State = "new" | "dialing" | "greeting" | "asking" | "online" | "away" | "over";

/** Keeps one client connected: dials, greets, tries again, and knows when that has no use any more. */
export class Connector {
  readonly #options: ConnectorOptions;
  #state: State = "new";
  #link: Link | undefined;
  #running: Promise<void> | undefined;
  readonly #alarm = new Alarm();
  /** Runs while an answer to `hello` is awaited. */
  #greeting: ReturnType<typeof setTimeout> | undefined;
  /** A server has answered a hello, ever: from then on a lost link is made anew. */
  #reached = false;
  #onlineAt: number | undefined;
  /** A message got its outcome over this link: unlike one that breaks at the same message again and again. */
  #useful = false;
  /** The error with which the server ended the link. */
  #fatal: ErrorEvent | undefined;

  constructor(options: ConnectorOptions) {
    this.#options = options;
  }

  get over(): boolean {
    return this.#state === "over";
  }
  get online(): boolean {
    return this.#state === "online";
  }
  /** Somebody is asked, and has not answered. */
  get asking(): boolean {
    return this.#state === "asking";
  }

  start(): void {
    this.#running ??= this.#run();
  }

  send(request: Request): void {
    if (this.#state === "online") this.#link?.send(request);
  }

  /** A `welcome` came. */
  welcomed(): void {
    this.#state = "online";
    this.#reached = true;
    this.#onlineAt = performance.now();
    clearTimeout(this.#greeting);
    this.#link?.watch();
  }

  /** Says something over a link that is not signed in, and expects an answer. */
  say(request: Request): void {
    const link = this.#link;
    if (this.#state !== "greeting" || link === undefined) return;
    link.send(request);
    clearTimeout(this.#greeting);
    const { patienceMs } = this.#options.pulse;
    this.#greeting = setTimeout(() => link.close("the server does not answer"), patienceMs);
  }

  /** Somebody is asked how to go on: {@linkcode greetAgain} does, or `bye` gives up. */
  ask(): void {
    this.#state = "asking";
    this.#reached = true;
    clearTimeout(this.#greeting);
  }

  /** Asks for another name. */
  nameRefused(code: string, message: string): void {
    this.ask();
    this.#options.nameRefused(code, message);
  }

  /** The server will not have this client, whatever it says. */
  giveUp(code: string, message: string): void {
    this.#end({ kind: "ended", why: "refused", code, message });
  }

  /** There is nothing to come back to. */
  part(message: string): void {
    this.#end({ kind: "ended", why: "bye", message });
  }

  /** There was an answer: another greeting on the same connection, or on a new one where that is gone. */
  greetAgain(): void {
    if (this.#state !== "asking") return;
    if (this.#link) return this.#greet();
    this.#state = "away";
    this.#alarm.wake();
  }

  /** A message got its outcome. */
  useful(): void {
    this.#useful = true;
  }

  breakLink(why: string): void {
    this.#link?.close(why);
  }

  /** Deals with an error that is about the connection itself; says whether it was one. */
  refused(error: ErrorEvent): boolean {
    const { code, message, fatal, retry_ms } = error;
    if (code === "replaced") this.#end({ kind: "ended", why: "replaced", code, message });
    else if (fatal) this.#break(error);
    else if (this.#state !== "greeting") return false;
    else if (this.#options.greetingRefused(error)) return true;
    else if (isAboutName(code)) this.nameRefused(code, message);
    else if (code === "server_full" ? this.#reached : retry_ms !== undefined) this.#break(error);
    else this.giveUp(code, message);
    return true;
  }

  async bye(): Promise<void> {
    const link = this.#state === "online" ? this.#link : undefined;
    link?.send({ type: "bye" });
    this.#end({ kind: "ended", why: "bye", message: "Goodbye" }, { keep: link !== undefined });
    const timer = setTimeout(() => link?.close("bye"), BYE_MS);
    await this.#running;
    clearTimeout(timer);
  }

  async #run(): Promise<void> {
    while (!this.over) {
      const why = await this.#connection();
      if (this.over) return;
      this.#options.lost();
      if (this.#state === "asking") await this.#alarm.wait();
      else if (this.#reached) await this.#retreat(why);
      else {
        const code = this.#fatal ? { code: this.#fatal.code } : {};
        this.#end({ kind: "ended", why: "unreachable", ...code, message: why });
      }
    }
  }

  /** One connection from dialing to its end; resolves with why it ended. Never rejects. */
  async #connection(): Promise<string> {
    this.#state = "dialing";
    this.#fatal = this.#onlineAt = undefined;
    this.#useful = false;
    const { dial, pulse, roomy, receive, emit } = this.#options;
    const tell = (message: string) => emit({ kind: "notice", code: "first_time", message });
    let transport: Transport | undefined;
    try {
      transport = await inTime(dial(tell), this.#alarm.wait(pulse.patienceMs));
    } catch (error) {
      if (error instanceof Refused) this.giveUp(error.code, error.message);
      return error instanceof Error ? error.message : String(error);
    } finally {
      this.#alarm.wake();
    }
    if (transport === undefined) return "the server does not answer";
    if (this.over) {
      transport[Symbol.dispose]();
      return "the client has ended";
    }
    const link = new Link(transport, {
      pulse,
      roomy,
      receive: (event) => {
        if (this.over) return;
        if (this.#state === "greeting") clearTimeout(this.#greeting);
        receive(event);
      },
    });
    this.#link = link;
    this.#greet();
    const why = await link.run();
    clearTimeout(this.#greeting);
    this.#link = undefined;
    return why;
  }

  #greet(): void {
    this.#state = "greeting";
    try {
      this.#options.greet();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.nameRefused("name_invalid", error.message);
    }
  }

  /** Waits until it is time to try again. */
  async #retreat(why: string): Promise<void> {
    const { backoff, emit } = this.#options;
    if (this.#onlineAt !== undefined) {
      backoff.lasted(performance.now() - this.#onlineAt, { useful: this.#useful });
    }
    const retryMs = backoff.next(this.#fatal?.retry_ms);
    this.#state = "away";
    emit({ kind: "offline", why, retryMs });
    await this.#alarm.wait(retryMs);
  }

  /** To be tried again over another link. */
  #break(error: ErrorEvent): void {
    this.#fatal = error;
    this.#link?.close(error.message);
  }

  #end(event: Ended, { keep = false } = {}): void {
    if (this.over) return;
    this.#state = "over";
    this.#options.emit(event);
    this.#options.ended(event.message);
    this.#alarm.wake();
    if (!keep) this.#link?.close(event.message);
  }
}
