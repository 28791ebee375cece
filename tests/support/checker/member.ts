import type { Findings } from "./findings.ts";
import { type Line, type LineOf, membersOf, pairOf, type Place } from "./history.ts";
import type { Ledger } from "./ledger.ts";
import { View } from "./view.ts";

/** One client over all its lives: where it was, and what it was shown there. */
export class Member {
  readonly #client: string;
  readonly #findings: Findings;
  readonly #lagUs: number;
  readonly #views = new Map<string, View>();
  #log: string | undefined;
  #heard = 0;
  #ended = false;
  #quiet = false;
  name = "";
  lives = 0;

  constructor(client: string, findings: Findings, { lagUs }: { readonly lagUs: number }) {
    this.#client = client;
    this.#findings = findings;
    this.#lagUs = lagUs;
  }

  get views(): Iterable<View> {
    return this.#views.values();
  }

  /** A line of this client's. */
  heard({ t, kind }: Line): void {
    this.#heard = t;
    this.#quiet = kind === "quiet" || (this.#quiet && kind !== "attempt" && kind !== "start");
    if (kind !== "start") this.#ended = kind === "end";
  }

  start({ name, cursors }: LineOf<"start">): void {
    const before = { died: this.#heard, ended: this.#ended, lag: this.#lagUs };
    this.name = name;
    this.#ended = false;
    this.lives++;
    for (const conversation of Object.keys(cursors)) this.#view(conversation);
    for (const [conversation, view] of this.#views) {
      view.restart(cursors[conversation], before);
      if (this.#isOwn(conversation)) view.begin({ base: 0 });
    }
  }

  online({ log, rooms }: LineOf<"online">): void {
    if (this.#log !== undefined && this.#log !== log) {
      this.#findings.add("new_log", this.#client, `first ${this.#log}, now ${log}`);
    }
    this.#log = log;
    for (const [room, seq] of Object.entries(rooms)) this.#view(room).begin({ base: seq });
  }

  joined({ conversation, t }: LineOf<"joined">): void {
    this.#view(conversation).begin({ t });
  }

  left({ conversation }: LineOf<"left">): void {
    this.#view(conversation).leave();
  }

  show(place: LineOf<"show">): void {
    this.#view(place.conversation).show(place, place.t);
  }

  gap({ conversation, from, to, why }: LineOf<"gap">): void {
    this.#view(conversation).gap(from, to, why);
  }

  /** At the end: everything that concerns this client has been shown to it. */
  judge(ledger: Ledger, attempted: (place: Place) => number | undefined): void {
    if (!this.#quiet) {
      return this.#findings.add("not_quiet", this.#client, "something is still on its way to or from it");
    }
    for (const pair of ledger.conversations) if (this.#isOwn(pair)) this.#view(pair);
    for (const view of this.views) view.judge(ledger, attempted);
  }

  /** The view of a conversation; a pair that this client belongs to is always open to it. */
  #view(conversation: string): View {
    const known = this.#views.get(conversation);
    if (known) return known;
    const view = new View(this.#client, conversation, this.#findings);
    if (this.#isOwn(conversation)) view.begin({ base: 0 });
    this.#views.set(conversation, view);
    return view;
  }

  #isOwn(conversation: string): boolean {
    const members = membersOf(conversation);
    return members?.includes(this.name) === true && pairOf(members[0]!, members.at(-1)!) === conversation;
  }
}
