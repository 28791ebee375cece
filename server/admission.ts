import type { Limits } from "./limits.ts";

/** Penalty seconds from which an address is turned away at once, and the most it can gather. */
const TURNED_AWAY_S = 15;
const LONGEST_PENALTY_S = 600;
/** Connects a minute below which nobody is penalised: monitors and port scans do that. */
const MINUTE_MS = 60_000;

/** What one address has going. */
interface Account {
  open: number;
  strangers: number;
  connects: number;
  connectsSince: number;
  penaltyUntil: number;
}

/** Whether a new connection may come in; `probation` lets it in only to take back a session of its own. */
export type Admitted = { readonly kind: "in" | "probation" } | {
  readonly kind: "out";
  readonly code: "busy" | "ip_limit";
};

/** Who may come in, judged by address before anything is read. Pure state: the clock is handed in. */
export class Admission {
  readonly #limits: Limits;
  readonly #random: () => number;
  readonly #accounts = new Map<string, Account>();
  #strangers = 0;

  constructor(limits: Limits, random: () => number = Math.random) {
    this.#limits = limits;
    this.#random = random;
  }

  /**
   * Judges a connection from `address`; when it comes in, its place is taken until {@linkcode leave}. `known`: whether
   * somebody there has a session to come back to. */
  enter(address: string, now: number, known: () => boolean): Admitted {
    const account = this.#account(address, now);
    account.connects++;
    const penalised = account.penaltyUntil - now >= TURNED_AWAY_S * 1000 &&
      this.#limits.connectsPerMinute !== Infinity;
    if (penalised && !known()) return { kind: "out", code: "ip_limit" };
    if (
      account.open >= this.#limits.perAddress || account.strangers >= this.#limits.strangersPerAddress ||
      account.connects > this.#limits.connectsPerMinute
    ) {
      return { kind: "out", code: "ip_limit" };
    }
    if (this.#dropsEarly()) return { kind: "out", code: "busy" };
    account.open++;
    account.strangers++;
    this.#strangers++;
    return { kind: penalised ? "probation" : "in" };
  }

  /** The connection has a name now. */
  signIn(address: string): void {
    const account = this.#accounts.get(address);
    if (!account) return;
    account.strangers--;
    this.#strangers--;
  }

  leave(address: string, { stranger }: { readonly stranger: boolean }): void {
    if (stranger) this.signIn(address);
    const account = this.#accounts.get(address);
    if (account) account.open--;
  }

  /** New strangers from `address` will be turned away for longer. */
  penalise(address: string, seconds: number, now: number): void {
    const account = this.#account(address, now);
    const until = Math.max(now, account.penaltyUntil) + seconds * 1000;
    account.penaltyUntil = Math.min(until, now + LONGEST_PENALTY_S * 1000);
  }

  /** Forgets addresses of which there is nothing to know any more. */
  sweep(now: number): void {
    for (const [address, { open, connectsSince, penaltyUntil }] of this.#accounts) {
      if (open === 0 && penaltyUntil <= now && now - connectsSince > MINUTE_MS) {
        this.#accounts.delete(address);
      }
    }
  }

  /** From half of the places for strangers on, more and more are dropped; from the last on, all. */
  #dropsEarly(): boolean {
    const half = this.#limits.strangers / 2;
    return this.#strangers >= half && this.#random() < (this.#strangers - half) / half;
  }

  #account(address: string, now: number): Account {
    const account = this.#accounts.getOrInsertComputed(address, () => ({
      open: 0,
      strangers: 0,
      connects: 0,
      connectsSince: now,
      penaltyUntil: 0,
    }));
    if (now - account.connectsSince > MINUTE_MS) {
      account.connectsSince = now;
      account.connects = 0;
    }
    return account;
  }
}
