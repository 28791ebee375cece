import type { ErrorCode } from "../protocol/errors.ts";
import type { Limits } from "./limits.ts";

/** What has to be done about a connection that keeps somebody waiting. */
export type Due = { readonly kind: "ping" } | { readonly kind: "stuck" } | {
  readonly kind: "end";
  readonly code: ErrorCode;
};

/** How long one connection has kept us waiting, and for what. Times are milliseconds of one clock, handed in. */
export class Patience {
  readonly #limits: Limits;
  readonly #since: number;
  #named = false;
  #heardAt: number;
  #heardOnce = false;
  #pingedAt = 0;
  #frameSince: number | undefined;
  #readingSince: number | undefined;

  constructor(limits: Limits, now: number) {
    this.#limits = limits;
    this.#since = this.#heardAt = now;
  }

  /** Bytes came and are with the session Worker. */
  reading(now: number): void {
    this.#heardAt = now;
    this.#heardOnce = true;
    this.#readingSince = now;
  }

  /** The Worker has answered. */
  read(now: number, { frames, partial }: { readonly frames: number; readonly partial: boolean }): void {
    this.#readingSince = undefined;
    if (!partial) this.#frameSince = undefined;
    else if (frames > 0 || this.#frameSince === undefined) this.#frameSince = now;
  }

  /** It was we who did not read on: the client is not to blame for the time since. */
  resumed(now: number): void {
    this.#heardAt = now;
    if (this.#frameSince !== undefined) this.#frameSince = now;
  }

  /** The client has a name. */
  signedIn(): void {
    this.#named = true;
  }

  due(now: number): Due | undefined {
    const { helloSeconds, signInSeconds, frameSeconds, pingSeconds, idleSeconds, patienceSeconds } =
      this.#limits;
    const passed = (since: number, seconds: number) => now - since >= seconds * 1000;
    if (this.#readingSince !== undefined) {
      return passed(this.#readingSince, patienceSeconds) ? { kind: "stuck" } : undefined;
    }
    if (this.#frameSince !== undefined) {
      return passed(this.#frameSince, frameSeconds) ? { kind: "end", code: "frame_slow" } : undefined;
    }
    if (!this.#named) {
      if (!this.#heardOnce) {
        return passed(this.#since, helloSeconds) ? { kind: "end", code: "hello_timeout" } : undefined;
      }
      return passed(this.#since, signInSeconds) ? { kind: "end", code: "auth_timeout" } : undefined;
    }
    if (passed(this.#heardAt, idleSeconds)) return { kind: "end", code: "idle" };
    if (passed(this.#heardAt, pingSeconds) && this.#pingedAt < this.#heardAt) {
      this.#pingedAt = now;
      return { kind: "ping" };
    }
    return undefined;
  }
}
