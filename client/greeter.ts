import type { Event, Request } from "../protocol/schema.ts";
import { checked } from "./checked.ts";
import type { ClientEvent, Role } from "./client_event.ts";
import type { Identity } from "./identity.ts";
import type { Pake } from "./pake/pake.ts";
import { choose, prove, STRETCHING } from "./password_exchange.ts";
import { isAboutName, Refused } from "./refused.ts";
import type { Sealing } from "./sealing.ts";

type Of<T extends { readonly type: string }, K extends T["type"]> = Extract<T, { type: K }>;
type ErrorEvent = Of<Event, "error">;
/** The event that answers each request. */
interface Answers {
  readonly login: "login";
  readonly register: "register";
  readonly enrol: "enrolled";
}
type Answer = Of<Event, Answers[keyof Answers]>;
type Wanted = Extract<ClientEvent, { kind: "passwordWanted" }>;

/** What a {@linkcode Greeter} acts upon. */
export interface GreeterOptions {
  readonly identity: Identity;
  readonly pake: Pake | undefined;
  readonly sealing: Sealing;
  /** Says the hello, over a link that is not signed in; throws {@linkcode Refused} where it cannot be sent. */
  readonly hello: (proof?: string) => void;
  readonly say: (request: Request) => void;
  /** The session is of no use any more. */
  readonly forgotten: () => void;
  /** Asks the person: nothing goes on before there is an answer. */
  readonly wanted: (event: Wanted) => void;
  readonly nameRefused: (code: string, message: string) => void;
  /** There is nothing to be asked, for this was tried on the person's behalf: waits for what it does next. */
  readonly stand: () => void;
  /** Signing in has no use any more. */
  readonly giveUp: (code: string, message: string) => void;
}

/** What the person wants done, over as many links as it takes. */
type Attempt =
  | { readonly kind: "login"; readonly password: string }
  | {
    readonly kind: "register";
    readonly password: string;
    readonly claim: string | undefined;
    readonly done: PromiseWithResolvers<Role>;
    /** It may have been done already, without the answer having come. */
    unsure: boolean;
  };

/** Refusals of a hello that a password may undo. */
const ABOUT_ACCOUNTS = new Set(["auth_required", "account_required", "auth", "auth_throttled"]);
/** Too early: the same may be tried later. */
const THROTTLED = new Set(["auth_throttled", "rate", "busy"]);

/** What is said on a link until it is welcome: a hello, and before it whatever a password needs. */
export class Greeter {
  /** While a guest registers: should the link break, this signs in to what was made. */
  standby: string | undefined;
  readonly #options: GreeterOptions;
  #attempt: Attempt | undefined;
  /** Counts links and attempts: what belongs to an earlier one has no effect. */
  #turn = 0;
  #asked = 0;
  #awaited: { readonly ref: string; readonly answer: PromiseWithResolvers<Answer> } | undefined;

  constructor(options: GreeterOptions) {
    this.#options = options;
  }

