import type { Findings } from "./findings.ts";
import type { Place } from "./history.ts";
import { brief, type Ledger } from "./ledger.ts";

/** What a view must hold from where it begins: every seq after `base`, or whatever is attempted from time `t` on. */
type Beginning = { readonly base: number } | { readonly t: number };

/** What one client was shown of one conversation: everything once and in order, and no hole that it was not told of. */
export class View {
  readonly #client: string;
  readonly #conversation: string;
  readonly #findings: Findings;
  /** The last seq dealt with; nothing where it is not known where the view begins. */
  #cursor: number | undefined;
  #since = 0;
  /** The highest seq ever shown. */
  #highest = 0;
  /** What this process showed, and when: only its last act may be forgotten with it. */
  readonly #shownAt: { readonly seq: number; readonly t: number }[] = [];
  /** What the next process must remember, as long as the client stays in the conversation. */
  #must = 0;
  /** Up to here nothing may be shown again. */
  #final = 0;
  open = false;
  reshown = 0;
  readonly gaps: { readonly from: number; readonly to: number; readonly why: string }[] = [];
  /** Where views began without a known seq: nothing attempted later may lie before it. */
  readonly beginnings: { readonly t: number; readonly after: number; readonly first: number }[] = [];

  constructor(client: string, conversation: string, findings: Findings) {
    this.#client = client;
    this.#conversation = conversation;
    this.#findings = findings;
  }

  get cursor(): number | undefined {
    return this.#cursor;
  }

  /** The client is in the conversation from now on. */
  begin(beginning: Beginning): void {
    if (this.open) return;
    this.open = true;
    if ("base" in beginning) this.#cursor ??= beginning.base;
    else {
      this.#cursor = undefined;
      this.#since = beginning.t;
    }
  }

  leave(): void {
    this.open = false;
    this.#cursor = undefined;
    this.#final = Math.max(this.#final, this.#highest);
    this.#must = 0;
    this.#shownAt.length = 0;
  }

  /** A new process, which remembers this place; the one before was last heard of at `died`, or `ended` in good order. */
  restart(remembered: number | undefined, before: { died: number; ended: boolean; lag: number }): void {
    const { died, ended, lag } = before;
    const known = this.#cursor === undefined ? Infinity : Math.max(this.#cursor, this.#highest);
    if ((remembered ?? 0) > known) {
      this.#findings.add("cursor_ahead", this.#where(remembered ?? 0), `only ${known} was shown`);
    }
    const must = Math.max(this.#must, this.#shownBefore(ended ? Infinity : died - lag));
    if (this.open && (remembered ?? 0) < must) {
      this.#findings.add(
        "cursor_behind",
        this.#where(must),
        `was shown, ${remembered ?? "nothing"} is remembered`,
      );
    }
    this.#must = must;
    this.#final = Math.max(this.#final, must);
    this.#cursor = remembered;
    this.open = false;
    this.#shownAt.length = 0;
  }

  show(place: Place, t: number): void {
    const { seq } = place;
    const where = this.#where(seq);
    if (!this.open) return this.#findings.add("outsider", where, `${brief(place)}: not a member`);
    const least = Math.max(this.#cursor ?? this.#highest, this.#final);
    if (seq <= least) return this.#findings.add("shown_twice", where, brief(place));
    if (this.#cursor === undefined) {
      this.beginnings.push({ t: this.#since, after: this.#highest, first: seq });
    } else if (seq !== this.#cursor + 1) {
      this.#findings.add(
        "skipped",
        where,
        `comes after ${this.#cursor}, with nothing said of what is between`,
      );
    }
    if (seq <= this.#highest) this.reshown++;
    this.#shownAt.push({ seq, t });
    this.#pass(seq);
  }

  /** Told that these will not come. */
  gap(from: number, to: number, why: string): void {
    if (this.#cursor !== undefined && from > this.#cursor + 1) {
      this.#findings.add("skipped", this.#where(from), `a gap comes after ${this.#cursor}`);
    }
    this.gaps.push({ from, to, why });
    this.#pass(to);
  }

  /** Nothing more comes: the view holds all that it should. */
  judge(ledger: Ledger, attempted: (place: Place) => number | undefined): void {
    for (const { from, to, why } of this.gaps) this.#judgeGap(ledger, from, to, why);
    for (const { t, after, first } of this.beginnings) {
      this.#judgeSince(ledger, attempted, { t, after, until: first - 1 });
    }
    if (!this.open) return;
    const head = ledger.head(this.#conversation);
    if (this.#cursor === undefined) {
      this.#judgeSince(ledger, attempted, { t: this.#since, after: this.#highest, until: head });
    } else if (this.#cursor < head) {
      const detail = `is quiet at ${this.#cursor}: the rest was not shown`;
      this.#findings.add("missing", this.#where(head), detail);
    }
  }

  /** What cannot be had any more is not there. */
  #judgeGap(ledger: Ledger, from: number, to: number, why: string): void {
    for (let seq = Math.max(from, ledger.floor(this.#conversation)); seq <= to; seq++) {
      if (!ledger.stored(this.#conversation, seq)) continue;
      return this.#findings.add("false_gap", this.#where(seq), `was called ${why}, but is kept`);
    }
  }

  #judgeSince(
    ledger: Ledger,
    attempted: (place: Place) => number | undefined,
    { t, after, until }: { readonly t: number; readonly after: number; readonly until: number },
  ): void {
    for (let seq = Math.max(after + 1, ledger.floor(this.#conversation)); seq <= until; seq++) {
      const place = ledger.stored(this.#conversation, seq);
      if (!place || (attempted(place) ?? 0) <= t) continue;
      return this.#findings.add("missing", this.#where(seq), `${brief(place)} was said after it came`);
    }
  }

  #pass(seq: number): void {
    this.#cursor = Math.max(seq, this.#cursor ?? 0);
    this.#highest = Math.max(seq, this.#highest);
  }

  /** The last seq that this process showed before a time. */
  #shownBefore(t: number): number {
    return this.#shownAt.findLast((shown) => shown.t < t)?.seq ?? 0;
  }

  #where(seq: number): string {
    return `${this.#client}, ${this.#conversation} ${seq}`;
  }
}
