/** What may be wrong with a history, by the invariant that it breaks. */
export type Kind =
  // I1 durable, I7 no phantom
  | "lost"
  | "wrong_ack"
  | "phantom"
  | "new_log"
  | "integrity"
  // I2 once
  | "stored_twice"
  | "shown_twice"
  // I3 genuine
  | "fabricated"
  | "altered"
  | "refused_yet_there"
  | "two_outcomes"
  | "ack_unattempted"
  | "id_reused"
  // I4 one order
  | "hole"
  | "disagree"
  | "skipped"
  | "false_gap"
  | "time_back"
  | "cursor_ahead"
  | "cursor_behind"
  // I5 sender order, and real time
  | "sender_order"
  | "real_time"
  // I6 complete
  | "missing"
  | "no_outcome"
  | "not_quiet"
  // I8 isolated
  | "outsider";

/** One thing that must not be. */
export interface Violation {
  readonly kind: Kind;
  readonly where: string;
  readonly detail: string;
}

/** Gathers what is wrong. */
export class Findings {
  readonly violations: Violation[] = [];

  add(kind: Kind, where: string, detail: string): void {
    this.violations.push({ kind, where, detail });
  }
}
