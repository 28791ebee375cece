import { encode } from "../protocol/codec.ts";
import type { ErrorCode } from "../protocol/errors.ts";
import type { Hub } from "./hub.ts";
import type { Limits } from "./limits.ts";
import type { Ask, Carriage, Claim, FileAsk, KeyAsk, Verdict } from "./link.ts";
import { TOO_FAST } from "./manners.ts";
import type { Desk } from "./accounts/desk.ts";
import type { Denial } from "./denial.ts";
import type { Peer, Seat } from "./person.ts";
import { isAboutAccount, isAboutFiles, isAboutKeys } from "./subject.ts";
import { type AccountAsk, ref } from "./requests.ts";
import { StoreFull } from "./store/store.ts";
import { type Admission, PASS, Throttle } from "./throttle.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** Pages of history that one client may ask for at once. */
const PAGES_AT_ONCE = 20;
/** When to come back to a disk that is full. */
const FULL_MS = 2_000;

const NOTHING: Bytes = new Uint8Array(0);

/** Answers one kind of request of those who have signed in, or says why not. */
export interface Answering<A extends Ask> {
  answer(seat: Seat, peer: Peer, asked: A): Promise<Denial | undefined>;
}

/** Whom a {@linkcode Dispatcher} hands requests to. */
export interface Desks {
  readonly hub: Hub;
  readonly keys: Answering<KeyAsk>;
  readonly files: Answering<FileAsk>;
  readonly limits: Limits;
  readonly clock: () => number;
}

/** The connection whose verdicts are obeyed. */
export interface Client extends Peer {
  /** Whose it is, once a claim was granted. */
  readonly seat: Seat | undefined;
  /** Where it proves who it is. */
  readonly desk: Desk;
  /** Nothing is to be obeyed any more. */
  readonly over: boolean;
  /** Tries to take a name; resolves with what is to be read next. */
  claim(claim: Claim): Promise<Bytes>;
  /** Becomes one that carries a file. */
  carry(carriage: Carriage): void;
  /** Does not read on for a while. */
  pause(ms: number): Promise<void>;
  /** It said bye. */
  leave(): void;
}

/** Obeys what a session made of a client's bytes: strictly in order, at the pace its limits allow. */
export class Dispatcher {
  readonly #client: Client;
  readonly #hub: Hub;
  readonly #desks: Desks;
  readonly #clock: () => number;
  readonly #messages: Throttle;
  readonly #requests: Throttle;
  readonly #pages: Throttle;
  /** Messages were taken that may not be told yet. */
  #unsettled = false;