  /** Says the first words; throws {@linkcode Refused} where the name cannot even be sent. */
  greet(): void {
    this.lost();
    if (this.#attempt) void this.#run(this.#attempt);
    else this.#options.hello();
  }

  /** From the next greeting on: signs in with this password. */
  signIn(password: string): void {
    this.#attempt = { kind: "login", password };
  }

  /** From the next greeting on: makes an account. */
  async register(password: string, claim: string | undefined): Promise<Role> {
    const done = Promise.withResolvers<Role>();
    this.#attempt = { kind: "register", password, claim, done, unsure: false };
    return await done.promise;
  }

  /** The link is gone: the next one starts over. */
  lost(): void {
    this.#turn++;
    this.#awaited = undefined;
  }

  /** Signed in: no password is needed any more. */
  welcomed(): void {
    const attempt = this.#attempt;
    this.#attempt = undefined;
    if (attempt?.kind === "register") attempt.done.resolve(this.#options.identity.account ?? "member");
  }

  /** There will be no other link. */
  end(message: string): void {
    this.#drop(new Refused("ended", message));
  }

  /** Says whether the event answers what was said here. */
  answer(event: Answer): boolean {
    if (this.#awaited === undefined || event.ref !== this.#awaited.ref) return false;
    const { answer } = this.#awaited;
    this.#awaited = undefined;
    answer.resolve(event);
    return true;
  }

  /** Deals with an error that came before `welcome`; says whether it is about an account or a password. */
  refused({ code, message, ref, retry_ms }: ErrorEvent): boolean {
    if (this.#awaited && ref === this.#awaited.ref) {
      const { answer } = this.#awaited;
      this.#awaited = undefined;
      answer.reject(new Refused(code, message, retry_ms));
      return true;
    }
    if (!ABOUT_ACCOUNTS.has(code)) return false;
    if (this.#options.pake === undefined) this.#options.giveUp(code, message);
    else if (code === "auth_required") this.#unknown(message);
    else if (code === "account_required") this.#want("unregistered", message);
    else this.#failed(new Refused(code, message, retry_ms));
    return true;
  }

  /** The name needs a password, and the session shown, if any, does not help. */
  #unknown(message: string): void {
    const { identity, forgotten } = this.#options;
    if (identity.session !== undefined) forgotten();
    if (this.standby === undefined) return this.#want("account", message);
    this.signIn(this.standby);
    this.standby = undefined;
    this.greet();
  }

  #want(why: Wanted["why"], message: string, retryMs?: number): void {
    this.#drop(new Refused("auth_required", message));
    const { identity: { name }, wanted } = this.#options;
    wanted({ kind: "passwordWanted", name, why, message, ...retryMs === undefined ? {} : { retryMs } });
  }

  /** Never rejects. */
  async #run(attempt: Attempt): Promise<void> {
    const turn = this.#turn;
    try {
      await (attempt.kind === "login" ? this.#login(turn, attempt.password) : this.#register(turn, attempt));
    } catch (error) {
      if (turn === this.#turn) this.#failed(error);
    }
  }

  async #login(turn: number, password: string): Promise<void> {
    const { identity, pake, sealing, hello } = this.#options;
    const { name, serverKey } = identity;
    const proven = await prove(pake!, (request) => this.#ask(turn, request), { name, password, serverKey });
    if (turn !== this.#turn) return;
    Object.assign(identity, { serverKey: proven.serverKey, owned: true });
    sealing.proven(proven.exportKey);
    hello(proven.proof);
  }

  async #register(turn: number, attempt: Attempt & { kind: "register" }): Promise<void> {
    const { identity, pake, sealing, hello } = this.#options;
    const { name, device } = identity;
    const { password, claim } = attempt;
    if (attempt.unsure && await this.#isMine(turn, password)) return;
    const { record, serverKey, exportKey } = await choose(pake!, (request) => this.#ask(turn, request), {
      name,
      password,
    });
    await sealing.found(name, exportKey);
    if (turn !== this.#turn) return;
    attempt.unsure = true;
    const enrolled = await this.#ask(turn, {
      type: "enrol",
      name,
      record,
      stretching: STRETCHING,
      claim,
      device,
    });
    Object.assign(identity, { session: enrolled.session, serverKey, owned: true });
    sealing.proven(exportKey);
    this.#attempt = undefined;
    attempt.done.resolve(enrolled.account);
    hello();
  }

  /** Whether the account is there with this very password: then it was made over a link that broke. */
  async #isMine(turn: number, password: string): Promise<boolean> {
    try {
      await this.#login(turn, password);
      return true;
    } catch (error) {
      if (error instanceof Refused && error.code === "auth") return false;
      throw error;
    }
  }

  async #ask<K extends keyof Answers>(
    turn: number,
    request: Of<Request, K>,
  ): Promise<Of<Event, Answers[K]>> {
    if (turn !== this.#turn) throw new Refused("offline", "The link is another by now");
    const ref = `p${++this.#asked}`;
    const answer = Promise.withResolvers<Answer>();
    this.#awaited = { ref, answer };
    this.#options.say(checked({ ...request, ref }));
    return await answer.promise as Of<Event, Answers[K]>; // never, where the link is lost
  }

  #failed(error: unknown): void {
    const why = error instanceof Refused ? error : new Refused("internal", String(error));
    const { code, message, retryMs } = why;
    if (this.#attempt?.kind === "register") {
      this.#drop(why);
      this.#options.stand();
    } else if (THROTTLED.has(code)) this.#want("throttled", message, retryMs);
    else if (code === "auth") this.#want("wrong", message);
    else {
      this.#drop(why);
      if (isAboutName(code)) this.#options.nameRefused(code, message);
      else this.#options.giveUp(code, message);
    }
  }

  /** What was tried is over; whatever is still on its way for it has no effect. */
  #drop(why: Refused): void {
    this.lost();
    const attempt = this.#attempt;
    this.#attempt = undefined;
    if (attempt?.kind === "register") attempt.done.reject(why);
  }
}
