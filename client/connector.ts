import type { Event, Hello, Request } from "../protocol/schema.ts";
import type { Backoff } from "./backoff.ts";
import type { ClientEvent } from "./client_event.ts";
import { Link } from "./link.ts";
import { Refused } from "./refused.ts";
import type { Transport } from "./transport.ts";

type Ended = Extract<ClientEvent, { kind: "ended" }>;
type ErrorEvent = Extract<Event, { type: "error" }>;

/** How long the server may take to close after `bye`. */
const BYE_MS = 1_000;

/** What a {@linkcode Connector} needs from the client it connects. */
export interface ConnectorOptions {
  readonly dial: () => Promise<Transport>;
  readonly backoff: Backoff;
  readonly pulse: { readonly quietMs: number; readonly patienceMs: number };
  /** The hello to say now; throws {@linkcode Refused} where the name cannot even be sent. */
  readonly hello: () => Hello;
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

/** `naming`: a name was refused, and somebody is asked for another; `away`: to try again, now or later. */
type State = "new" | "dialing" | "greeting" | "naming" | "online" | "away" | "over";

/** Keeps one client connected: dials, greets, tries again, and knows when that has no use any more. */
export class Connector {
  readonly #options: ConnectorOptions;
  #state: State = "new";
  #link: Link | undefined;
  #running: Promise<void> | undefined;
  /** Ends whatever {@linkcode #wait} waits for. */
  #wake: () => void = () => {};
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

  start(): void {
    this.#running ??= this.#run();
  }

  send(request: Request): void {
    if (this.#state === "online") this.#link?.send(request);
  }

  /** A `welcome` came. */
  online(): void {
    this.#state = "online";
    this.#reached = true;
    this.#onlineAt = performance.now();
    clearTimeout(this.#greeting);
    this.#link?.watch();
  }

  /** Another name was chosen: a hello on the same connection, or on a new one where that is gone. */
  greetAgain(): void {
    if (this.#state !== "naming") return;
    if (this.#link) return this.#greet(this.#link);
    this.#state = "away";
    this.#wake();
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
    const { code, message, fatal } = error;
    const greeting = this.#state === "greeting";
    if (code === "replaced") this.#end({ kind: "ended", why: "replaced", code, message });
    else if (fatal || (greeting && code === "server_full" && this.#reached)) {
      this.#fatal = error;
      this.#link?.close(message);
    } else if (greeting && isAboutName(code)) {
      this.#reached = true;
      this.#askName(code, message);
    } else if (greeting) this.#end({ kind: "ended", why: "refused", code, message });
    else return false;
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
      if (this.#state === "naming") await this.#wait();
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
    const { dial, pulse, roomy, receive } = this.#options;
    let transport: Transport | undefined;
    try {
      transport = await inTime(dial(), this.#wait(pulse.patienceMs));
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    } finally {
      this.#wake();
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
        if (!this.over) receive(event);
      },
    });
    this.#link = link;
    this.#greet(link);
    const why = await link.run();
    clearTimeout(this.#greeting);
    this.#link = undefined;
    return why;
  }

  #greet(link: Link): void {
    this.#state = "greeting";
    try {
      link.send(this.#options.hello());
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return this.#askName("name_invalid", error.message);
    }
    const { patienceMs } = this.#options.pulse;
    clearTimeout(this.#greeting);
    this.#greeting = setTimeout(() => link.close("the server does not answer"), patienceMs);
  }

  #askName(code: string, message: string): void {
    this.#state = "naming";
    clearTimeout(this.#greeting);
    this.#options.nameRefused(code, message);
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
    await this.#wait(retryMs);
  }

  #end(event: Ended, { keep = false } = {}): void {
    if (this.over) return;
    this.#state = "over";
    this.#options.emit(event);
    this.#options.ended(event.message);
    this.#wake();
    if (!keep) this.#link?.close(event.message);
  }

  /** Resolves after a while, or when woken. */
  #wait(ms?: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = ms === undefined ? undefined : setTimeout(resolve, ms);
    this.#wake = () => {
      clearTimeout(timer);
      resolve();
    };
    return promise;
  }
}

/** Dials until `deadline`; what is reached later is closed again. */
async function inTime(dialled: Promise<Transport>, deadline: Promise<void>): Promise<Transport | undefined> {
  let late = false;
  dialled.then((transport) => late && transport[Symbol.dispose](), () => {});
  const transport = await Promise.race([dialled, deadline]);
  late = transport === undefined;
  return transport ?? undefined;
}

function isAboutName(code: string): boolean {
  return code.startsWith("name_") || code === "schema" || code === "key" || code === "too_long";
}