  constructor(client: Client, desks: Desks) {
    const { hub, limits, clock } = desks;
    this.#client = client;
    this.#hub = hub;
    this.#desks = desks;
    this.#clock = clock;
    this.#messages = new Throttle(limits.messageBurst, limits.messageRate);
    this.#requests = new Throttle(limits.requestBurst, limits.requestRate);
    this.#pages = new Throttle(
      limits.historyRate === Infinity ? Infinity : PAGES_AT_ONCE,
      limits.historyRate,
    );
  }

  /** Obeys one verdict; what it resolves with is to be read next. Messages are the common case and need no promise. */
  obey(verdict: Verdict): Promise<Bytes> | undefined {
    const admission = this.#admit(verdict);
    if (admission.kind !== "pass") return this.#slow(verdict, admission);
    const { seat } = this.#client;
    if (verdict.type !== "message" || !seat) return this.#grant(verdict);
    const denial = this.#hub.say(seat, verdict);
    if (denial) return this.#refuse(seat, denial, verdict);
    this.#unsettled = true;
    return undefined;
  }

  /** Resolves when every message taken has been told. */
  async settled(): Promise<void> {
    if (this.#unsettled) await this.#hub.settled();
    this.#unsettled = false;
  }

  /** Sends one `error` frame. */
  error(
    denial: Denial,
    { ref, fatal = false }: { readonly ref?: string | undefined; readonly fatal?: boolean },
  ): void {
    const { code, message, retry_ms, min, max } = denial;
    this.#client.outbox.push(encode({
      type: "error",
      code,
      message,
      ...fatal ? { fatal } : {},
      ...retry_ms === undefined ? {} : { retry_ms },
      ...min === undefined ? {} : { min },
      ...max === undefined ? {} : { max },
      ...ref === undefined ? {} : { ref },
    }));
  }

  #admit(verdict: Verdict): Admission {
    switch (verdict.type) {
      case "message":
        return this.#messages.admit(this.#clock(), this.#hub.roomWait(verdict.room));
      case "whisper":
        return this.#messages.admit(this.#clock());
      case "history":
      case "search":
        return this.#pages.admit(this.#clock());
      case "pong":
      case "bye":
      case "read":
        return PASS;
      default:
        return this.#requests.admit(this.#clock());
    }
  }

  /** Makes somebody who is too fast wait, and refuses when that does not help. */
  async #slow(verdict: Verdict, admission: Admission): Promise<Bytes> {
    for (let next = admission; !this.#client.over; next = this.#admit(verdict)) {
      switch (next.kind) {
        case "pass":
          return await this.#grant(verdict);
        case "pause":
          await this.#client.pause(next.ms);
          break;
        case "refuse":
          return await this.#deny({ ...TOO_FAST, retry_ms: next.retryMs }, refOf(verdict));
        case "flood":
          this.#end("flood", "Far too many messages for far too long");
          break;
        default:
          return next satisfies never;
      }
    }
    return NOTHING;
  }

  /** What is not a message waits until the messages before it are told, so that answers come in the order of requests. */
  async #grant(verdict: Verdict): Promise<Bytes> {
    await this.settled();
    if (this.#client.over) return NOTHING;
    const { seat } = this.#client;
    if (verdict.type === "claim") {
      if (!seat) return await this.#client.claim(verdict);
      this.#end("internal", "The session broke, please come back"); // none that works claims twice
      return NOTHING;
    }
    if (verdict.type === "transfer") {
      this.#client.carry(verdict);
      return NOTHING;
    }
    if (verdict.type === "refuse") {
      if (verdict.fatal) this.#end(verdict.code, verdict.message, verdict.ref);
      else this.error(verdict, { ref: verdict.ref });
      return NOTHING;
    }
    const denial = await this.#ask(seat, verdict).catch(full);
    if (denial) this.error(denial, verdict);
    return NOTHING;
  }

  async #ask(seat: Seat | undefined, asked: Ask): Promise<Denial | undefined> {
    if (isAboutAccount(asked)) return await this.#account(seat, asked);
    if (!seat) return undefined;
    if (isAboutKeys(asked)) return await this.#desks.keys.answer(seat, this.#client, asked);
    if (isAboutFiles(asked)) return await this.#desks.files.answer(seat, this.#client, asked);
    switch (asked.type) {
      case "message":
      case "whisper": {
        const denial = asked.type === "message"
          ? this.#hub.say(seat, asked)
          : await this.#hub.whisper(seat, asked);
        if (denial) await this.#refuse(seat, denial, asked);
        this.#unsettled ||= denial === undefined;
        return undefined;
      }
      case "bye":
        this.#client.outbox.wind(); // it need not hear of its own leaving
        this.#hub.bye(seat);
        this.#client.leave();
        return undefined;
      default:
        return await this.#hub.answer(seat, asked);
    }
  }

  async #account(seat: Seat | undefined, asked: AccountAsk): Promise<Denial | undefined> {
    const { desk, outbox } = this.#client;
    const as = seat && { name: seat.name, account: seat.person.account, device: seat.device };
    const answer = await desk.answer(asked, as);
    if ("code" in answer && !("type" in answer)) return answer;
    outbox.push(encode({ ...answer, ...ref(asked) }));
    const { parting } = desk;
    if (parting) this.#end(parting.code, parting.message);
    return undefined;
  }

  /** Refuses a message, unless it is one that was taken before: whoever repeats it is told that. */
  async #refuse(
    seat: Seat,
    denial: Denial,
    asked: Extract<Ask, { type: "message" | "whisper" }>,
  ): Promise<Bytes> {
    if (!await this.#hub.repeated(seat, asked.id)) this.error(denial, asked);
    return NOTHING;
  }

  async #deny(denial: Denial, ref: string | undefined): Promise<Bytes> {
    await this.settled();
    this.error(denial, { ref });
    return NOTHING;
  }

  #end(code: ErrorCode, message: string, ref?: string): void {
    this.#client.end(code, message, ref);
  }
}

/** What to say when there is no room for what had to be kept. */
function full(error: unknown): Denial {
  if (!(error instanceof StoreFull)) throw error;
  return { code: "store_full", message: "The server's disk is full, try again later", retry_ms: FULL_MS };
}

function refOf(verdict: Verdict): string | undefined {
  return verdict.type === "claim" ? verdict.hello.ref : verdict.ref;
}
