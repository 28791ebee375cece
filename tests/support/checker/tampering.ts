import type { Dump, History, Line, LineOf, Place } from "./history.ts";

type Kind = Line["kind"];

/** A copy of a history, to be falsified; every choice is one of the generator's. */
export class Tampering {
  lines: Line[];
  entries: Place[];
  extents: Record<string, { floor: number; head: number }>;
  integrity: string;
  readonly #random: () => number;

  constructor({ lines, dump }: History, random: () => number) {
    this.lines = [...lines];
    this.entries = [...dump.entries];
    this.extents = Object.fromEntries(
      Object.entries(dump.extents).map(([key, value]) => [key, { ...value }]),
    );
    this.integrity = dump.integrity;
    this.#random = random;
  }

  get history(): History {
    const dump: Dump = { entries: this.entries, extents: this.extents, integrity: this.integrity };
    return { lines: this.lines, dump };
  }

  /** One of these; throws {@linkcode Inapplicable} where there is none. */
  pick<T>(from: readonly T[]): T {
    if (from.length === 0) throw new Inapplicable();
    return from[Math.floor(this.#random() * from.length)]!;
  }

  all<K extends Kind>(kind: K, when: (line: LineOf<K>) => boolean = () => true): LineOf<K>[] {
    return this.lines.filter((line): line is Line & LineOf<K> =>
      line.kind === kind && when(line as Line & LineOf<K>)
    );
  }

  /** What the same client wrote after a line, and before it. */
  after(line: Line): Line[] {
    return this.lines.slice(this.lines.indexOf(line) + 1).filter((each) => each.client === line.client);
  }

  before(line: Line): Line[] {
    return this.lines.slice(0, this.lines.indexOf(line)).filter((each) => each.client === line.client);
  }

  remove(...gone: readonly Line[]): void {
    this.lines = this.lines.filter((line) => !gone.includes(line));
  }

  replace(old: Line, ...lines: readonly Line[]): void {
    this.lines.splice(this.lines.indexOf(old), 1, ...lines);
  }

  /** Puts a line of the same client and time behind another. */
  insert(behind: Line, line: Line): void {
    this.lines.splice(this.lines.indexOf(behind) + 1, 0, line);
  }

  /** Rewrites what stands at places, in the store and in everything that was told. */
  rewrite(change: (place: Place) => Place): void {
    this.entries = this.entries.map(change);
    this.lines = this.lines.map((line) =>
      line.kind === "ack" || line.kind === "show" ? { ...line, ...change(line) } : line
    );
  }

  /** Takes an entry out as if it had never been stored or shown: all later ones move up. */
  unstore({ conversation, seq }: Place): void {
    const here = (place: Place) => place.conversation === conversation && place.seq === seq;
    const moved = (at: number, until = seq) => at >= until ? at - 1 : at;
    this.entries = this.entries.filter((entry) => !here(entry));
    this.lines = this.lines.filter((line) => line.kind !== "show" || !here(line));
    this.extents[conversation]!.head--;
    const inRecord = (record: Readonly<Record<string, number>>) =>
      conversation in record ? { ...record, [conversation]: moved(record[conversation]!) } : record;
    this.rewrite((place) =>
      place.conversation === conversation ? { ...place, seq: moved(place.seq, seq + 1) } : place
    );
    this.lines = this.lines.map((line) => {
      if (line.kind === "start") return { ...line, cursors: inRecord(line.cursors) };
      if (line.kind === "online") return { ...line, rooms: inRecord(line.rooms) };
      if (line.kind !== "gap" || line.conversation !== conversation) return line;
      return { ...line, from: moved(line.from, seq + 1), to: moved(line.to) };
    });
  }
}

/** A history has no place for a fault of this kind. */
export class Inapplicable extends Error {
  override readonly name = "Inapplicable";
}

/** Of which send a place or line speaks. */
export function isOf(
  { from, id }: { readonly from: string; readonly id: string },
): (place: Place) => boolean {
  return (place) => place.from === from && place.id === id;
}
