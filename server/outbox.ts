import type { ByteLog, Cursor } from "./byte_log.ts";
import type { Flushable, Turn } from "./turn.ts";

/** Up to this size, what waits in pieces is joined into one write. */
const JOIN_BYTES = 64 * 1024;

/** What the outbox needs of a socket and of its owner. */
export interface Sink {
  /** Resolves with how many of `bytes` were taken; rejects when the peer is gone. */
  write(bytes: Uint8Array<ArrayBuffer>): Promise<number>;
  /** The peer is gone (`broken`), or too far behind (`lagging`). Called at most once. */
  failed(why: "broken" | "lagging"): void;
}

interface Piece {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Called once the kernel has all of it. */
  readonly taken: (() => void) | undefined;
  /** Called also when that will never be. */
  readonly always?: true;
}

const NOTHING = new Uint8Array(0);

/**
 * Everything that goes out on one socket, in one order, by one writer: frames that are this member's own, and what its
 * cursors read from the logs it follows. Own frames come after what the logs held when they were pushed.
 */
export class Outbox implements Flushable {
  readonly #sink: Sink;
  readonly #turn: Turn;
  readonly #clock: () => number;
  readonly #limit: number;
  #cursors: Cursor[] = [];
  #held: Cursor[] = [];
  #pieces: Piece[] = [];
  #piecesBytes = 0;
  #flying: Uint8Array<ArrayBuffer> | undefined;
  #landing: Piece[] = [];
  #over = false;
  #lagged = false;
  #progressAt = 0;

  constructor(sink: Sink, turn: Turn, { limit, clock }: { limit: number; clock: () => number }) {
    this.#sink = sink;
    this.#turn = turn;
    this.#limit = limit;
    this.#clock = clock;
  }

  /** Bytes that the kernel has not taken yet. */
  get behind(): number {
    let bytes = this.#piecesBytes + (this.#flying?.length ?? 0);
    for (const cursor of this.#cursors) bytes += cursor.behind;
    for (const cursor of this.#held) bytes += cursor.behind;
    return bytes;
  }

  /** Nothing goes out any more. */
  get over(): boolean {
    return this.#over;
  }

  /** When the kernel last took a byte of what waits, or `undefined` when nothing waits. */
  get waitingSince(): number | undefined {
    return this.#flying ? this.#progressAt : undefined;
  }

  /** Queues one frame of this member's own; `taken` is called once the kernel has it. */
  push(frame: Uint8Array<ArrayBuffer>, taken?: () => void): void {
    if (this.#over) return;
    this.#collect();
    this.#add(frame, taken);
    this.#turn.touch(this);
  }

  /** From now on, what `log` gets goes out here too. */
  follow(log: ByteLog): void {
    if (!this.#over) this.#cursors.push(log.tail());
  }

  /** Like {@linkcode follow}, but what the log gets waits until the function returned is called. */
  followLater(log: ByteLog): () => void {
    const cursor = log.tail();
    this.#held.push(cursor);
    return () => {
      if (!this.#held.includes(cursor)) return;
      this.#held = this.#held.filter((held) => held !== cursor);
      this.#cursors.push(cursor);
      this.#turn.touch(this);
    };
  }

  /** What `log` has so far still goes out, then no more of it. */
  unfollow(log: ByteLog): void {
    this.#collect();
    this.#cursors = this.#cursors.filter((cursor) => cursor.log !== log);
    this.#held = this.#held.filter((cursor) => cursor.log !== log);
  }

  /** Writes what waits, unless a write is under way: then what waits follows it. */
  flush(): void {
    if (this.#over) return;
    if (!this.#flying) return this.#send();
    if (this.#lagged || this.behind <= this.#limit) return;
    this.#lagged = true;
    this.#sink.failed("lagging");
  }

  /** Resolves when everything queued so far is written, or never will be. */
  written(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    if (this.#over) resolve();
    else {
      this.#collect();
      this.#pieces.push({ bytes: NOTHING, taken: resolve, always: true });
      if (!this.#flying) this.#turn.touch(this);
    }
    return promise;
  }

  /** Follows no log any more; what is queued and pushed still goes out. */
  wind(): void {
    this.#collect();
    this.#cursors = [];
    this.#held = [];
  }

  /** Forgets what no write has begun with. */
  abandon(): void {
    this.#cursors = [];
    this.#held = [];
    for (const { taken, always } of this.#pieces) if (always) taken?.();
    this.#pieces = [];
    this.#piecesBytes = 0;
  }

  /** Forgets everything: the socket is closed. */
  close(): void {
    this.#over = true;
    this.abandon();
    for (const { taken, always } of this.#landing) if (always) taken?.();
  }

  #add(bytes: Uint8Array<ArrayBuffer>, taken?: () => void): void {
    this.#pieces.push({ bytes, taken });
    this.#piecesBytes += bytes.length;
  }

  /** Moves what the logs hold for us into the queue, as views. */
  #collect(): void {
    for (const cursor of this.#cursors) {
      while (cursor.behind > 0) this.#add(cursor.take());
    }
  }

  #send(): void {
    let bytes = this.#next();
    while (bytes?.length === 0) { // nothing but somebody who waits for what is written by now
      for (const { taken } of this.#landing) taken?.();
      bytes = this.#next();
    }
    this.#flying = bytes;
    if (bytes === undefined) return;
    this.#progressAt = this.#clock();
    this.#sink.write(bytes).then(this.#took, this.#broke);
  }

  /** The next bytes to write; `#landing` says whose they are. */
  #next(): Uint8Array<ArrayBuffer> | undefined {
    const only = this.#pieces.length === 0 ? this.#onlyNews() : undefined;
    if (only) {
      this.#landing = [];
      return only.take();
    }
    this.#collect();
    let count = 0;
    let size = 0;
    for (const { bytes } of this.#pieces) {
      if (count > 0 && size + bytes.length > JOIN_BYTES) break;
      size += bytes.length;
      count++;
    }
    if (count === 0) return undefined;
    this.#landing = this.#pieces.splice(0, count);
    this.#piecesBytes -= size;
    return count === 1 ? this.#landing[0]!.bytes : join(this.#landing, size);
  }

  /** The one log with news, which is the common case and can be written as it lies there. */
  #onlyNews(): Cursor | undefined {
    let only: Cursor | undefined;
    for (const cursor of this.#cursors) {
      if (cursor.behind === 0) continue;
      if (only) return undefined;
      only = cursor;
    }
    return only;
  }

  readonly #took = (count: number): void => {
    if (this.#over) return;
    if (count < this.#flying!.length) {
      this.#flying = this.#flying!.subarray(count);
      this.#progressAt = this.#clock();
      this.#sink.write(this.#flying).then(this.#took, this.#broke);
      return;
    }
    for (const { taken } of this.#landing) taken?.();
    this.#flying = undefined;
    this.#landing = [];
    if (this.behind > JOIN_BYTES) this.#send();
    else if (this.behind > 0 || this.#pieces.length > 0) this.#turn.touch(this);
  };

  readonly #broke = (): void => {
    if (this.#over) return;
    this.close();
    this.#sink.failed("broken");
  };
}

function join(pieces: readonly Piece[], size: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(size);
  let at = 0;
  for (const { bytes } of pieces) {
    out.set(bytes, at);
    at += bytes.length;
  }
  return out;
}
