import { encode } from "../protocol/codec.ts";
import type { ErrorCode } from "../protocol/errors.ts";
import type { Desk } from "./accounts/desk.ts";
import { Bucket } from "./bucket.ts";
import { Chunks } from "./chunks.ts";
import { type Client, Dispatcher } from "./dispatcher.ts";
import type { Carry } from "./files/file_desk.ts";
import { changed, identify } from "./entrance.ts";
import type { Gate } from "./gate.ts";
import type { House } from "./house.ts";
import type { Carriage, Claim } from "./link.ts";
import { PENALTIES, TOO_LATE } from "./manners.ts";
import { Outbox } from "./outbox.ts";
import { Patience } from "./patience.ts";
import type { Seat } from "./person.ts";
import { StoreFull } from "./store/store.ts";
import type { Socket } from "./socket.ts";
import { sourceOf } from "./source.ts";
import { within } from "./within.ts";

/** How long what waits may take to go out before a connection is closed, and the peer to close its side after that. */
const FLUSH_MS = 1_000;
const LINGER_MS = 1_000;
/** How long answers may take to go out to a peer that has closed its side. */
const FAREWELL_MS = 5_000;

const NOTHING = new Uint8Array(0);

/** One socket's life: bytes in by a gate, verdicts to a dispatcher, frames out by an outbox. */
export class Connection implements Client {
  readonly outbox: Outbox;
  /** Whom it counts as. */
  readonly address: string;
  readonly #socket: Socket;
  readonly #house: House;
  readonly #probation: boolean;
  readonly #chunks: Chunks;
  readonly #patience: Patience;
  readonly #bytes: Bucket;
  readonly #dispatcher: Dispatcher;
  readonly #gone = Promise.withResolvers<void>();
  readonly #tasks: Promise<void>[] = [];
  #state: "open" | "finishing" | "closed" = "open";
  #gate: Gate | undefined;
  #seat: Seat | undefined;
  #desk: Desk | undefined;
  /** It carries a file: what comes is not for a session. */
  #carry: Carry | undefined;

  constructor(socket: Socket, house: House, { probation }: { readonly probation: boolean }) {
    const { limits, turn, clock } = house;
    this.address = sourceOf(socket.remoteAddr.hostname);
    this.#socket = socket;
    this.#house = house;
    this.#probation = probation;
    this.#chunks = new Chunks(socket);
    this.#patience = new Patience(limits, clock());
    this.#bytes = new Bucket(limits.byteBurst, limits.byteRate);
    this.#dispatcher = new Dispatcher(this, house);
    const sink = {
      write: (bytes: Uint8Array<ArrayBuffer>) => socket.write(bytes),
      failed: (why: "broken" | "lagging") => this.#failed(why),
    };
    this.outbox = new Outbox(sink, turn, { limit: limits.lagBytes, clock });
  }

  get seat(): Seat | undefined {
    return this.#seat;
  }
  /** Where it proves who it is; made when it is first wanted. */
  get desk(): Desk {
    return this.#desk ??= this.#house.accounts.desk(this, this.address);
  }
  get over(): boolean {
    return this.#state !== "open";
  }

