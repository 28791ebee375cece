import { newToken } from "../token.ts";

/** How long a ticket is good, in milliseconds. */
const GOOD_MS = 30_000;

/** What a ticket lets its holder do: carry this file, once. */
export interface Ticket {
  readonly file: string;
  readonly direction: "upload" | "download";
  /** From which byte on a download goes. */
  readonly have: number;
  /** Whose it is, as `Person.identity`. */
  readonly holder: string;
}

/** Gives out tickets, and takes each of them back once. Pure state: the clock is handed in. */
export class TicketOffice {
  readonly #tickets = new Map<string, Ticket & { readonly until: number }>();

  issue(ticket: Ticket, now: number): string {
    const token = newToken();
    this.#tickets.set(token, { ...ticket, until: now + GOOD_MS });
    return token;
  }

  /** What the ticket is good for, if it is good. */
  redeem(token: string, now: number): Ticket | undefined {
    const ticket = this.#tickets.get(token);
    this.#tickets.delete(token);
    return ticket !== undefined && ticket.until > now ? ticket : undefined;
  }

  /** How many files this holder may be about to send. */
  uploads(holder: string): number {
    return this.#tickets.values().filter((each) => each.holder === holder && each.direction === "upload")
      .toArray().length;
  }

  sweep(now: number): void {
    for (const [token, { until }] of this.#tickets) if (until <= now) this.#tickets.delete(token);
  }
}
