import type { Findings } from "./findings.ts";
import type { Content, Dump, Place } from "./history.ts";

/** What is at each place of each conversation: as it is stored, and as it was shown to anybody. */
export class Ledger {
  readonly #findings: Findings;
  readonly #extents: Dump["extents"];
  readonly #stored = new Map<string, Map<number, Place>>();
  /** Places that somebody was shown and the store does not have (any more). */
  readonly #shown = new Map<string, Map<number, Place>>();
  /** Where each send is stored. */
  readonly #bySend = new Map<string, Place>();

  constructor({ entries, extents, integrity }: Dump, findings: Findings) {
    this.#findings = findings;
    this.#extents = extents;
    if (integrity !== "ok") findings.add("integrity", "store", integrity);
    for (const place of entries) this.#store(place);
    for (const [conversation, { floor, head }] of Object.entries(extents)) {
      this.#checkDense(conversation, floor, head);
    }
  }

  floor(conversation: string): number {
    return this.#extents[conversation]?.floor ?? 1;
  }

  head(conversation: string): number {
    return this.#extents[conversation]?.head ?? 0;
  }

  get conversations(): readonly string[] {
    return Object.keys(this.#extents);
  }

  stored(conversation: string, seq: number): Place | undefined {
    return this.#stored.get(conversation)?.get(seq);
  }

  ofSend(from: string, id: string): Place | undefined {
    return this.#bySend.get(sendKey(from, id));
  }

  /** All places that are stored or were shown, each once. */
  *places(): Generator<Place> {
    for (const places of this.#stored.values()) yield* places.values();
    for (const places of this.#shown.values()) yield* places.values();
  }

  /** Somebody was shown this. */
  show(place: Place, client: string): void {
    const { conversation, seq } = place;
    const other = this.stored(conversation, seq) ?? this.#shown.get(conversation)?.get(seq);
    const where = `${conversation} ${seq}`;
    if (other && !same(place, other)) {
      this.#findings.add("disagree", where, `${client} was shown ${brief(place)}, another ${brief(other)}`);
    }
    if (this.stored(conversation, seq)) return;
    if (!other) {
      const places = this.#shown.get(conversation) ?? new Map<number, Place>();
      this.#shown.set(conversation, places.set(seq, place));
    }
    if (seq >= this.floor(conversation)) {
      this.#findings.add("phantom", where, `${client} was shown ${brief(place)}, which is not stored`);
    }
  }

  #store(place: Place): void {
    const { conversation, seq, from, id } = place;
    const places = this.#stored.get(conversation) ?? new Map<number, Place>();
    if (places.has(seq)) {
      this.#findings.add("stored_twice", `${conversation} ${seq}`, "two entries are there");
    }
    this.#stored.set(conversation, places.set(seq, place));
    const key = sendKey(from, id);
    const first = this.#bySend.get(key);
    if (!first) this.#bySend.set(key, place);
    else {
      const where = `${first.conversation} ${first.seq} and ${conversation} ${seq}`;
      this.#findings.add("stored_twice", where, brief(place));
    }
  }

  #checkDense(conversation: string, floor: number, head: number): void {
    let last = 0;
    for (let seq = floor; seq <= head; seq++) {
      const place = this.stored(conversation, seq);
      if (!place) this.#findings.add("hole", `${conversation} ${seq}`, `nothing is there, up to ${head}`);
      else if (place.at < last) {
        this.#findings.add("time_back", `${conversation} ${seq}`, `${place.at} comes after ${last}`);
      }
      last = Math.max(last, place?.at ?? 0);
    }
    for (const seq of this.#stored.get(conversation)?.keys() ?? []) {
      if (seq >= floor && seq <= head) continue;
      this.#findings.add("hole", `${conversation} ${seq}`, `is stored outside of ${floor} to ${head}`);
    }
  }
}

/** One send, whoever speaks of it. */
export function sendKey(from: string, id: string): string {
  return `${from} ${id}`;
}

/** An entry in a few words, without its text. */
export function brief({ from, id, hash }: Content): string {
  return `${from}'s ${id} (${hash})`;
}

/** Whether two people hold the same entry. */
export function same(one: Content, other: Content): boolean {
  return one.from === other.from && one.id === other.id && one.hash === other.hash && one.at === other.at;
}
