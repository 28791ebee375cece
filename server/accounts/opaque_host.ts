import type { PeopleStore } from "../store/store.ts";
import { type FromOpaque, isFromOpaque, type ToOpaque } from "./opaque_link.ts";

/** Jobs that may wait; sign-ins beyond that are turned away before any work is put into them. */
const MOST_WAITING = 32;
/** A job takes some milliseconds. One that takes this long never ends. */
const LONGEST_MS = 5_000;
/** Under which the server's secret is kept. */
const SECRET = "opaque";

interface Options {
  readonly people: Pick<PeopleStore, "setting" | "setSetting">;
  readonly clock: () => number;
  readonly report: (error: Error) => void;
  /** The module of the Worker. */
  readonly entry?: URL | undefined;
}

/** `busy`: too much waits already. `lost`: the Worker broke over it. `malformed`: it was no message of OPAQUE. */
export type Failure = { readonly type: "busy" | "lost" | "malformed" };
type Job = Exclude<ToOpaque, { type: "open" | "forget" }>;
type Answer<T> = Extract<FromOpaque, { type: T }> | Failure;

interface Asked {
  readonly job: Exclude<ToOpaque, { type: "forget" }>;
  readonly done: (answer: FromOpaque | Failure) => void;
}

/** The main thread's handle on the Worker that knows the server's OPAQUE secret. */
export class OpaqueHost implements AsyncDisposable {
  readonly #at: Options;
  readonly #waiting: Asked[] = [];
  #worker: Worker | undefined;
  #flying: Asked | undefined;
  #since = 0;
  #starting: Promise<void> | undefined;
  #logins = 0;
  #jobs = 0;
  #over = false;

  private constructor(options: Options) {
    this.#at = options;
  }

  /** Starts the Worker; at the first time it makes the secret. Rejects when what is kept is no such secret. */
  static async open(options: Options): Promise<OpaqueHost> {
    const host = new OpaqueHost(options);
    try {
      await host.#start();
    } catch (error) {
      await host[Symbol.asyncDispose]();
      throw error;
    }
    return host;
  }

  /** Pieces of work that the Worker was given so far. */
  get jobs(): number {
    return this.#jobs;
  }

  /** Whether there is no room for more. */
  get busy(): boolean {
    return this.#waiting.length >= MOST_WAITING;
  }

  /** Begins a sign-in; `login` stands for it until {@linkcode prove} or {@linkcode forget}. */
  async login(
    asked: Omit<Extract<Job, { type: "login" }>, "type" | "login">,
  ): Promise<{ readonly type: "login"; readonly text: string; readonly login: number } | Failure> {
    const login = ++this.#logins;
    const answer = await this.#ask({ type: "login", login, ...asked });
    return answer.type === "login" ? { ...answer, login } : answer;
  }

  /** Ends a sign-in: never `busy`, for what has begun shall end. */
  prove(login: number, proof: string): Promise<Answer<"proof">> {
    return this.#ask({ type: "proof", login, proof });
  }

  forget(login: number): void {
    this.#worker?.postMessage({ type: "forget", login } satisfies ToOpaque);
  }

  /** Answers who chooses a password; `credential` is what its record will be bound to. */
  register(credential: string, request: string): Promise<Answer<"register">> {
    return this.#ask({ type: "register", credential, request });
  }

  /** Whether `record` is what a registration ends with. */
  check(record: string): Promise<Answer<"check">> {
    return this.#ask({ type: "check", record });
  }

  /** Makes the record of a password that we have chosen ourselves. */
  make(asked: Omit<Extract<Job, { type: "make" }>, "type">): Promise<Answer<"make">> {
    return this.#ask({ type: "make", ...asked });
  }

  /** Looks at the clock: a Worker that does not answer is replaced. */
  sweep(now: number): void {
    if (this.#flying && now - this.#since >= LONGEST_MS) {
      this.#break(new Error("Cannot check passwords: the OPAQUE Worker does not answer"));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over = true;
    this.#end();
    for (const { done } of this.#waiting.splice(0)) done({ type: "lost" });
    await this.#starting;
  }

  async #ask<T extends Job["type"]>(job: Extract<Job, { type: T }>): Promise<Answer<T>> {
    if (this.#over) return { type: "lost" };
    if (job.type !== "proof" && this.busy) return { type: "busy" };
    const { promise, resolve } = Promise.withResolvers<FromOpaque | Failure>();
    this.#waiting.push({ job, done: resolve });
    this.#next();
    const answer = await promise;
    if (answer.type === "busy" || answer.type === "lost" || answer.type === "malformed") return answer;
    return answer as Extract<FromOpaque, { type: T }>; // #hear has seen to it
  }

  #next(): void {
    if (this.#flying || this.#starting || this.#over) return;
    if (!this.#worker) return this.#restart();
    const asked = this.#waiting.shift();
    if (!asked) return;
    this.#jobs++;
    this.#give(asked);
  }

  #give(asked: Asked): void {
    this.#flying = asked;
    this.#since = this.#at.clock();
    this.#worker?.postMessage(asked.job);
  }

  /** Starts a Worker and hands it the secret, which is not kept here. */
  async #start(): Promise<void> {
    const { people, entry = new URL("./opaque_worker.ts", import.meta.url) } = this.#at;
    const secret = await people.setting(SECRET);
    if (this.#over) return;
    const worker = new Worker(entry, { type: "module", deno: { permissions: "none" } });
    this.#worker = worker;
    worker.onmessage = ({ data }: MessageEvent<unknown>) => this.#hear(data);
    worker.onmessageerror = () => this.#break(new Error("Cannot read what the OPAQUE Worker said"));
    worker.onerror = (event) => {
      event.preventDefault(); // a broken Worker must not take the server down
      this.#break(new Error(`Cannot check passwords: the OPAQUE Worker broke: ${event.message}`));
    };
    const { promise, resolve } = Promise.withResolvers<FromOpaque | Failure>();
    this.#give({ job: { type: "open", secret }, done: resolve });
    const opened = await promise;
    if (opened.type !== "opened") {
      this.#end();
      throw new Error(
        opened.type === "malformed"
          ? "Cannot use the secret of passwords that is kept: restore a backup of the data"
          : "Cannot start the OPAQUE Worker",
      );
    }
    if (opened.made !== undefined) await people.setSetting(SECRET, opened.made);
  }

  /** Starts another Worker; when it does not start, whoever waits is told, and the next one to come tries again. */
  #restart(): void {
    this.#starting = this.#start().catch((error) => {
      this.#at.report(error instanceof Error ? error : new Error(String(error)));
      for (const { done } of this.#waiting.splice(0)) done({ type: "lost" });
    }).finally(() => {
      this.#starting = undefined;
      if (this.#waiting.length > 0) this.#next();
    });
  }

  #hear(data: unknown): void {
    const asked = this.#flying;
    const expected = asked?.job.type === "open" ? "opened" : asked?.job.type;
    if (!asked || !isFromOpaque(data) || data.type !== expected && data.type !== "malformed") {
      return this.#break(new Error("Cannot trust the OPAQUE Worker: it did not answer what was asked"));
    }
    this.#flying = undefined;
    asked.done(data);
    this.#next();
  }

  #break(error: Error): void {
    if (this.#over) return;
    this.#at.report(error);
    this.#end();
    if (this.#waiting.length > 0) this.#next();
  }

  /** What the Worker had in hand is lost with it: it may have been what broke it. */
  #end(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#flying?.done({ type: "lost" });
    this.#flying = undefined;
  }
}
