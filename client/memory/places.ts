/** How far one is in the conversations of one server: what was shown, and what was read. */
export class Places {
  /** Of the server whose logs these are. */
  log: string | undefined;
  readonly cursors = new Map<string, number>();
  readonly read = new Map<string, number>();
  /** What was known of these before is void. */
  readonly forgotten = new Set<string>();

  /** Those of `base`, or none yet. */
  constructor(base?: Places) {
    this.log = base?.log;
    if (base) this.add(base);
  }

  /** The logs are those of `log`: what is known of others means nothing. */
  of(log: string | undefined): void {
    if (log === undefined || log === this.log) return;
    if (this.log !== undefined) {
      for (const known of [this.cursors, this.read, this.forgotten]) known.clear();
    }
    this.log = log;
  }

  seen(to: string, seq: number): void {
    raise(this.cursors, to, seq);
  }

  readUp(to: string, seq: number): void {
    raise(this.read, to, seq);
  }

  forget(to: string): void {
    this.cursors.delete(to);
    this.read.delete(to);
    this.forgotten.add(to);
  }

  /** Takes over what `later` adds, unless it is about other logs. */
  add(later: Places): void {
    if (later.log !== this.log) return;
    for (const to of later.forgotten) this.forget(to);
    for (const [to, seq] of later.cursors) this.seen(to, seq);
    for (const [to, seq] of later.read) this.readUp(to, seq);
  }
}

function raise(marks: Map<string, number>, to: string, seq: number): void {
  if (seq > (marks.get(to) ?? -1)) marks.set(to, seq);
}
