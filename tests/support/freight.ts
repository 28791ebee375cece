import { decodeEvent } from "../../protocol/codec.ts";
import { FrameReader } from "../../protocol/frames.ts";
import type { Event } from "../../protocol/schema.ts";
import { type Line, openLine } from "./line.ts";
import { concat, framed } from "./wire.ts";

/** One thing that came: a word, or what was on a channel. */
export type Came = Event | { readonly type: "chunk"; readonly channel: number; readonly bytes: Uint8Array };

/** A connection that carries a file, byte by byte as a test wants it. */
export class Freight implements Disposable {
  readonly #line: Line;
  readonly #frames = new FrameReader({ welcomed: true });
  readonly #came: Came[] = [];

  private constructor(line: Line) {
    this.#line = line;
  }

  /** Shows a ticket, with `more` behind it in the same write. */
  static async open(port: number, ticket: string, more = new Uint8Array(0)): Promise<Freight> {
    const freight = new Freight(await openLine(port));
    await freight.write(concat(framed({ type: "transfer", ticket }), more));
    return freight;
  }

  async write(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    await this.#line.write(bytes);
  }

  /** The next thing that comes; nothing when the server has closed. */
  async next(): Promise<Came | undefined> {
    while (this.#came.length === 0) {
      const bytes = await this.#line.read();
      if (bytes === undefined) return undefined;
      for (const { kind, payload } of this.#frames.push(bytes.slice())) {
        if (kind === "json") this.#came.push(decodeEvent(payload));
        else {
          const channel = new DataView(payload.buffer, payload.byteOffset).getUint32(0);
          this.#came.push({ type: "chunk", channel, bytes: payload.slice(4) });
        }
      }
    }
    return this.#came.shift();
  }

  /** All that comes until the server closes. */
  async rest(): Promise<Came[]> {
    const all: Came[] = [];
    for (let came; (came = await this.next()) !== undefined;) all.push(came);
    return all;
  }

  [Symbol.dispose](): void {
    this.#line.close();
  }
}

/** A binary frame. */
export function chunk(bytes: Uint8Array, channel = 1): Uint8Array<ArrayBuffer> {
  const head = new Uint8Array(8);
  const view = new DataView(head.buffer);
  view.setUint32(0, 0x80000000 + 4 + bytes.length);
  view.setUint32(4, channel);
  return concat(head, bytes);
}

/** A file in frames, from a byte on. */
export function chunks(bytes: Uint8Array, from = 0): Uint8Array<ArrayBuffer> {
  const all: Uint8Array[] = [];
  for (let at = from; at < bytes.length; at += 65_536) all.push(chunk(bytes.subarray(at, at + 65_536)));
  return concat(...all);
}
