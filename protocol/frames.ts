import { ProtocolError } from "./errors.ts";
import { HEADER_BYTES, MAX_BINARY_BYTES, MAX_HELLO_BYTES, MAX_JSON_BYTES } from "./limits.ts";

/** The bit of a header's first byte that says binary. */
const BINARY = 0x80;
const NOTHING = new Uint8Array(0);

/** One frame's payload, without its header. */
export interface Frame {
  readonly kind: "json" | "binary";
  readonly payload: Uint8Array;
}

/** Writes the header of a JSON frame of `size` payload bytes at the start of `into`. */
export function putHeader(into: Uint8Array, size: number): void {
  into[0] = size >>> 24;
  into[1] = size >>> 16;
  into[2] = size >>> 8;
  into[3] = size;
}

/** Prefixes a JSON payload with its header. */
export function frame(payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(HEADER_BYTES + payload.length);
  putHeader(out, payload.length);
  out.set(payload, HEADER_BYTES);
  return out;
}

/**
 * Cuts a byte stream back into frames, however the network sliced it. A length is judged from its header alone, before a
 * byte of the payload is kept; throws a fatal {@linkcode ProtocolError} `frame_zero` or `frame_size`.
 */
export class FrameReader {
  readonly #header = new Uint8Array(HEADER_BYTES);
  #headerHas = 0;
  #body: Uint8Array | undefined;
  #bodyHas = 0;
  #kind: Frame["kind"] = "json";
  /** For binary frames that come in several chunks; made when the first one does. */
  #binary: Uint8Array | undefined;
  #chunk: Uint8Array = NOTHING;
  #restAt = 0;
  #welcomed: boolean;

  constructor({ welcomed = false } = {}) {
    this.#welcomed = welcomed;
  }

  /** Part of a frame has come and the rest is awaited. */
  get partial(): boolean {
    return this.#headerHas > 0;
  }

  /** From here on the limits after `welcome` hold. */
  welcome(): void {
    this.#welcomed = true;
  }

  /**
   * Yields each frame that `chunk` completes. A payload is good until the next step: it may be a view of `chunk`, or be
   * written over.
   * When the consumer stops early, {@linkcode rest} has what was not looked at.
   */
  *push(chunk: Uint8Array): Generator<Frame> {
    this.#chunk = chunk;
    for (let at = 0; at < chunk.length;) {
      if (this.#body === undefined) {
        while (this.#headerHas < HEADER_BYTES && at < chunk.length) {
          this.#header[this.#headerHas++] = chunk[at++]!;
        }
        if (this.#headerHas < HEADER_BYTES) return;
        const size = this.#judge();
        if (chunk.length - at >= size) {
          const payload = chunk.subarray(at, at += size);
          this.#headerHas = 0;
          this.#restAt = at;
          yield { kind: this.#kind, payload };
          continue;
        }
        this.#body = this.#kind === "json"
          ? new Uint8Array(size)
          : (this.#binary ??= new Uint8Array(MAX_BINARY_BYTES)).subarray(0, size);
        this.#bodyHas = 0;
      }
      const taken = chunk.subarray(at, at + this.#body.length - this.#bodyHas);
      this.#body.set(taken, this.#bodyHas);
      this.#bodyHas += taken.length;
      at += taken.length;
      if (this.#bodyHas < this.#body.length) return;
      const payload = this.#body;
      this.#body = undefined;
      this.#headerHas = 0;
      this.#restAt = at;
      yield { kind: this.#kind, payload };
    }
  }

  /** What the chunk held after the frame yielded last. */
  get rest(): Uint8Array {
    return this.#chunk.subarray(this.#restAt);
  }

  /** The payload's length; throws before anything of it is kept. */
  #judge(): number {
    const header = this.#header;
    const first = header[0]!;
    this.#kind = first & BINARY ? "binary" : "json";
    const size = (first & ~BINARY) << 24 | header[1]! << 16 | header[2]! << 8 | header[3]!;
    if (size === 0) throw new ProtocolError("frame_zero", "A frame of 0 bytes", { fatal: true });
    const afterwards = this.#kind === "binary" ? MAX_BINARY_BYTES : MAX_JSON_BYTES;
    const limit = this.#welcomed ? afterwards : MAX_HELLO_BYTES;
    if (size > limit) {
      const message = `A frame of ${size} bytes: the limit is ${limit}` +
        (this.#welcomed ? "" : " before welcome");
      throw new ProtocolError("frame_size", message, { fatal: true });
    }
    return size;
  }
}
