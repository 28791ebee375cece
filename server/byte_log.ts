import { HEADER_BYTES } from "../protocol/limits.ts";
import { putHeader } from "../protocol/frames.ts";

const SMALLEST = 4 * 1024;
const LARGEST = 256 * 1024;

/** A run of encoded frames; the next one follows where this is full. */
interface Segment {
  readonly bytes: Uint8Array<ArrayBuffer>;
  used: number;
  next: Segment | undefined;
}

/**
 * What the members of a conversation are to be sent, encoded once: a growing line of bytes on which everybody holds a
 * {@linkcode Cursor}. The log itself keeps only its last segment; older ones live as long as a cursor stands on them.
 */
export class ByteLog {
  #last = segment(0);
  #end = 0;

  /** Bytes appended so far. */
  get end(): number {
    return this.#end;
  }

  /** Encodes `json` as one frame at the end of the log. */
  append(json: string): void {
    const most = HEADER_BYTES + json.length * 3;
    if (this.#last.bytes.length - this.#last.used < most) this.#grow(most);
    const { bytes, used } = this.#last;
    const { written } = encoder.encodeInto(json, bytes.subarray(used + HEADER_BYTES));
    putHeader(bytes.subarray(used), written);
    this.#last.used = used + HEADER_BYTES + written;
    this.#end += HEADER_BYTES + written;
  }

  /** A place at the end of the log: what is appended from now on. */
  tail(): Cursor {
    return new Cursor(this, this.#last);
  }

  #grow(atLeast: number): void {
    const size = Math.max(atLeast, Math.min(LARGEST, Math.max(SMALLEST, 2 * this.#last.bytes.length)));
    this.#last = this.#last.next = segment(size);
  }
}

/** One member's place on a {@linkcode ByteLog}. */
export class Cursor {
  readonly log: ByteLog;
  #segment: Segment;
  #used: number;
  #at: number;

  constructor(log: ByteLog, at: Segment) {
    this.log = log;
    this.#segment = at;
    this.#used = at.used;
    this.#at = log.end;
  }

  /** Bytes of the log that this cursor has passed. */
  get at(): number {
    return this.#at;
  }

  /** How many bytes are still to be read. */
  get behind(): number {
    return this.log.end - this.#at;
  }

  /** Moves on over what one segment holds and returns it as a view; call again while {@linkcode behind}. */
  take(): Uint8Array<ArrayBuffer> {
    while (this.#used === this.#segment.used && this.#segment.next) {
      this.#segment = this.#segment.next;
      this.#used = 0;
    }
    const view = this.#segment.bytes.subarray(this.#used, this.#segment.used);
    this.#used = this.#segment.used;
    this.#at += view.length;
    return view;
  }
}

const encoder = new TextEncoder();

function segment(size: number): Segment {
  return { bytes: new Uint8Array(size), used: 0, next: undefined };
}
