import { encode } from "../protocol/codec.ts";
import type { ErrorCode } from "../protocol/errors.ts";
import { Bucket } from "./bucket.ts";
import { Chunks } from "./chunks.ts";
import type { Gate } from "./gate.ts";
import type { Hub } from "./hub.ts";
import type { Limits } from "./limits.ts";
import type { Ask, Claim, Verdict } from "./link.ts";
import { Outbox } from "./outbox.ts";
import { Patience } from "./patience.ts";
import type { Denial } from "./requests.ts";
import type { Peer, Seat } from "./seats.ts";
import { type Admission, PASS, Throttle } from "./throttle.ts";
import type { Turn } from "./turn.ts";
import { within } from "./within.ts";
import type { Workforce } from "./workforce.ts";

/** How long what waits may take to go out before a connection is closed, and the peer to close its side after that. */
const FLUSH_MS = 1_000;
const LINGER_MS = 1_000;
/** How long answers may take to go out to a peer that has closed its side. */
const FAREWELL_MS = 5_000;

const NOTHING = new Uint8Array(0);
const TOO_FAST: Denial = { code: "rate", message: "Too fast: send this again later, and what came after it" };

/** What is said to a client that is closed for keeping us waiting. */
const TOO_LATE: Partial<Record<ErrorCode, string>> = {
  hello_timeout: "No hello came in time",
  auth_timeout: "No name was taken in time",
  frame_slow: "A frame took too long to arrive",
  idle: "No sign of life for too long",
};

/** Penalty seconds for an address from which this came. */
const PENALTIES: Partial<Record<ErrorCode, number>> = {
  frame_zero: 5,
  frame_size: 5,
  frame_slow: 5,
  auth_timeout: 5,
  flood: 30,
};

/** What all connections share. */
export interface House {
  readonly hub: Hub;
  readonly workforce: Workforce;
  readonly turn: Turn;
  readonly limits: Limits;
  readonly clock: () => number;
  /** The connection has a name now. */
  signedIn(): void;
  /** What came from its address was not the protocol. */
  penalise(seconds: number): void;
}

/** One socket's life: bytes in by a gate, verdicts obeyed in order, frames out by an outbox. */
export class Connection implements Peer {
  readonly outbox: Outbox;
  readonly address: string;
  readonly #socket: Deno.TcpConn;
  readonly #house: House;
  readonly #probation: boolean;
  readonly #chunks: Chunks;
  readonly #patience: Patience;
  readonly #bytes: Bucket;
  readonly #messages: Throttle;
  readonly #requests: Throttle;
  readonly #gone = Promise.withResolvers<void>();
  readonly #tasks: Promise<void>[] = [];
  #over = false;
  #gate: Gate | undefined;
  #seat: Seat | undefined;
  #unsettled = false;

  constructor(socket: Deno.TcpConn, house: House, { probation }: { readonly probation: boolean }) {
    this.address = socket.remoteAddr.hostname;
    const { limits, turn, clock } = house;
    this.#socket = socket;
    this.#house = house;
    this.#probation = probation;
    this.#chunks = new Chunks(socket);
    this.#patience = new Patience(limits, clock());
    this.#bytes = new Bucket(limits.byteBurst, limits.byteRate);
    this.#messages = new Throttle(limits.messageBurst, limits.messageRate);
    this.#requests = new Throttle(limits.requestBurst, limits.requestRate);
    const sink = {
      write: (bytes: Uint8Array<ArrayBuffer>) => socket.write(bytes),
      failed: (why: "broken" | "lagging") => this.#failed(why),
    };
    this.outbox = new Outbox(sink, turn, { limit: limits.lagBytes, clock });
  }

  /** Whether it has no name yet. */
  get stranger(): boolean {
    return this.#seat === undefined;
  }