  /** Resolves when the peer is gone and nothing of it is left; rejects only on a bug of ours. */
  async attend(): Promise<void> {
    try {
      for (let chunk; (chunk = await this.#chunks.read());) {
        if (this.over) continue; // what comes now is not read, only taken
        await this.#digest(chunk);
        if (this.#carry && !this.over) await this.#carryFile(this.#carry);
        const wait = this.#bytes.wait(this.#house.clock(), chunk.length);
        this.#bytes.take(chunk.length);
        if (wait > 0) await this.pause(wait);
      }
      if (!this.over) await within(FAREWELL_MS, this.outbox.written());
    } catch (error) {
      this.end("internal", "Something went wrong on our side");
      throw error;
    } finally {
      this.#gone.resolve();
      if (this.#state === "open") this.#close();
      await Promise.all(this.#tasks);
    }
  }

  /** Tells the peer why, and closes once it had the chance to read that. */
  end(code: ErrorCode, message: string, ref?: string): void {
    if (this.over) return;
    if (this.#carry) return this.#close(); // a word in the middle of a file would not be understood
    this.#release(code);
    this.#house.penalise(PENALTIES[code] ?? 0);
    if (code === "slow_reader") this.outbox.abandon();
    this.outbox.wind();
    this.#dispatcher.error({ code, message }, { fatal: true, ref });
    this.#tasks.push(this.#finish());
  }

  /** It said bye: what waits for it goes out, and that is all. */
  leave(): void {
    this.#release(undefined);
    this.outbox.wind();
    this.#tasks.push(this.#finish());
  }

  /** Does not read on for a while. */
  async pause(ms: number): Promise<void> {
    await within(ms, this.#gone.promise);
    this.#patience.resumed(this.#house.clock());
  }

  /** Looks at the clock: nobody may keep us waiting for ever. */
  sweep(now: number): void {
    if (this.over || this.#carry) return;
    const { waitingSince } = this.outbox;
    const stalled = waitingSince !== undefined &&
      now - waitingSince >= this.#house.limits.stallSeconds * 1000;
    if (stalled) return this.#failed("lagging");
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

  /** Takes a name, a Worker for itself, and comes in; resolves with what came behind the hello. */
  async claim(claim: Claim): Promise<Uint8Array<ArrayBuffer>> {
    const { hub, accounts, workforce, signedIn } = this.#house;
    const { hello, rest } = claim;
    const entrance = { hub, accounts, desk: this.desk, probation: this.#probation };
    const who = await identify(claim, entrance);
    if (who === "distrusted") this.end("ip_limit", "Too much went wrong from your address: wait a while");
    if (this.over || who === "distrusted") return NOTHING;
    const seat = "code" in who ? who : changed(claim, who, entrance) ?? hub.claim(claim, this, who);
    if ("code" in seat) {
      this.#dispatcher.error(seat, hello);
      return rest;
    }
    this.#seat = seat;
    signedIn();
    this.#patience.signedIn();
    const own = this.#watch(await workforce.employ());
    if (this.over) {
      workforce.release(own);
      return NOTHING;
    }
    this.#gate?.[Symbol.dispose]();
    this.#gate = own;
    try {
      const caughtUp = await hub.welcome(seat, this, hello);
      this.#tasks.push(caughtUp());
    } catch (error) {
      if (!(error instanceof StoreFull)) throw error;
      this.end("store_full", "The server's disk is full, come back later");
    }
    return rest;
  }

  /** From here on it carries a file; whoever has a ticket has signed in elsewhere. */
  carry({ ticket, ref, rest }: Carriage): void {
    const carry = this.#house.files.redeem(ticket, rest);
    if (carry === undefined) {
      return this.end("file", "This ticket is not good (any more): ask for another", ref);
    }
    this.#house.signedIn();
    this.#carry = carry;
  }
  async #carryFile(carry: Carry): Promise<void> {
    const problem = await carry(this.#socket).catch(() => undefined); // gone, and comes back to go on
    this.#carry = undefined;
    if (problem !== undefined) this.end("file_size", `This is not what was announced: ${problem}`);
    else this.leave();
  }

  async #digest(chunk: Uint8Array<ArrayBuffer>): Promise<void> {
    const { clock, workforce } = this.#house;
    for (let bytes = chunk; bytes.length > 0;) {
      this.#gate ??= this.#watch(workforce.receive());
      this.#patience.reading(clock());
      const reply = await this.#gate.read(bytes).catch(() => undefined);
      if (reply === undefined) return this.#broken();
      this.#patience.read(clock(), reply);
      bytes = NOTHING;
      for (const verdict of reply.verdicts) {
        if (this.over) return;
        const obeyed = this.#dispatcher.obey(verdict);
        if (obeyed) bytes = await obeyed;
      }
    }
    await this.#dispatcher.settled();
  }

  #watch(gate: Gate): Gate {
    gate.onbroken = () => this.#broken();
    return gate;
  }

  #broken(): void {
    this.end("internal", "The session broke, please come back");
  }

  #failed(why: "broken" | "lagging"): void {
    if (why === "lagging") this.end("slow_reader", "You are too far behind: come back to get the rest");
    else this.#close();
  }

  /** From here on nothing is read or obeyed. */
  #release(closed: ErrorCode | undefined): void {
    this.#state = "finishing";
    if (this.#seat) this.#house.hub.vanish(this.#seat, this, closed);
    if (this.#gate) this.#house.workforce.release(this.#gate);
    this.#gate = undefined;
    this.#desk?.[Symbol.dispose]();
  }

  /** Lets the last words go out, says that no more will come, and waits a little for the peer to have heard. */
  async #finish(): Promise<void> {
    await within(FLUSH_MS, this.outbox.written());
    await within(FLUSH_MS, this.#socket.closeWrite().catch(() => {})); // what it has may never go out, or it is gone
    await within(LINGER_MS, this.#gone.promise);
    this.#close();
  }

  #close(): void {
    if (this.#state === "open") this.#release(undefined);
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.outbox.close();
    this.#socket.close();
  }
}