  /** Resolves when the peer is gone and nothing of it is left; rejects only on a bug of ours. */
  async attend(): Promise<void> {
    try {
      for (let chunk; (chunk = await this.#chunks.read());) {
        if (this.#over) continue; // what comes now is not read, only taken
        await this.#digest(chunk);
        const wait = this.#bytes.wait(this.#house.clock(), chunk.length);
        this.#bytes.take(chunk.length);
        if (wait > 0) await this.#pause(wait);
      }
      if (!this.#over) await within(FAREWELL_MS, this.outbox.written());
    } catch (error) {
      this.end("internal", "Something went wrong on our side");
      throw error;
    } finally {
      this.#gone.resolve();
      this.#release(undefined);
      await Promise.all(this.#tasks);
      this.#close();
    }
  }

  /** Tells the peer why, and closes once it had the chance to read that. */
  end(code: ErrorCode, message: string, { ref }: { readonly ref?: string | undefined } = {}): void {
    if (this.#over) return;
    this.#release(code);
    const penalty = PENALTIES[code];
    if (penalty !== undefined) this.#house.penalise(penalty);
    if (code === "slow_reader") this.outbox.abandon();
    this.outbox.wind();
    this.#error({ code, message }, { fatal: true, ref });
    this.#tasks.push(this.#finish());
  }

  /** Looks at the clock: nobody may keep us waiting for ever. */
  sweep(now: number): void {
    if (this.#over) return;
    const { stallSeconds } = this.#house.limits;
    const { waitingSince } = this.outbox;
    if (waitingSince !== undefined && now - waitingSince >= stallSeconds * 1000) {
      return this.#failed("lagging");
    }
    const due = this.#patience.due(now);
    switch (due?.kind) {
      case "stuck":
        return this.#gate?.giveUp();
      case "end":
        return this.end(due.code, TOO_LATE[due.code] ?? due.code);
      case "ping":
        return this.outbox.push(encode({ type: "ping" }));
    }
  }

  async #digest(chunk: Uint8Array<ArrayBuffer>): Promise<void> {
    const { clock, hub, workforce } = this.#house;
    for (let bytes = chunk; bytes.length > 0;) {
      this.#gate ??= workforce.receive();
      this.#patience.reading(clock());
      const reply = await this.#gate.read(bytes).catch(() => undefined);
      if (reply === undefined) return this.end("internal", "The session broke, please come back");
      this.#patience.read(clock(), reply);
      bytes = NOTHING;
      for (const verdict of reply.verdicts) {
        if (this.#over) return;
        const obeyed = this.#obey(verdict);
        if (obeyed) bytes = await obeyed;
      }
    }
    if (this.#unsettled) await hub.settled();
    this.#unsettled = false;
  }

  /** Obeys one verdict; what it resolves with is to be read next. Messages are the common case and need no promise. */
  #obey(verdict: Verdict): Promise<Uint8Array<ArrayBuffer>> | undefined {
    const admission = this.#admit(verdict);
    if (admission.kind !== "pass") return this.#slow(verdict, admission);
    if (verdict.type !== "message" || !this.#seat) return this.#grant(verdict);
    const denial = this.#house.hub.say(this.#seat, verdict);
    if (denial) return this.#deny(denial, verdict.ref);
    this.#unsettled = true;
    return undefined;
  }

  #admit(verdict: Verdict): Admission {
    const { clock, hub } = this.#house;
    switch (verdict.type) {
      case "message":
        return this.#messages.admit(clock(), hub.roomWait(verdict.room));
      case "whisper":
        return this.#messages.admit(clock());
      case "pong":
      case "bye":
        return PASS;
      default:
        return this.#requests.admit(clock());
    }
  }

  /** Makes somebody who is too fast wait, and refuses when that does not help. */
  async #slow(verdict: Verdict, admission: Admission): Promise<Uint8Array<ArrayBuffer>> {
    for (let next = admission; !this.#over; next = this.#admit(verdict)) {
      switch (next.kind) {
        case "pass":
          return await this.#grant(verdict);
        case "pause":
          await this.#pause(next.ms);
          break;
        case "refuse":
          return await this.#deny({ ...TOO_FAST, retry_ms: next.retryMs }, refOf(verdict));
        case "flood":
          this.end("flood", "Far too many messages for far too long");
          break;
        default:
          return next satisfies never;
      }
    }
    return NOTHING;
  }

  /** What is not a message waits until the messages before it are told, so that answers come in the order of requests. */
  async #grant(verdict: Verdict): Promise<Uint8Array<ArrayBuffer>> {
    if (this.#unsettled) await this.#house.hub.settled();
    if (this.#over) return NOTHING;
    if (verdict.type === "claim") return await this.#claim(verdict);
    if (verdict.type === "refuse") {
      if (verdict.fatal) this.end(verdict.code, verdict.message, verdict);
      else this.#error(verdict, verdict);
      return NOTHING;
    }
    if (!this.#seat) return NOTHING;
    const denial = await this.#ask(this.#seat, verdict);
    if (denial) this.#error(denial, verdict);
    return NOTHING;
  }

  async #ask(seat: Seat, asked: Ask): Promise<Denial | undefined> {
    const { hub } = this.#house;
    switch (asked.type) {
      case "message":
      case "whisper": {
        const denial = asked.type === "message" ? hub.say(seat, asked) : await hub.whisper(seat, asked);
        this.#unsettled ||= denial === undefined;
        return denial;
      }
      case "bye":
        hub.bye(seat);
        return this.#leave();
      default:
        return await hub.answer(seat, asked);
    }
  }

  async #deny(denial: Denial, ref: string | undefined): Promise<Uint8Array<ArrayBuffer>> {
    if (this.#unsettled) await this.#house.hub.settled();
    this.#error(denial, { ref });
    return NOTHING;
  }

  async #claim(claim: Claim): Promise<Uint8Array<ArrayBuffer>> {
    const { hub, workforce } = this.#house;
    const { hello, rest } = claim;
    if (this.#probation && !hub.holds(hello.session, hello.name)) {
      this.end("ip_limit", "Too much went wrong from your address: wait a while");
      return NOTHING;
    }
    const seat = hub.claim(claim, this);
    if ("code" in seat) {
      this.#error(seat, hello);
      return rest;
    }
    this.#seat = seat;
    this.#house.signedIn();
    this.#patience.signedIn();
    const own = await workforce.employ();
    if (this.#over) {
      workforce.release(own);
      return NOTHING;
    }
    this.#gate?.[Symbol.dispose]();
    this.#gate = own;
    const sendMissed = await hub.welcome(seat, this, hello);
    this.#tasks.push(sendMissed());
    return rest;
  }

  #error(
    denial: Denial,
    { ref, fatal = false }: { readonly ref?: string | undefined; readonly fatal?: boolean },
  ): void {
    const { code, message, retry_ms, min, max } = denial;
    this.outbox.push(encode({
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

  /** Does not read on for a while. */
  async #pause(ms: number): Promise<void> {
    await within(ms, this.#gone.promise);
    this.#patience.resumed(this.#house.clock());
  }

  #failed(why: "broken" | "lagging"): void {
    if (why === "lagging") this.end("slow_reader", "You are too far behind: come back to get the rest");
    else this.#close();
  }

  /** It said bye: what waits for it goes out, and that is all. */
  #leave(): undefined {
    this.#release(undefined);
    this.outbox.wind();
    this.#tasks.push(this.#finish());
  }

  /** From here on nothing is read or obeyed. */
  #release(closed: ErrorCode | undefined): void {
    this.#over = true;
    if (this.#seat) this.#house.hub.vanish(this.#seat, this, closed);
    if (this.#gate) this.#house.workforce.release(this.#gate);
    this.#gate = undefined;
  }

  /** Lets the last words go out, says that no more will come, and waits a little for the peer to have heard. */
  async #finish(): Promise<void> {
    await within(FLUSH_MS, this.outbox.written(), this.#gone.promise);
    await this.#socket.closeWrite().catch(() => {}); // gone already
    await within(LINGER_MS, this.#gone.promise);
    this.#close();
  }

  #close(): void {
    this.outbox.close();
    try {
      this.#socket.close();
    } catch (error) {
      if (!(error instanceof Deno.errors.BadResource)) throw error; // closing twice is fine
    }
  }
}

function refOf(verdict: Verdict): string | undefined {
  return verdict.type === "claim" ? verdict.hello.ref : verdict.ref;
}
